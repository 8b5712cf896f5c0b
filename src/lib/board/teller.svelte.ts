/** Says how it ended: toasts with what can be done about it, and words for the screen reader. */
import type { DomainError } from '$lib/errors/domain-error.ts';
import type { Format } from '$lib/format/format.ts';
import { m } from '$lib/paraglide/messages.js';
import type { Toaster } from '$lib/ui/toaster.svelte.ts';
import type { Notice } from './board-server.ts';
import type { BoardState } from './board.svelte.ts';
import { stageName, type Card, type Stage } from './board.ts';
import type { Hand } from './hand.ts';
import { parts } from './parts.ts';
import type { Verdict } from './rules.ts';

interface Tools {
	board: BoardState;
	toaster: Toaster;
	format: Format;
	locale: string;
	undo(group: string): void;
	/** the service an order's master has no skill for; null if nothing is missing */
	lackingSkill(card: Card): Promise<string | null>;
}

type Refused = Extract<Notice, { kind: 'refused' }>;
type Done = Extract<Notice, { from_stage: number }>;

export class Teller {
	#tools: Tools;
	#announcement = $state.raw('');

	constructor(tools: Tools) {
		this.#tools = tools;
	}

	/** What the screen reader should say now. */
	get announcement(): string {
		return this.#announcement;
	}

	announce(text: string): void {
		this.#announcement = text;
	}

	nameOf(stage: Stage | undefined): string {
		return stage ? stageName(stage, this.#tools.locale) : '';
	}

	say(text: string): void {
		this.#tools.toaster.show(text, { key: 'board' });
	}

	/** Somebody else holds the card that was just taken. */
	claimed(order_id: number, { name }: Hand): void {
		const text = m.board_hand_claimed({ order: this.#number(order_id), name });
		this.#tools.toaster.show(text, { key: `order-${order_id}` });
	}

	/** A move that is known to be refused before anybody is asked. */
	forbid(order_id: number, verdict: Verdict, from: Stage, to: Stage): void {
		const order = this.#number(order_id);
		if (verdict === 'other_lane') return this.#warn(order_id, m.board_other_lane({ order }));
		const key = verdict === 'no_permission' ? 'not_allowed' : 'transition_not_allowed';
		const details = { from_kind: from.kind, to_kind: to.kind };
		void this.#refuse(order_id, { code: '', key, details });
	}

	/** Tells what happened to an own wish or to the card in hand. */
	tell(notice: Notice): void {
		if (notice.kind === 'refused') this.#refused(notice);
		else if (notice.kind === 'carried') this.#carried(notice);
		else if (notice.kind === 'bulk') void this.#bulk(notice);
		else this.#done(notice);
	}

	#number(order_id: number): string {
		return this.#tools.format.orderNumber(order_id);
	}

	#warn(order_id: number, text: string): void {
		this.#tools.toaster.show(text, { tone: 'danger', key: `order-${order_id}` });
	}

	async #refuse(order_id: number, error: DomainError): Promise<void> {
		const { errorSentence } = await parts.sentences();
		const sentence = errorSentence(error, this.#tools.format);
		const own = error.key === 'order_changed' || error.key === 'order_not_found';
		const order = this.#number(order_id);
		this.#warn(order_id, own ? sentence : m.board_refused({ order, sentence }));
	}

	/** Somebody was faster: whose will it be is the person's choice, theirs unless they say so. */
	#refused({ order_id, mutation, error }: Refused): void {
		if (error.key !== 'order_changed') return void this.#refuse(order_id, error);
		const { board, toaster, format } = this.#tools;
		const { changed_by_name, changed_at, stage_id, change } = error.details;
		const say =
			change === 'assigned'
				? m.board_conflict_assigned
				: change === 'planned'
					? m.dispatch_conflict
					: m.board_conflict_moved;
		const text = say({
			order: this.#number(order_id),
			name: typeof changed_by_name === 'string' ? changed_by_name : m.error_somebody(),
			stage: this.nameOf(board.column(Number(stage_id))?.stage),
			earlier: format.elapsed(Math.max(0, mutation.asked_at - Date.parse(String(changed_at))))
		});
		const key = `order-${order_id}`;
		const again = () => void board.wishes.insist(mutation);
		const actions = [{ label: m.board_keep_theirs(), run: () => {} }];
		if (mutation.kind !== 'undo') actions.push({ label: m.board_redo_mine(), run: again });
		toaster.show(text, { tone: 'danger', key, actions, duration: 0 });
		this.announce(text);
	}

