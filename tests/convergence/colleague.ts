/** Somebody with the board open: the real client, the real state, no browser. */
import { createClient } from '@supabase/supabase-js';
import { boardServer, listTransitions, loadSnapshot } from '../../src/lib/board/board.data.ts';
import { isUnreached, type Notice } from '../../src/lib/board/board-server.ts';
import { BoardState } from '../../src/lib/board/board.svelte.ts';
import { newMutationId, placeAt, type Card } from '../../src/lib/board/board.ts';
import { BoardRules } from '../../src/lib/board/rules.ts';
import { editOrder } from '../../src/lib/orders/order.data.ts';
import { LiveTopics } from '../../src/lib/realtime/live-topics.ts';
import type { Client } from '../../src/lib/supabase/types.ts';
import { DEMO_PASSWORD } from '../../supabase/demo/demo.ts';
import type { Random } from './chance.ts';
import type { Ledger } from './ledger.ts';

export interface Seat {
	/** the demo account's name */
	readonly account: string;
	/** the workshop the board is narrowed to */
	readonly location: number | null;
}

type Board = {
	readonly state: BoardState;
	readonly live: LiveTopics;
	readonly rules: BoardRules;
};

const value = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
	if (!result.ok) throw new Error(`the board did not open: ${JSON.stringify(result.error)}`);
	return result.value;
};

export class Colleague {
	readonly seat: Seat;
	/** how often the board had to be loaded anew */
	reloads = 0;
	/** the orders whose wishes were refused with a sentence */
	readonly notices: Notice[] = [];
	editing = 0;
	#client: Client;
	#ledger: Ledger;
	#board: Board | null = null;

	constructor(seat: Seat, url: string, key: string, ledger: Ledger) {
		this.seat = seat;
		this.#ledger = ledger;
		this.#client = createClient(url, key, {
			auth: {
				persistSession: false,
				autoRefreshToken: false,
				detectSessionInUrl: false,
				// others of the same account are other people
				storageKey: newMutationId()
			}
		}) as Client;
	}

	/** Signs in, loads the board and joins its live topics, as the page does. */
	async open(): Promise<void> {
		const email = `${this.seat.account}@demo.verstak.test`;
		const { error } = await this.#client.auth.signInWithPassword({
			email,
			password: DEMO_PASSWORD
		});
		if (error) throw new Error(`${email} cannot sign in: ${error.message}`);
		const [snapshot, transitions, mine] = await Promise.all([
			loadSnapshot(this.#client, this.seat.location),
			listTransitions(this.#client),
			this.#client.rpc('my_permissions')
		]);
		const rules = new BoardRules((mine.data ?? []) as string[], value(transitions));
		const state = new BoardState({
			snapshot: value(snapshot),
			location: this.seat.location,
			server: this.#ledger.recorded(boardServer(() => this.#client, this.seat.location)),
			onNotice: (notice) => this.notices.push(notice),
			onOutdated: () => (this.reloads += 1)
		});
		let live: LiveTopics | undefined;
		state.start((options) => (live = new LiveTopics(this.#client, options)));
		this.#board = { state, live: live as LiveTopics, rules };
	}

	get board(): BoardState {
		if (!this.#board) throw new Error('the board is not open');
		return this.#board.state;
	}

	get cards(): Card[] {
		return this.board.columns.flatMap((column) => column.cards);
	}

	/** Nothing is on its way and nothing is missing. */
	get atRest(): boolean {
		return this.editing === 0 && this.board.saving.size === 0 && this.board.live === 'live';
	}

	/** Does something at random; false if there was nothing to do it with. */
	act(random: Random): boolean {
		const card = random.pick(this.cards);
		if (!card) return false;
		const dice = random.next();
		if (dice < 0.6) return this.#move(random, card);
		if (dice < 0.75) return this.#assign(random, card);
		if (dice < 0.9) return this.#edit(random, card);
		if (dice < 0.95) return this.board.wishes.undo();
		return this.#moveSome(random);
	}

	async leave(): Promise<void> {
		this.#board?.state.destroy();
		await this.#client.removeAllChannels();
	}

	#move(random: Random, card: Card): boolean {
		const from = this.board.stageOf(card.id);
		const column = random.pick(
			this.board.columns.filter(
				({ stage }) => from && this.#board?.rules.verdict(from, stage) === 'allowed'
			)
		);
		if (!column) return false;
		const others = column.cards.filter(({ id }) => id !== card.id);
		const place = placeAt(column.stage.id, others, random.int(others.length + 1));
		const lane =
			this.#board?.rules.assigns && random.chance(0.1) ? this.#master(random) : undefined;
		return this.board.move(card.id, place, { reason: 'chance', master: lane });
	}

	#assign(random: Random, card: Card): boolean {
		if (!this.#board?.rules.assigns) return false;
		return this.board.assign(card.id, random.chance(0.3) ? null : this.#master(random));
	}

	#moveSome(random: Random): boolean {
		const { rules } = this.#board as Board;
		const column = random.pick(this.board.columns);
		const orders = [random.pick(this.cards), random.pick(this.cards), random.pick(this.cards)]
			.filter((card) => card !== undefined)
			.map(({ id }) => id);
		if (!column || !rules.showsHand) return false;
		return this.board.wishes.bulk([...new Set(orders)], {
			kind: 'move',
			to_stage: column.stage.id,
			reason: 'chance'
		});
	}

	/** As the order's panel does, again and again until the server has heard it. */
	#edit(random: Random, card: Card): boolean {
		const mutation = newMutationId();
		const value = `Changed ${mutation.slice(0, 8)} ${random.int(1000)}`;
		const edit = { id: card.id, field: 'problem' as const, value, seen: card.problem, mutation };
		this.editing += 1;
		void this.#insist(edit).finally(() => (this.editing -= 1));
		return true;
	}

	async #insist(edit: Parameters<typeof editOrder>[1]): Promise<void> {
		for (;;) {
			this.#ledger.ask(edit.mutation, edit.id, edit);
			const answer = await editOrder(this.#client, edit);
			if (answer.ok) return this.#ledger.grant(edit.mutation, answer.value);
			if ('changed' in answer)
				return this.#ledger.refuse(edit.mutation, { code: '', key: 'field_changed', details: {} });
			if (!isUnreached(answer.error)) return this.#ledger.refuse(edit.mutation, answer.error);
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
	}

	#master(random: Random): string | null {
		return random.pick([...this.board.masters.keys()]) ?? null;
	}
}
