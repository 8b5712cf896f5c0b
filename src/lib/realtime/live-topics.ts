/**
 * A page's private live topics, kept joined whatever happens to the network, the tab or the rights.
 *
 * supabase-js rejoins by itself after a lost socket, but not after the server closed a channel
 * (expired token, revoked right). This class does: it takes the topic names from `my_topics()`,
 * joins them, and after every join, wake-up or silence calls `onGap`, because no delivery is
 * trusted to be complete. The state is `live` only when all topics are joined and the last gap has
 * been repaired. Protocol: supabase/realtime, as spoken by @supabase/realtime-js 2.119.
 */
import type { SupabaseClient } from '@supabase/supabase-js';
import { isRefusal, LiveMember, peopleOn, type Person } from './live-member.ts';
import { backoff, RepairLoop } from './repair-loop.ts';
import { SocketWatch } from './socket-watch.ts';

export type LiveState = 'connecting' | 'live' | 'catching_up' | 'offline';
export type Scope =
	'board' | 'hands' | 'master' | 'masters' | 'money' | 'leads' | 'campaigns' | 'campaign_money';

/** One row of `my_topics()`. The name is opaque: clients never build one. */
export interface Topic {
	readonly scope: Scope;
	readonly topic: string;
	readonly location_id: number | null;
}

/** A broadcast as it came: the owner checks `payload`. */
export interface LiveEvent {
	readonly topic: Topic;
	readonly event: string;
	readonly payload: unknown;
}

export interface LiveOptions {
	/** reads `my_topics()`; rejects when it cannot */
	fetchTopics(): Promise<readonly Topic[]>;
	onEvent(event: LiveEvent): void;
	/** something may have been missed: fetch the difference; rejects when it cannot; `again` is a second look */
	onGap(again: boolean): Promise<void>;
	onState(state: LiveState): void;
	/** who is on the topics of a scope; `me` is null for somebody who may only look */
	presence?: { scope: Scope; me: Person | null; onPeople(people: readonly Person[]): void };
}

/** Without a live connection the board asks for the difference every so many seconds. */
const POLL_TICKS = 10;

export class LiveTopics {
	#client: SupabaseClient;
	#options: LiveOptions;
	#repairs: RepairLoop;
	#watch: SocketWatch | null = null;
	#members = new Map<string, LiveMember>();
	#state: LiveState = 'connecting';
	#stopped = false;
	#refreshing = false;
	#refreshTimer: ReturnType<typeof setTimeout> | undefined;
	#failures = 0;
	#ticks = 0;

	constructor(client: SupabaseClient, options: LiveOptions) {
		this.#client = client;
		this.#options = options;
		this.#repairs = new RepairLoop(
			(again) => options.onGap(again),
			() => this.#allJoined && this.#setState('catching_up'),
			() => this.#allJoined && this.#setState('live')
		);
	}

	get state(): LiveState {
		return this.#state;
	}

	/** Joins the topics and starts watching. Call once, in the browser. */
	start(): void {
		this.#watch = new SocketWatch(this.#client.realtime, {
			onLost: () => this.#setState('offline'),
			onWake: () => this.#repairs.gap(),
			onTick: () => this.#poll()
		});
		void this.#refresh();
	}

	/** Leaves everything. The instance is of no use afterwards. */
	destroy(): void {
		this.#stopped = true;
		this.#watch?.destroy();
		this.#repairs.destroy();
		clearTimeout(this.#refreshTimer);
		for (const member of this.#members.values()) this.#leave(member);
	}

	/** Something may have been missed that the topics could not tell. */
	gap(): void {
		this.#repairs.gap();
	}

	/** Tells the others on a location's topic of this scope; lost when it is not joined. */
	say(scope: Scope, location: number | null, event: string, payload: object): void {
		for (const member of this.#members.values()) {
			const { topic } = member;
			if (topic.scope === scope && topic.location_id === location) member.say(event, payload);
		}
	}

	/** Asks for the topics again; joins new ones and leaves those that are no longer ours. */
	async #refresh(): Promise<void> {
		if (this.#refreshing) return this.#refreshSoon(100);
		this.#refreshing = true;
		try {
			// the join must carry the person's token, not the page's key
			await this.#client.realtime.setAuth();
			const wanted = await this.#options.fetchTopics();
			if (!this.#stopped) this.#follow(wanted);
		} catch {
			this.#failures += 1;
			this.#setState('offline');
			this.#refreshSoon(backoff(this.#failures));
		}
		this.#refreshing = false;
	}

	#follow(wanted: readonly Topic[]): void {
		const names = new Set(wanted.map((topic) => topic.topic));
		for (const member of this.#members.values()) {
			if (!names.has(member.topic.topic)) this.#leave(member);
		}
		for (const topic of wanted) if (!this.#members.has(topic.topic)) this.#enter(topic);
		if (this.#members.size === 0) this.#setState('offline');
		// rights changed or all is as it was: either way the board may now differ
		if (this.#allJoined || this.#members.size === 0) this.#repairs.gap();
	}

	#enter(topic: Topic): void {
		const presence = this.#options.presence?.scope === topic.scope && this.#options.presence;
		const member: LiveMember = new LiveMember(this.#client, topic, {
			onMessage: (message) => this.#hear(member, message),
			...(presence && { me: presence.me, onPeople: () => this.#meet() })
		});
		this.#members.set(topic.topic, member);
		member.join((status, error) => {
			if (this.#stopped || this.#members.get(topic.topic) !== member) return;
			if (member.joined) return this.#joined();
			this.#setState('offline');
			// closed for good, or refused: the name or the token is stale, so ask for both again
			if (status === 'CLOSED' || isRefusal(error)) this.#replace(member);
		});
	}

	#joined(): void {
		if (!this.#allJoined) return;
		this.#failures = 0;
		this.#repairs.gap();
	}

	#meet(): void {
		const { presence } = this.#options;
		const members = [...this.#members.values()];
		presence?.onPeople(peopleOn(members.filter(({ topic }) => topic.scope === presence.scope)));
	}

	#leave(member: LiveMember): void {
		this.#members.delete(member.topic.topic);
		member.leave();
	}

	#replace(member: LiveMember): void {
		this.#leave(member);
		this.#failures += 1;
		this.#refreshSoon(backoff(this.#failures, 5000));
	}

	#refreshSoon(delay: number): void {
		clearTimeout(this.#refreshTimer);
		this.#refreshTimer = setTimeout(() => void this.#refresh(), delay);
	}

	#hear(member: LiveMember, message: { event: string; payload?: unknown }): void {
		this.#watch?.heard();
		const { event, payload } = message;
		if (event === 'access_changed') this.#refreshSoon(Math.random() * 300);
		else this.#options.onEvent({ topic: member.topic, event, payload });
	}

	/** A board behind a proxy that forbids sockets still follows, only slowly. */
	#poll(): void {
		this.#ticks = this.#state === 'live' ? 0 : this.#ticks + 1;
		if (this.#ticks > 0 && this.#ticks % POLL_TICKS === 0) this.#repairs.gap();
	}

	get #allJoined(): boolean {
		const members = [...this.#members.values()];
		return members.length > 0 && members.every((member) => member.joined);
	}

	#setState(state: LiveState): void {
		if (state === this.#state || this.#stopped) return;
		this.#state = state;
		this.#options.onState(state);
	}
}
