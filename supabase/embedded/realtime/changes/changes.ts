/**
 * `postgres_changes`: keeps who listens to which table, and hands each change to those who may see
 * it. The WAL of the publication is read, through a slot of its own, only while somebody listens.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { openPool } from '../../postgres/pool.ts';
import type { Channel } from '../channel.ts';
import type { Hub } from '../hub.ts';
import { textData, type Outgoing } from '../outgoing.ts';
import { ReplicationStream } from '../replication/stream.ts';
import { ChangesRefused, readBinding } from './binding.ts';
import { Feed } from './feed.ts';
import { SubscriptionTable, type Subscription, type Verdict } from './subscription-table.ts';

export type ChangesOptions = { databaseUrl: string; slotName: string };

/** Hosted's limit; values above 64 bytes of a larger change are left out. */
const MAX_RECORD_BYTES = 1_048_576;
const PUBLICATION = 'supabase_realtime';
const READY_MS = 5000;
const RETRY_MS = 1000;
/** removed subscriptions are gathered, because a closing server or board leaves many at once */
const GATHER_MS = 50;

type Listening = Subscription & { channel: Channel; tables: number[] };

export class Changes {
	readonly #hub: Hub;
	readonly #options: ChangesOptions;
	readonly #sql: Sql;
	readonly #table: SubscriptionTable;
	readonly #feed: Feed;
	readonly #listening = new Map<string, Listening>();
	readonly #ofChannel = new Map<Channel, Listening[]>();
	readonly #listenersOf = new Map<number, number>();
	/** subscriptions on their way into the table, whose tables are not known yet */
	#writing = 0;
	#gone: string[] = [];
	#stream: ReplicationStream | undefined;
	#idle: NodeJS.Timeout | undefined;
	#dropping: Promise<void> | undefined;
	#stopped = false;

