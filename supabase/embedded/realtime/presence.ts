/** `presence` events: track and untrack, with their rights and limits (supabase-facts §1.6). */
import type { Channel } from './channel.ts';
import { monotonic } from './clock.ts';
import type { Message } from './frame.ts';
import { fits } from './hub.ts';

type PresencePayload = { event?: unknown; payload?: unknown } | null;

export function pushPresence(
	channel: Channel,
	message: Message,
	bytes: number
): Promise<void> | void {
	if (!channel.room || !withinRates(channel, bytes)) return;
	const allowed = channel.mayWrite('presence');
	if (typeof allowed === 'boolean') return apply(channel, message, allowed);
	return allowed.then((yes) => apply(channel, message, yes));
}

function withinRates(channel: Channel, bytes: number): boolean {
	const { hub } = channel.connection;
	const { presenceCalls, presenceWindowMs } = hub.limits;
	const calls = channel.presenceCalls;
	const at = monotonic();
	while (calls[0] !== undefined && calls[0] <= at - presenceWindowMs) calls.shift();
	calls.push(at);
	if (calls.length > presenceCalls) channel.closeWith('Client presence rate limit exceeded');
	else if (!hub.rates.presence.allow()) channel.closeWith('Too many presence messages per second');
	else if (!fits(hub, bytes)) channel.closeWith('Track message size exceeded');
	return !channel.closed;
}

function apply(channel: Channel, message: Message, allowed: boolean): void {
	const { room, connection, joinRef, topic } = channel;
	if (!room || channel.closed) return;
	const reply = (status: 'ok' | 'error', response: object) =>
		connection.reply({ joinRef, ref: message.ref, topic }, status, response);
	if (!allowed) return reply('error', {});
	const { event, payload = {} } = (message.payload ?? {}) as NonNullable<PresencePayload>;
	const verb = typeof event === 'string' ? event.toLowerCase() : '';
	if (verb === 'untrack') room.presence.untrack(channel);
	else if (verb !== 'track')
		return reply('error', { reason: 'Presence event must be track or untrack' });
	else if (!payload || typeof payload !== 'object' || Array.isArray(payload)) {
		return reply('error', { reason: 'Presence track payload must be a map' });
	} else
		room.presence.track(channel, channel.config.presence.key, payload as Record<string, unknown>);
	reply('ok', {});
}
