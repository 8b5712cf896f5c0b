/**
 * Broadcasts pushed by clients (supabase-facts §1.5). Without `ack` every failure is silent, and a
 * missing right to write is silent even with it, as on hosted.
 */
import type { Channel } from './channel.ts';
import type { BinaryBroadcast, Message } from './frame.ts';
import { fits } from './hub.ts';
import { binaryBroadcast, textMessage, type Outgoing } from './outgoing.ts';

/** The answer to `persist`, which realtime-js hands to its caller. */
export const NOT_STORED = 'This server does not store client broadcasts';

type Push = Pick<Message, 'ref'> & { bytes: number };

export function pushBinaryBroadcast(
	channel: Channel,
	message: BinaryBroadcast
): Promise<void> | void {
	const { topic, event, encoding, body, ref } = message;
	if (message.persist) {
		return channel.connection.reply({ joinRef: channel.joinRef, ref, topic }, 'error', {
			error: NOT_STORED
		});
	}
	const outgoing = binaryBroadcast({ topic, event, encoding, body });
	return push(channel, { ref, bytes: body.length }, outgoing);
}

export function pushBroadcast(
	channel: Channel,
	message: Message,
	bytes: number
): Promise<void> | void {
	const outgoing = textMessage(channel.topic, 'broadcast', message.payload);
	return push(channel, { ref: message.ref, bytes }, outgoing);
}

/** Runs without a pause when the right is known, so that messages keep their order. */
function push(channel: Channel, from: Push, outgoing: Outgoing): Promise<void> | void {
	if (!channel.room || !withinRates(channel)) return;
	if (!fits(channel.connection.hub, from.bytes)) {
		channel.connection.hub.counters.oversize++;
		return acknowledge(channel, from, 'error');
	}
	const allowed = channel.mayWrite('broadcast');
	if (typeof allowed === 'boolean') return allowed ? send(channel, from, outgoing) : undefined;
	return allowed.then((yes) => {
		if (yes) send(channel, from, outgoing);
	});
}

function withinRates(channel: Channel): boolean {
	const { hub, rate } = channel.connection;
	const deliveries = channel.room?.members.size ?? 0;
	if (rate.allow() && hub.rates.events.allow(1 + deliveries)) return true;
	channel.closeWith('Too many messages per second');
	return false;
}

function send(channel: Channel, from: Push, outgoing: Outgoing): void {
	const { hub } = channel.connection;
	const sender = channel.config.broadcast.self ? undefined : channel;
	hub.counters.fromClients++;
	hub.counters.delivered += channel.room?.send(outgoing, 'broadcast', sender) ?? 0;
	acknowledge(channel, from, 'ok');
}

function acknowledge(channel: Channel, { ref }: Push, status: 'ok' | 'error'): void {
	if (!channel.config.broadcast.ack) return;
	const { connection, joinRef, topic } = channel;
	const response = status === 'ok' ? {} : { reason: 'payload_size_exceeded' };
	connection.reply({ joinRef, ref, topic }, status, response);
}
