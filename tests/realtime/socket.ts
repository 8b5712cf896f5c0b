/** A bare websocket for frame-level tests: sends anything, remembers every frame. */
import { once } from 'node:events';
import WebSocket, { type RawData } from 'ws';
import { until, type Bench } from './support.ts';

export type Frame = {
	joinRef: string | null;
	ref: string | null;
	topic: string;
	event: string;
	payload: Record<string, unknown>;
	binary: boolean;
};

export class Socket {
	readonly frames: Frame[] = [];
	readonly raw: WebSocket;
	closeCode: number | undefined;
	readonly #version: string;
	#ref = 0;

	constructor(raw: WebSocket, version: string) {
		this.raw = raw;
		this.#version = version;
		raw.on('message', (data, binary) => this.frames.push(this.#read(data, binary)));
		raw.on('close', (code) => (this.closeCode = code));
		raw.on('error', () => {});
	}

	static async open(bench: Bench, { vsn = '2.0.0', apikey = bench.secrets.publishableKey } = {}) {
		const socket = new Socket(new WebSocket(address(bench, vsn, apikey)), vsn);
		await once(socket.raw, 'open');
		return socket;
	}

	#read(data: RawData, binary: boolean): Frame {
		if (binary) return readBroadcast(data as Buffer);
		const message = JSON.parse((data as Buffer).toString());
		if (this.#version !== '2.0.0') return { joinRef: null, ...message, binary };
		const [joinRef, ref, topic, event, payload] = message;
		return { joinRef, ref, topic, event, payload, binary };
	}

	/** Sends an event and gives the answer to it. */
	async push(topic: string, event: string, payload: unknown, joinRef: string | null = null) {
		const ref = this.send(topic, event, payload, joinRef);
		return this.next((frame) => frame.event === 'phx_reply' && frame.ref === ref);
	}

	send(topic: string, event: string, payload: unknown, joinRef: string | null = null): string {
		const ref = String(++this.#ref);
		const join_ref = event === 'phx_join' ? ref : joinRef;
		this.raw.send(
			this.#version === '2.0.0'
				? JSON.stringify([join_ref, ref, topic, event, payload])
				: JSON.stringify({ join_ref, ref, topic, event, payload })
		);
		return ref;
	}

	join(topic: string, config: Record<string, unknown> = {}, accessToken?: string) {
		return this.push(`realtime:${topic}`, 'phx_join', { config, access_token: accessToken });
	}

	async next(matches: (frame: Frame) => boolean): Promise<Frame> {
		await until(() => this.frames.some(matches));
		return this.frames.find(matches) as Frame;
	}

	of(event: string): Frame[] {
		return this.frames.filter((frame) => frame.event === event);
	}

	close(): void {
		this.raw.close();
	}
}

/** The HTTP answer to a connection that was refused. */
export async function refusedConnect(bench: Bench, apikey: string, vsn = '2.0.0') {
	const socket = new WebSocket(address(bench, vsn, apikey));
	socket.on('error', () => {});
	const [, response] = await once(socket, 'unexpected-response');
	let body = '';
	for await (const chunk of response) body += chunk;
	return { status: response.statusCode as number, body: JSON.parse(body) as { error: string } };
}

const address = (bench: Bench, vsn: string, apikey: string) =>
	`${bench.url.replace('http', 'ws')}/realtime/v1/websocket?apikey=${apikey}&vsn=${vsn}`;

/** Binary kind 3: a broadcast as realtime-js with 2.0.0 pushes it. */
export function binaryPush(topic: string, event: string, body: Buffer, encoding: 0 | 1): Buffer {
	const fields = ['1', '77', topic, event, ''].map((field) => Buffer.from(field));
	const header = Buffer.from([3, ...fields.map((field) => field.length), encoding]);
	return Buffer.concat([header, ...fields, body]);
}

/** Binary kind 4. */
function readBroadcast(bytes: Buffer): Frame {
	if (bytes[0] !== 4) throw new Error(`unknown kind ${bytes[0]}`);
	let offset = 5;
	const [topic = '', event = '', meta = ''] = [1, 2, 3].map((index) =>
		bytes.toString('utf8', offset, (offset += bytes.readUInt8(index)))
	);
	const body = bytes.subarray(offset);
	const payload = {
		type: 'broadcast',
		event,
		payload: bytes[4] === 1 ? JSON.parse(body.toString()) : body,
		...(meta && { meta: JSON.parse(meta) })
	};
	return { joinRef: null, ref: null, topic, event: 'broadcast', payload, binary: true };
}
