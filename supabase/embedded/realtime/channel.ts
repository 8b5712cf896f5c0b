/** One topic joined over one socket: its rights, its token and how it ends. */
import {
	ALL_RIGHTS,
	AccessUnavailable,
	type Caller,
	type Extension,
	type Rights
} from './access.ts';
import type { Connection } from './connection.ts';
import type { JoinConfig } from './join-config.ts';
import type { Outgoing } from './outgoing.ts';
import type { Room } from './room.ts';
import { expiredMessage, now, TokenError } from './token.ts';

export class Channel {
	readonly connection: Connection;
	/** full topic, `realtime:…` */
	readonly topic: string;
	readonly joinRef: string | null;
	readonly config: JoinConfig;
	caller: Caller;
	/** set once joined */
	room: Room | undefined;
	rights: Rights;
	#write: Partial<Record<Extension, boolean | Promise<boolean>>> = {};
	#renewals = 0;
	#closed = false;
	/** what arrives while older messages are being fetched */
	#held: Outgoing[] | null = null;
	/** ids of messages that were replayed, and may come once more from the WAL */
	#replayed: ReadonlySet<string> | null = null;
	/** times of the latest presence calls, for their limit */
	readonly presenceCalls: number[] = [];

	constructor(connection: Connection, topic: string, joinRef: string | null, config: JoinConfig) {
		this.connection = connection;
		this.topic = topic;
		this.joinRef = joinRef;
		this.config = config;
		this.caller = connection.caller;
		this.rights = { broadcast: false, presence: false };
	}

	get subTopic(): string {
		return this.topic.slice('realtime:'.length);
	}

	get closed(): boolean {
		return this.#closed;
	}

	receives(extension: Extension): boolean {
		return this.rights[extension] && (extension === 'broadcast' || this.config.presence.enabled);
	}

	/** A message of the room. @returns whether it was written */
	take(message: Outgoing): boolean {
		if (this.#held) {
			this.#held.push(message);
			return true;
		}
		if (this.#replayed && message.id !== undefined && this.#replayed.has(message.id)) return false;
		return this.connection.deliver(message);
	}

	/** Keeps what arrives from now on, until release(). */
	hold(): void {
		this.#held = [];
	}

	/** Delivers older messages, then what was kept, without those that are among the older ones. */
	release(older: Outgoing[]): void {
		const held = this.#held ?? [];
		this.#held = null;
		for (const message of older) this.connection.deliver(message);
		this.#replayed = new Set(older.flatMap(({ id }) => id ?? []));
		for (const message of held) this.take(message);
	}

	/** Asks the read policies; a public channel may read everything. */
	async readRights(caller: Caller): Promise<Rights> {
		if (!this.config.private) return ALL_RIGHTS;
		const extensions: Extension[] = this.config.presence.enabled
			? ['broadcast', 'presence']
			: ['broadcast'];
		return this.connection.hub.access.check('read', this.subTopic, caller, extensions);
	}

	/** Whether this caller may send; asked once per token. A promise only while being asked. */
	mayWrite(extension: Extension): boolean | Promise<boolean> {
		if (!this.config.private) return true;
		return (this.#write[extension] ??= this.#askWrite(extension));
	}

	async #askWrite(extension: Extension): Promise<boolean> {
		const asked = this.#write;
		try {
			const { access } = this.connection.hub;
			const rights = await access.check('write', this.subTopic, this.caller, [extension]);
			return (asked[extension] = rights[extension]);
		} catch (error) {
			// not an answer: ask again next time
			delete asked[extension];
			throw error;
		}
	}

	/** `access_token`: a new token replaces the old one and every right is looked at again. */
	async renew(payload: unknown): Promise<void> {
		const token = (payload as { access_token?: unknown } | null)?.access_token;
		if (typeof token !== 'string' || token.startsWith('sb_')) return;
		if (token === this.caller.identity.token) return;
		const renewal = ++this.#renewals;
		const { hub } = this.connection;
		const { verifier, log } = hub;
		try {
			const caller = { ...this.caller, identity: await verifier.identify(token) };
			const rights = await this.readRights(caller);
			if (this.#closed || renewal !== this.#renewals) return;
			if (lost(this.rights, rights)) {
				const text = 'You no longer have permission to read from this Channel topic: ';
				return this.closeWith(text + this.subTopic);
			}
			this.caller = caller;
			this.rights = rights;
			this.#write = {};
			if (this.room && this.config.postgresChanges.length > 0) void hub.changes.follow(this);
		} catch (error) {
			if (error instanceof TokenError) return this.closeWith(error.message);
			if (!(error instanceof AccessUnavailable)) throw error;
			log('warn', 'rights could not be renewed', { code: error.code });
			this.crash();
		}
	}

	/** Ends a channel whose token has run out. */
	expire(): void {
		const { expiresAt } = this.caller.identity;
		if (this.room && expiresAt <= now()) this.closeWith(expiredMessage(expiresAt));
	}

	system(status: 'ok' | 'error', message: string, extension = 'system'): void {
		const payload = { extension, status, message, channel: this.subTopic };
		this.#send('system', payload, null);
	}

	/** Tells why, then closes; realtime-js does not come back by itself after this. */
	closeWith(message: string): void {
		if (this.#closed) return;
		this.system('error', message);
		this.close();
	}

	close(ref = this.joinRef): void {
		this.remove();
		this.#send('phx_close', {}, ref);
	}

	/** Ends the channel such that realtime-js joins again, and the application repairs its state. */
	crash(): void {
		if (this.#closed) return;
		this.remove();
		this.#send('phx_error', {}, this.joinRef);
	}

	remove(): void {
		if (this.#closed) return;
		this.#closed = true;
		const { channels, hub } = this.connection;
		if (channels.get(this.topic) === this) channels.delete(this.topic);
		hub.changes.leave(this);
		if (this.room) hub.rooms.leave(this);
	}

	#send(event: string, payload: object, ref: string | null): void {
		this.connection.send({ joinRef: this.joinRef, ref, topic: this.topic, event, payload });
	}
}

const lost = (before: Rights, after: Rights) =>
	(before.broadcast && !after.broadcast) || (before.presence && !after.presence);
