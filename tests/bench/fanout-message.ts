/** The messages of suite `fanout`: the same bytes to both servers, with the moment at their end. */

/** Where a socket connects to, and the frame by which it joins, if it has to. */
export type Place = { url: string; join?: string };

const STAMP = 20;
/** about what a moved card weighs */
const FILL = 'x'.repeat(200);

export function body(at: number): Buffer {
	return Buffer.from(`{"fill":"${FILL}","at":"${at.toFixed(6).padStart(STAMP, '0')}"}`);
}

/** The moment in a message's last bytes, or 0 when it is another message. */
export function readStamp(data: Buffer): number {
	return Number(data.toString('latin1', data.length - STAMP - 2, data.length - 2)) || 0;
}

/** A broadcast as realtime-js 2.x pushes it: kind 3, JSON. */
export function push(topic: string, payload: Buffer): Buffer {
	const fields = ['1', '2', topic, 'moved', ''].map((field) => Buffer.from(field));
	const header = Buffer.from([3, ...fields.map((field) => field.length), 1]);
	return Buffer.concat([header, ...fields, payload]);
}