	/** Reordering within a column is seen, not told. */
	#done(notice: Done): void {
		const { kind, group, card, from_stage, handed } = notice;
		if (kind === 'moved' && from_stage === card.stage_id && !handed) return;
		const text = this.#sentence(notice);
		if (kind === 'undone') return this.say(text);
		this.#undoable(text, group);
		if (handed) void this.#warnOfSkill(text, group, card);
	}

	#sentence({ kind, card }: Done): string {
		const { board, format } = this.#tools;
		const order = this.#number(card.id);
		const stage = this.nameOf(board.column(card.stage_id)?.stage);
		if (kind === 'undone') return m.board_undone({ order, stage });
		if (kind === 'moved') return m.board_moved({ order, stage });
		const master = card.master_id && board.masters.get(card.master_id);
		if (!master) return m.board_unassigned({ order });
		if (kind === 'assigned' || !card.planned_at)
			return m.board_assigned({ order, master: master.full_name });
		const time = format.dateTime(card.planned_at, board.now);
		return m.dispatch_planned({ order, master: master.full_name, time });
	}

	/** Said after the fact: who assigns without the skill may have a reason. */
	async #warnOfSkill(text: string, group: string, card: Card): Promise<void> {
		const service = await this.#tools.lackingSkill(card);
		const master = card.master_id && this.#tools.board.masters.get(card.master_id)?.full_name;
		if (service === null || !master) return;
		this.#undoable(`${text} ${m.dispatch_unskilled({ master, service })}`, group);
	}

	#undoable(text: string, group: string): void {
		const action = { label: m.ui_undo(), run: () => this.#tools.undo(group) };
		this.#tools.toaster.show(text, { key: 'board', action });
	}

	async #bulk(notice: Extract<Notice, { kind: 'bulk' }>): Promise<void> {
		const { group, ask, done: count, refused } = notice;
		const { board } = this.#tools;
		const stage = ask.kind === 'move' && this.nameOf(board.column(ask.to_stage)?.stage);
		const master = ask.kind === 'assign' && ask.master_id && board.masters.get(ask.master_id);
		const text = stage
			? m.board_moved_many({ count, stage })
			: master
				? m.board_assigned_many({ count, master: master.full_name })
				: m.board_unassigned_many({ count });
		if (count > 0) this.#undoable(text, group);
		const [first] = refused;
		if (!first) return this.announce(text);
		const { errorSentence } = await parts.sentences();
		const sentence = errorSentence(first.error, this.#tools.format);
		const orders = refused.slice(0, 3).map(({ order_id }) => this.#number(order_id));
		const names = orders.join(', ') + (refused.length > 3 ? '…' : '');
		const why = m.board_refused_many({ count: refused.length, orders: names, sentence });
		this.#tools.toaster.show(why, { tone: 'danger', key: 'refused' });
	}

	#carried({ change, card, actor }: Extract<Notice, { kind: 'carried' }>): void {
		const order = this.#number(card.id);
		const name = actor ?? m.error_somebody();
		const stage = this.nameOf(this.#tools.board.column(card.stage_id)?.stage);
		const text =
			change === 'moved'
				? m.board_carried_moved({ order, name, stage })
				: change === 'removed'
					? m.board_carried_removed({ order, name })
					: m.board_carried_changed({ order, name });
		this.#tools.toaster.show(text, { key: `order-${card.id}` });
		this.announce(text);
	}
}
