/**
 * The two serializers of the protocol (supabase-facts §1.2).
 *
 * 1.0.0: text, `{topic, event, payload, ref}`.
 * 2.0.0: text, `[join_ref, ref, topic, event, payload]`, and two binary kinds for broadcasts:
 * 3 from the client, 4 to the client, both with one length byte per header field.
 */

export type Version = '1.0.0' | '2.0.0';

export type Message = {
	joinRef: string | null;
	ref: string | null;
	topic: string;
	event: string;
	payload: unknown;
};

/** A client's broadcast in binary form: the payload is passed on as it came. */
export type BinaryBroadcast = {
	joinRef: string | null;
	ref: string | null;
	topic: string;
	event: string;
	/** true when the client asked to store the message */
	persist: boolean;
	encoding: Encoding;
	body: Buffer;
};

export type Encoding = typeof BINARY | typeof JSON_TEXT;
export const BINARY = 0;
export const JSON_TEXT = 1;

const USER_BROADCAST_PUSH = 3;
const USER_BROADCAST = 4;
const MAX_FIELD = 255;

export class FrameError extends Error {}

/** @throws FrameError when the text is no message of this version */
export function decodeText(text: string, version: Version): Message {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new FrameError('not JSON');
	}
	if (version === '2.0.0') {
		if (!Array.isArray(value) || value.length !== 5) throw new FrameError('not an array of five');
		const [joinRef, ref, topic, event, payload] = value as unknown[];
		return message(joinRef, ref, topic, event, payload);
	}
	if (!value || typeof value !== 'object') throw new FrameError('not an object');
	const { join_ref, ref, topic, event, payload } = value as Record<string, unknown>;
	return message(join_ref, ref, topic, event, payload);
}

function message(
	joinRef: unknown,
	ref: unknown,
	topic: unknown,
	event: unknown,
	payload: unknown
): Message {
	if (typeof topic !== 'string' || typeof event !== 'string') {
		throw new FrameError('topic or event is not a string');
	}
	return { joinRef: reference(joinRef), ref: reference(ref), topic, event, payload };
}

const reference = (value: unknown): string | null =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : null;

/** @throws FrameError when the bytes are no user broadcast push */
export function decodeBinary(bytes: Buffer): BinaryBroadcast {
	if (bytes[0] !== USER_BROADCAST_PUSH || bytes.length < 7) {
		throw new FrameError('not a user broadcast push');
	}
	let offset = 7;
	const fields = [1, 2, 3, 4, 5].map((index) => {
		const end = offset + bytes.readUInt8(index);
		if (end > bytes.length) throw new FrameError('shorter than its header says');
		const field = bytes.toString('utf8', offset, end);
		offset = end;
		return field;
	});
	const [joinRef = '', ref = '', topic = '', event = '', meta = ''] = fields;
	const body = bytes.subarray(offset);
	const encoding = bytes[6] === BINARY ? BINARY : JSON_TEXT;
	// receivers parse the body without asking, so nobody may send them what is not JSON
	if (encoding === JSON_TEXT) parseJson(body.toString());
	const persist = meta !== '' && asksToPersist(parseJson(meta));
	return { joinRef: joinRef || null, ref: ref || null, topic, event, persist, encoding, body };
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw new FrameError('a part is not JSON');
	}
}

const asksToPersist = (meta: unknown): boolean =>
	Boolean(meta && typeof meta === 'object' && (meta as { persist?: unknown }).persist);

export function encodeText(message: Message, version: Version): string {
	const { joinRef, ref, topic, event, payload } = message;
	return version === '2.0.0'
		? JSON.stringify([joinRef, ref, topic, event, payload])
		: JSON.stringify({ topic, event, payload, ref });
}

/**
 * The binary frame of a broadcast, or null when a name is too long for its length byte.
 * @param meta JSON text, empty for none
 */
export function encodeBroadcast(
	topic: string,
	event: string,
	meta: string,
	encoding: Encoding,
	body: Uint8Array
): Buffer | null {
	const lengths = [topic, event, meta].map((field) => Buffer.byteLength(field));
	if (lengths.some((length) => length > MAX_FIELD)) return null;
	const names = topic + event + meta;
	const headerLength = 5 + Buffer.byteLength(names);
	const frame = Buffer.allocUnsafe(headerLength + body.length);
	frame.set([USER_BROADCAST, ...lengths, encoding]);
	frame.write(names, 5);
	frame.set(body, headerLength);
	return frame;
}

const TEXT_FRAME = 0x81;
const BINARY_FRAME = 0x82;

/** A whole unmasked websocket frame, ready to be written to any number of sockets. */
export function websocketFrame(content: string | Buffer): Buffer {
	const body = typeof content === 'string' ? Buffer.from(content) : content;
	const extra = body.length < 126 ? 0 : body.length < 65_536 ? 2 : 8;
	const frame = Buffer.allocUnsafe(2 + extra + body.length);
	frame[0] = typeof content === 'string' ? TEXT_FRAME : BINARY_FRAME;
	if (extra === 0) frame[1] = body.length;
	else if (extra === 2) {
		frame[1] = 126;
		frame.writeUInt16BE(body.length, 2);
	} else {
		frame[1] = 127;
		frame.writeBigUInt64BE(BigInt(body.length), 2);
	}
	frame.set(body, 2 + extra);
	return frame;
}
