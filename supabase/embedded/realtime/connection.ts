/** One websocket: reads its frames, finds the channel they are for, writes answers. */
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Caller } from './access.ts';
import { pushBroadcast, pushBinaryBroadcast } from './broadcast.ts';
import type { Channel } from './channel.ts';
import { monotonic } from './clock.ts';
import {
	decodeBinary,
	decodeText,
	encodeText,
	FrameError,
	type Message,
	type Version
} from './frame.ts';
import type { Hub } from './hub.ts';
import { join } from './join.ts';
import type { Outgoing } from './outgoing.ts';
import { pushPresence } from './presence.ts';
import { Rate } from './rate.ts';

const RESTARTING = 1012;
const IDLE = 1000;

/** Malformed frames of one socket that are logged; the rest is only dropped. */
const LOGGED_FRAMES = 5;

export class Connection {
	readonly hub: Hub;
	readonly version: Version;
	/** who connected; channels may bring their own token */
	readonly caller: Caller;
	readonly channels = new Map<string, Channel>();
	readonly rate: Rate;
	/** topics that were given what a restart made the client miss */
	readonly caughtUp = new Set<string>();
	lastHeard = monotonic();
	#lastChannel = monotonic();
	#malformed = 0;
	readonly #websocket: WebSocket;
	readonly #socket: Duplex;

	constructor(hub: Hub, websocket: WebSocket, socket: Duplex, version: Version, caller: Caller) {
		this.hub = hub;
		this.version = version;
		this.caller = caller;
		this.rate = new Rate(hub.limits.eventsPerConnectionPerSecond);
		this.#websocket = websocket;
		this.#socket = socket;
		websocket.on('message', (data, isBinary) => this.#hear(data, isBinary));
		websocket.on('error', (error) => hub.log('warn', 'socket error', { error: error.message }));
		websocket.on('close', () => this.#closed());
	}

	get open(): boolean {
		return this.#websocket.readyState === this.#websocket.OPEN;
	}

	/** Sends a message of this socket alone. */
	send(message: Message): void {
		if (this.open) this.#websocket.send(encodeText(message, this.version));
	}

	reply(to: Pick<Message, 'joinRef' | 'ref' | 'topic'>, status: 'ok' | 'error', response: object) {
		this.send({ ...to, event: 'phx_reply', payload: { status, response } });
	}

	/**
	 * Writes a frame shared with other sockets. It goes to the socket below `ws`, which is safe
	 * because without compression `ws` itself writes every frame whole and at once.
	 */
	deliver(message: Outgoing): boolean {
		const frame = message.frame(this.version);
		if (frame === null || !this.open) return false;
		if (this.#socket.writableLength > this.hub.limits.backlogBytes) {
			this.hub.counters.stalled++;
			this.hub.log('warn', 'client does not read, socket dropped');
			this.#websocket.terminate();
			return false;
		}
		this.#socket.write(frame);
		return true;
	}

	/**
	 * Closes the socket when it has been silent or without channels for too long.
	 * @param at now, on the monotonic clock
	 */
	expire(at: number): void {
		if (this.channels.size > 0) this.#lastChannel = at;
		const { idleMs, noChannelMs } = this.hub.limits;
		if (at - this.lastHeard > idleMs || at - this.#lastChannel > noChannelMs) this.close(IDLE);
		else for (const channel of [...this.channels.values()]) channel.expire();
	}

	close(code = RESTARTING): void {
		this.#websocket.close(code);
		// a peer that is gone never answers the closing handshake
		setTimeout(() => this.#websocket.terminate(), 2000).unref();
	}

	#closed(): void {
		for (const channel of [...this.channels.values()]) channel.remove();
	}

	#hear(data: RawData, isBinary: boolean): void {
		this.lastHeard = monotonic();
		try {
			const bytes = data as Buffer;
			if (isBinary) this.#takeBinary(bytes);
			else this.#take(decodeText(bytes.toString(), this.version), bytes.length);
		} catch (error) {
			if (!(error instanceof FrameError)) throw error;
			if (++this.#malformed <= LOGGED_FRAMES) {
				this.hub.log('warn', 'malformed frame dropped', { reason: error.message });
			}
		}
	}

	#takeBinary(bytes: Buffer): void {
		const message = decodeBinary(bytes);
		const channel = this.channels.get(message.topic);
		if (channel) this.#run(message.topic, pushBinaryBroadcast(channel, message));
		else this.#unmatched(message);
	}

	#take(message: Message, bytes: number): void {
		const { topic, event, joinRef, ref } = message;
		if (topic === 'phoenix' && event === 'heartbeat') return this.reply(message, 'ok', {});
		if (event === 'phx_join') return this.#run(topic, join(this, message));
		const channel = this.channels.get(topic);
		if (event === 'phx_leave') {
			this.reply(message, 'ok', {});
			return channel?.close(joinRef ?? ref);
		}
		if (!channel) return this.#unmatched(message);
		if (event === 'access_token') this.#run(topic, channel.renew(message.payload));
		else if (event === 'broadcast') this.#run(topic, pushBroadcast(channel, message, bytes));
		else if (event === 'presence') this.#run(topic, pushPresence(channel, message, bytes));
		else this.hub.log('warn', 'unknown event dropped', { event: event.slice(0, 50) });
	}

	#unmatched(message: Pick<Message, 'joinRef' | 'ref' | 'topic'>): void {
		const { joinRef, ref, topic } = message;
		this.reply({ joinRef, ref, topic }, 'error', { reason: 'unmatched topic' });
	}

	/** A handler that fails takes its channel down, which the client answers with a new join. */
	#run(topic: string, work: Promise<void> | void): void {
		work?.catch((error: Error) => {
			this.hub.log('error', 'channel crashed', { error: error.message });
			this.channels.get(topic)?.crash();
		});
	}
}
