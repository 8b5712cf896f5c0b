/**
 * The worker of the outbox: takes due messages, hands each to the sender of its channel and settles
 * it. Two workers never get the same message; one that dies loses its claim after two minutes.
 */
import type { Line } from '../_shared/log.ts';

export type Notification = {
	id: number;
	channel: string;
	recipient: Record<string, unknown>;
	template: string;
	payload: Record<string, unknown>;
	attempts: number;
};

/** `problem` null: sent. Permanent problems are not tried again. */
export type Settlement = { problem: string | null; permanent: boolean };
export type Sender = (notification: Notification) => Promise<Settlement>;

export type Surroundings = {
	/** who may call: the service role's keys */
	keys: readonly string[];
	call(name: string, parameters?: object): Promise<unknown>;
	log(line: Line): void;
	senders: Readonly<Record<string, Sender>>;
};

const BATCH = 50;

export function createHandler(surroundings: Surroundings): (request: Request) => Promise<Response> {
	return async (request) => {
		const began = performance.now();
		if (!isOurs(request.headers, surroundings.keys)) return answer(403, { message: 'not_allowed' });
		const result = await work(surroundings).catch(() => null);
		if (result === null) return answer(503, { message: 'unavailable' });
		const ms = Math.round(performance.now() - began);
		if (result.claimed > 0) surroundings.log({ event: 'notify', status: 200, ms, ...result });
		return answer(200, result);
	};
}

async function work({ call, senders }: Surroundings) {
	const claimed = (await call('claim_notifications', { how_many: BATCH })) as Notification[];
	const settled = await Promise.all(
		claimed.map(async (notification) => {
			const { id: notification_id, attempts: attempt, channel } = notification;
			const send = senders[channel];
			const { problem, permanent } = send
				? await send(notification).catch(failed)
				: { problem: `no_sender_for_${channel}`, permanent: false };
			await call('settle_notification', { notification_id, attempt, problem, permanent });
			return problem === null;
		})
	);
	const sent = settled.filter(Boolean).length;
	return { claimed: claimed.length, sent, failed: claimed.length - sent };
}

const failed = (error: unknown): Settlement => ({
	problem: (error as Error).message.slice(0, 200),
	permanent: false
});

/** The gateway lets any valid key in; the outbox is the service role's alone. */
function isOurs(headers: Headers, keys: readonly string[]): boolean {
	const bearer = headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
	return keys.includes(headers.get('apikey') ?? '') || keys.includes(bearer);
}

const answer = (status: number, body: object) => Response.json(body, { status });
