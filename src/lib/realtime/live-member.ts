/**
 * One private topic: its channel, whether it is joined, what this page says on it and who else is
 * there. Protocol: Supabase Realtime's broadcast and presence.
 */
import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js';
import type { Topic } from './live-topics.ts';

/** Somebody who has the page open. */
export interface Person {
	readonly id: string;
	readonly name: string;
}

export interface MemberOptions {
	onMessage(message: { event: string; payload?: unknown }): void;
	/** the people who say that they are here changed; asked for when given */
	onPeople?: (() => void) | undefined;
	/** says so itself, once joined */
	me?: Person | null | undefined;
}

export class LiveMember {
	readonly topic: Topic;
	joined = false;
	#client: SupabaseClient;
	#channel: RealtimeChannel;
	#options: MemberOptions;

	constructor(client: SupabaseClient, topic: Topic, options: MemberOptions) {
		this.topic = topic;
		this.#client = client;
		this.#options = options;
		const key = options.me?.id;
		this.#channel = client.channel(topic.topic, {
			config: { private: true, ...(key === undefined ? {} : { presence: { key } }) }
		});
		this.#channel.on('broadcast', { event: '*' }, (message) => options.onMessage(message));
		const { onPeople } = options;
		if (onPeople) this.#channel.on('presence', { event: 'sync' }, onPeople);
	}

	/** Joins; `onStatus` is told of every change, with the server's refusal if it was one. */
	join(onStatus: (status: string, error?: Error) => void): void {
		this.#channel.subscribe((status, error) => {
			this.joined = status === 'SUBSCRIBED';
			const { me } = this.#options;
			if (this.joined && me) void this.#channel.track({ name: me.name });
			onStatus(status, error);
		});
	}

	/** Tells everybody else on the topic. Lost when it is not joined: nothing may rest on it. */
	say(event: string, payload: object): void {
		if (this.joined) void this.#channel.send({ type: 'broadcast', event, payload });
	}

	/** Who says that they are here: once each, however many windows they have open. */
	people(): Person[] {
		const state = this.#channel.presenceState<{ name?: unknown }>();
		return Object.entries(state).flatMap(([id, [first]]) =>
			typeof first?.name === 'string' ? [{ id, name: first.name }] : []
		);
	}

	leave(): void {
		void this.#client.removeChannel(this.#channel);
	}
}

/** The people of several topics, each once, by name. */
export function peopleOn(members: readonly LiveMember[]): Person[] {
	const people = new Map(members.flatMap((member) => member.people().map((one) => [one.id, one])));
	return [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** A refusal by the server carries its answer; a lost socket does not. */
export function isRefusal(error: Error | undefined): boolean {
	const cause = error?.cause;
	return typeof cause === 'object' && cause !== null && 'reason' in cause && !('code' in cause);
}
