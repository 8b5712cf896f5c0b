/**
 * The other people on this board: who is here, what they hold, and what they are told of us. Here
 * the live messages part: hands and money have their own listeners, the rest is the board's.
 */
import type { Person } from '$lib/realtime/live-member.ts';
import type { LiveEvent, LiveOptions, LiveTopics } from '$lib/realtime/live-topics.ts';
import { hueOf } from '$lib/ui/avatar.ts';
import type { BoardState } from './board.svelte.ts';
import { newMutationId } from './board.ts';
import { HAND_EVENT, HandTeller } from './hand.ts';
import { Hands } from './hands.svelte.ts';
import type { Money } from './money.svelte.ts';

export class Others {
	readonly hands = new Hands();
	#board: BoardState;
	#money: Money;
	#me: Person;
	#showsHand: boolean;
	#teller: HandTeller | null = null;
	#people = $state.raw<readonly Person[]>([]);

	/** Everybody is seen to be here; what somebody holds only of those who move cards. */
	constructor(board: BoardState, money: Money, me: Person, showsHand: boolean) {
		this.#board = board;
		this.#money = money;
		this.#me = me;
		this.#showsHand = showsHand;
	}

	/** Everybody on the board, once each. */
	get people(): readonly Person[] {
		return this.#people;
	}

	/** Starts to listen and to tell; `open` makes the connection. Call once, in the browser. */
	start(open: (options: LiveOptions) => LiveTopics): void {
		const me = this.#me;
		this.#board.start((options) => {
			const live = open({
				...options,
				onEvent: (event) => this.#hear(event, options.onEvent),
				presence: { scope: 'board', me, onPeople: (people) => (this.#people = people) }
			});
			if (this.#showsHand) {
				const hand = { hand: newMutationId(), name: me.name, colour: hueOf(me.id) };
				this.#teller = new HandTeller(hand, (message) => {
					const location = this.#board.card(message.order_id)?.location_id;
					if (location !== undefined) live.say('hands', location, HAND_EVENT, message);
				});
			}
			return live;
		});
	}

	/** Call whenever the own hand takes, carries or drops a card. */
	tell(): void {
		const { order, column } = this.#board.hand;
		this.#teller?.hold(order, column);
	}

	#hear(event: LiveEvent, tellBoard: LiveOptions['onEvent']): void {
		const { scope } = event.topic;
		if (scope === 'hands') return this.hands.hear(event.payload);
		if (scope === 'money') {
			return this.#money.hear(event.payload, (order) => this.#board.card(order)?.stage_id);
		}
		if (scope === 'board' && event.event === 'order_changed') this.#money.move(event.payload);
		tellBoard(event);
	}

	destroy(): void {
		this.#teller?.destroy();
		this.hands.destroy();
		this.#board.destroy();
	}
}
