/** Rows of realtime.messages, as they arrive from the WAL, on their way to the room's sockets. */
import { BINARY, JSON_TEXT } from './frame.ts';
import { fits, type Hub } from './hub.ts';
import { binaryBroadcast } from './outgoing.ts';
import type { Row } from './replication/pgoutput.ts';
import { roomName } from './room.ts';

const TRUE = 't';

/** @param row columns as Postgres's text output: jsonb is JSON text, bytea is `\x` and hex digits */
export function broadcastRow(hub: Hub, row: Row): void {
	const topic = row.topic?.toString();
	const event = row.event?.toString();
	if (!topic || !event || row.extension?.toString() !== 'broadcast') return;
	const name = roomName(topic, row.private?.toString() === TRUE);
	const room = hub.rooms.find(name);
	const bytes = row.binary_payload;
	const body = bytes ? Buffer.from(bytes.toString('latin1', 2), 'hex') : row.payload;
	if (!body || (!room && !hub.backlog.open)) return;
	hub.counters.fromDatabase++;
	if (!fits(hub, body.length)) {
		hub.counters.oversize++;
		return hub.log('error', 'message from the database exceeds the limit and is dropped', {
			topic,
			event,
			bytes: body.length
		});
	}
	const encoding = bytes ? BINARY : JSON_TEXT;
	const id = row.id?.toString() ?? '';
	const message = binaryBroadcast({ topic: `realtime:${topic}`, event, encoding, body, id });
	if (hub.backlog.open) hub.backlog.keep(name, message, body.length);
	if (!room) return;
	const delivered = room.send(message, 'broadcast');
	hub.counters.delivered += delivered;
	hub.rates.events.allow(1 + delivered);
}