	constructor(hub: Hub, options: ChangesOptions) {
		this.#hub = hub;
		this.#options = options;
		this.#sql = openPool(options.databaseUrl, {
			max: 2,
			fetch_types: false,
			connection: {
				application_name: 'realtime changes',
				statement_timeout: hub.limits.policyTimeoutMs,
				synchronous_commit: 'off'
			}
		});
		this.#table = new SubscriptionTable(this.#sql, PUBLICATION);
		this.#feed = new Feed({
			table: this.#table,
			log: hub.log,
			maxRecordBytes: MAX_RECORD_BYTES,
			wanted: (table) => this.#writing > 0 || this.#listenersOf.has(table),
			send: (verdict) => this.#send(verdict),
			advance: (end) => this.#stream?.advance(end),
			pause: (paused) => this.#stream?.pause(paused)
		});
	}

	get stream(): ReplicationStream | undefined {
		return this.#stream;
	}

	get subscriptions(): number {
		return this.#listening.size;
	}

	/** Removes what an earlier server left behind. */
	async clean(): Promise<void> {
		if (this.#stream || this.#writing > 0) return;
		await this.#table.removeAllBut([...this.#listening.keys()]);
		await this.#dropSlot();
	}

	/**
	 * Subscribes a channel to what it asked for, and tells it so, now or when it becomes possible.
	 * Called again after a new token, it puts the new claims in force.
	 */
	async follow(channel: Channel): Promise<void> {
		const asked = channel.caller;
		// a newer token, a leave or a new join ends the trying
		while (!this.#stopped && !channel.closed && channel.caller === asked) {
			try {
				await this.subscribe(channel);
				return channel.closed ? undefined : this.confirm(channel);
			} catch (error) {
				if (!channel.closed) channel.system('error', (error as Error).message, 'postgres_changes');
				if (error instanceof ChangesRefused) return this.leave(channel);
			}
			await sleep(RETRY_MS);
		}
	}

	confirm(channel: Channel): void {
		channel.system('ok', 'Subscribed to PostgreSQL', 'postgres_changes');
	}

	/** @throws ChangesRefused, or another error when the database is away */
	async subscribe(channel: Channel): Promise<void> {
		const mine = this.#ofChannel.get(channel) ?? this.#enter(channel);
		this.#writing++;
		try {
			const tables = await this.#table.write(mine, channel.caller.identity.claims);
			if (this.#ofChannel.get(channel) !== mine) return this.#forget(mine);
			mine.forEach((each, index) => this.#count(each, tables[index] ?? []));
			if (!(await this.#streaming())) throw new Error('Replication is not connected');
		} finally {
			this.#writing--;
		}
	}

	/** The channel is gone, or is to hear nothing any more. */
	leave(channel: Channel): void {
		const mine = this.#ofChannel.get(channel);
		if (!mine) return;
		this.#ofChannel.delete(channel);
		for (const each of mine) {
			this.#count(each, []);
			this.#listening.delete(each.uuid);
		}
		this.#forget(mine);
		if (this.#listening.size > 0 || !this.#stream) return;
		clearTimeout(this.#idle);
		this.#idle = setTimeout(() => void this.#rest(), this.#hub.limits.changesIdleMs);
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		await this.#rest();
		await this.#table.removeAllBut([]).catch(() => {});
		await this.#feed.stop();
		await this.#sql.end({ timeout: 1 });
	}

	#enter(channel: Channel): Listening[] {
		const bindings = channel.config.postgresChanges.map(readBinding);
		const mine = bindings.map((binding) => {
			return { uuid: randomUUID(), binding, channel, tables: [] };
		});
		this.#ofChannel.set(channel, mine);
		for (const each of mine) this.#listening.set(each.uuid, each);
		return mine;
	}

	#count(subscription: Listening, tables: number[]): void {
		for (const [list, change] of [[tables, 1] as const, [subscription.tables, -1] as const]) {
			for (const table of list) {
				const listeners = (this.#listenersOf.get(table) ?? 0) + change;
				if (listeners > 0) this.#listenersOf.set(table, listeners);
				else this.#listenersOf.delete(table);
			}
		}
		subscription.tables = tables;
	}

	#forget(subscriptions: Listening[]): void {
		if (this.#gone.length === 0) setTimeout(() => void this.#removeGone(), GATHER_MS);
		this.#gone.push(...subscriptions.map(({ uuid }) => uuid));
	}

	async #removeGone(): Promise<void> {
		const gone = this.#gone;
		this.#gone = [];
		if (this.#stopped) return;
		// a row that stays is asked about in vain, and goes when the stream is opened again
		await this.#table.remove(gone).catch(() => {});
	}

	#streaming(): Promise<boolean> {
		clearTimeout(this.#idle);
		this.#stream ??= new ReplicationStream({
			...this.#options,
			publication: PUBLICATION,
			log: this.#hub.log,
			silenceMs: this.#hub.limits.replicationSilenceMs,
			fresh: true,
			prepare: () => this.#repair(),
			onChange: (change) => this.#feed.take(change),
			onPosition: (end) => this.#feed.position(end),
			onGap: () => [...this.#ofChannel.keys()].forEach((channel) => channel.crash())
		});
		return this.#stream.ready(READY_MS);
	}

	/** A Postgres that crashed may have forgotten the latest subscriptions. */
	async #repair(): Promise<void> {
		await this.#dropping;
		await this.#feed.drain();
		await this.#table.removeAllBut([...this.#listening.keys()]);
		for (const [channel, mine] of this.#ofChannel) {
			await this.#table.write(mine, channel.caller.identity.claims).catch((error: unknown) => {
				// what it asked for is not there any more; joining again tells its client why
				if (!(error instanceof ChangesRefused)) throw error;
				channel.crash();
			});
		}
	}

	/** Stops reading the WAL, and keeps none. */
	async #rest(): Promise<void> {
		clearTimeout(this.#idle);
		const stream = this.#stream;
		this.#stream = undefined;
		if (!stream) return;
		await stream.stop();
		await this.#dropSlot();
	}

	/** Unless it is in use again; a stream that is opened meanwhile waits for the end of this. */
	async #dropSlot(): Promise<void> {
		if (this.#stream) return;
		this.#dropping = this.#table.dropSlot(this.#options.slotName).catch((error: Error) => {
			this.#hub.log('warn', 'slot could not be dropped', { error: error.message });
		});
		await this.#dropping;
	}

	#send({ uuids, data }: Verdict): void {
		const idsOf = new Map<Channel, Set<number>>();
		for (const uuid of uuids) {
			const listening = this.#listening.get(uuid);
			if (!listening) continue;
			const { channel, binding } = listening;
			const ids = idsOf.get(channel);
			if (ids) ids.add(binding.id);
			else idsOf.set(channel, new Set([binding.id]));
		}
		const frames = new Map<string, Outgoing>();
		for (const [channel, ids] of idsOf) {
			const body = `{"ids":[${[...ids].join()}],"data":${data}}`;
			const name = `${channel.topic} ${body.length} ${[...ids].join()}`;
			let frame = frames.get(name);
			if (!frame) frames.set(name, (frame = textData(channel.topic, 'postgres_changes', body)));
			if (channel.connection.deliver(frame)) this.#hub.counters.changes++;
		}
	}
}
