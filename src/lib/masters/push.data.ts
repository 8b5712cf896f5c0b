/**
 * Web push of this device: a subscription belongs to the browser and, in our table, to the person
 * who turned it on (W3C Push API; RFC 8292 for the key).
 */
import type { Client } from '$lib/supabase/types.ts';

export const pushSupported = (): boolean =>
	'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** Whether this browser is subscribed for this very person: phones are shared. */
export async function subscribed(client: Client, person: string): Promise<boolean> {
	const subscription = await current();
	if (!subscription) return false;
	const { data } = await client
		.from('push_subscriptions')
		.select('id')
		.eq('endpoint', subscription.endpoint)
		.eq('user_id', person)
		.maybeSingle();
	return data !== null;
}

/** @throws when the person or the browser says no */
export async function subscribe(client: Client, key: string): Promise<void> {
	if ((await Notification.requestPermission()) !== 'granted') throw new Error('not permitted');
	const registration = await navigator.serviceWorker.ready;
	const before = await registration.pushManager.getSubscription();
	const subscription =
		before ??
		(await registration.pushManager.subscribe({
			userVisibleOnly: true,
			applicationServerKey: key
		}));
	const { endpoint = '', keys = {} } = subscription.toJSON();
	await client
		.rpc('subscribe_to_push', {
			endpoint,
			p256dh: keys.p256dh ?? '',
			auth_key: keys.auth ?? '',
			user_agent: navigator.userAgent
		})
		.throwOnError();
}

/** Forgets this browser, here and in the table. */
export async function unsubscribe(client: Client): Promise<void> {
	const subscription = await current();
	if (!subscription) return;
	await client
		.from('push_subscriptions')
		.delete()
		.eq('endpoint', subscription.endpoint)
		.throwOnError();
	await subscription.unsubscribe();
}

async function current(): Promise<PushSubscription | null> {
	const registration = await navigator.serviceWorker.getRegistration();
	return (await registration?.pushManager.getSubscription()) ?? null;
}
