/** Push messages of the outbox: to every browser of the person that still listens. */
import type { Backend } from '../_shared/rpc.ts';
import {
	sendPush,
	type PushOutcome,
	type PushTarget,
	type VapidKeys
} from '../_shared/web-push.ts';
import type { Notification, Sender } from './handler.ts';

type Target = PushTarget & { id: number; badge: number };
type Call = (name: string, parameters?: object) => Promise<unknown>;

/** An assignment nobody saw for so long is found on the page anyway. */
const TTL_SECONDS = 6 * 3600;

/** Null when this installation has no keys: then nothing is sent. */
export function vapidOf(environment: { get(name: string): string | undefined }): VapidKeys | null {
	const publicKey = environment.get('VAPID_PUBLIC_KEY');
	const privateKey = environment.get('VAPID_PRIVATE_KEY');
	if (!publicKey || !privateKey) return null;
	const subject = environment.get('VAPID_SUBJECT') ?? 'mailto:verstak@localhost.localdomain';
	return { publicKey, privateKey, subject };
}

export function pushSender(backend: Backend, call: Call, keys: VapidKeys): Sender {
	return async (notification) => {
		const person = notification.recipient.user_id;
		if (typeof person !== 'string') return { problem: 'no_recipient', permanent: true };
		const targets = (await call('push_targets', { person })) as Target[];
		const topic = topicOf(notification);
		const tries = await Promise.all(
			targets.map(async (target) => {
				const message = messageFor(notification, target.badge);
				const { outcome, problem } = await sendPush(target, message, keys, {
					ttl: TTL_SECONDS,
					...(topic ? { topic } : {})
				});
				if (outcome === 'gone') await forget(backend, target.id);
				return { outcome, problem };
			})
		);
		return settle(tries);
	};
}

/** The service worker makes words of it, in the language of that device. */
const messageFor = ({ template, payload }: Notification, badge: number) =>
	JSON.stringify({ template, ...payload, badge });

const topicOf = ({ template, payload }: Notification) =>
	typeof payload.order_id === 'number' ? `${template}-${payload.order_id}`.slice(0, 32) : null;

/** One browser that took it is enough: a second try would ring twice there. */
function settle(tries: readonly { outcome: PushOutcome; problem: string }[]) {
	if (tries.some(({ outcome }) => outcome === 'sent')) return { problem: null, permanent: false };
	const later = tries.find(({ outcome }) => outcome === 'later');
	const problem = later?.problem ?? tries[0]?.problem ?? 'no_browser';
	return { problem, permanent: later === undefined };
}

async function forget({ url, key }: Backend, id: number): Promise<void> {
	const response = await fetch(`${url}/rest/v1/push_subscriptions?id=eq.${id}`, {
		method: 'DELETE',
		headers: { apikey: key, ...(key.startsWith('eyJ') ? { authorization: `Bearer ${key}` } : {}) }
	});
	await response.body?.cancel();
}
