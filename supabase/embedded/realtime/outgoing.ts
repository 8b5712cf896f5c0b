/** Messages on their way to many sockets: encoded once per serializer, as finished websocket frames. */
import {
	BINARY,
	encodeBroadcast,
	encodeText,
	websocketFrame,
	type Encoding,
	type Version
} from './frame.ts';

export class Outgoing {
	readonly #encode: (version: Version) => string | Buffer | null;
	/** id of the row in realtime.messages, when it came from there */
	readonly id: string | undefined;
	#frames: Partial<Record<Version, Buffer | null>> = {};

	/** @param encode called at most once per version; null where the version cannot carry it */
	constructor(encode: (version: Version) => string | Buffer | null, id?: string) {
		this.#encode = encode;
		this.id = id;
	}

	frame(version: Version): Buffer | null {
		const known = this.#frames[version];
		if (known !== undefined) return known;
		const content = this.#encode(version);
		return (this.#frames[version] = content === null ? null : websocketFrame(content));
	}
}

/** An event for everybody in a room, as text in both versions. */
export function textMessage(topic: string, event: string, payload: unknown): Outgoing {
	return new Outgoing((version) =>
		encodeText({ joinRef: null, ref: null, topic, event, payload }, version)
	);
}

/** An event for several sockets from a payload already at hand as JSON text. */
export function textData(topic: string, event: string, payload: string): Outgoing {
	return new Outgoing((version) => eventText(version, topic, event, payload));
}

function eventText(version: Version, topic: string, event: string, payload: string): string {
	const [name, kind] = [JSON.stringify(topic), JSON.stringify(event)];
	return version === '2.0.0'
		? `[null,null,${name},${kind},${payload}]`
		: `{"topic":${name},"event":${kind},"payload":${payload},"ref":null}`;
}

export type BroadcastContent = {
	/** full topic, `realtime:…` */
	topic: string;
	event: string;
	encoding: Encoding;
	body: Buffer;
	/** id of the row in realtime.messages, when it came from there */
	id?: string;
	replayed?: boolean;
};

/**
 * A broadcast whose body is JSON text or bytes that are passed on unread: binary to 2.0.0, text to
 * 1.0.0, which cannot carry bytes and does not get those.
 */
export function binaryBroadcast(content: BroadcastContent): Outgoing {
	const { topic, event, encoding, body } = content;
	const meta = metaText(content);
	return new Outgoing((version) => {
		if (version === '2.0.0') {
			const frame = encodeBroadcast(topic, event, meta, encoding, body);
			if (frame) return frame;
		}
		if (encoding === BINARY) return null;
		return eventText(version, topic, 'broadcast', wrap(event, body.toString(), meta));
	}, content.id);
}

/** A broadcast from a JSON body already at hand as text, always sent as text (HTTP batches). */
export function textBroadcast(topic: string, event: string, body: string): Outgoing {
	return textData(topic, 'broadcast', wrap(event, body, ''));
}

function metaText({ id, replayed }: BroadcastContent): string {
	if (id === undefined) return '';
	return JSON.stringify(replayed ? { id, replayed } : { id });
}

/** The payload of a text frame around body and meta, which are JSON text and are not parsed. */
function wrap(event: string, body: string, meta: string): string {
	const rest = meta ? `,"meta":${meta}}` : '}';
	return `{"type":"broadcast","event":${JSON.stringify(event)},"payload":${body}${rest}`;
}
