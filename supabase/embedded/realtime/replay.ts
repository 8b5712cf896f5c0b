/** Messages of a private topic that a joining client missed and asked for (supabase-facts §1.5). */
import type { StoredMessage } from './access.ts';
import type { Channel } from './channel.ts';
import { BINARY, JSON_TEXT } from './frame.ts';
import { binaryBroadcast, type Outgoing } from './outgoing.ts';

/** Oldest first, marked as replayed; nothing when none were asked for or may be read. */
export async function replay(channel: Channel): Promise<Outgoing[]> {
	const wanted = channel.config.broadcast.replay;
	if (!wanted || !channel.rights.broadcast) return [];
	const { access } = channel.connection.hub;
	const messages = await access.replay(channel.subTopic, wanted.since, wanted.limit);
	return messages.map((message) => encode(channel.topic, message));
}

function encode(topic: string, { id, event, payload, bytes }: StoredMessage): Outgoing {
	const encoding = bytes ? BINARY : JSON_TEXT;
	const body = bytes ?? Buffer.from(payload ?? 'null');
	return binaryBroadcast({ topic, event, encoding, body, id, replayed: true });
}
