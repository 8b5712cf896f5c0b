/**
 * A hand-written stand-in for the database, for the reconciliation tests only: columns of cards,
 * versions, the healing rule, the conflict rule and idempotency, as move_order promises them. It
 * proves nothing about SQL; tests/database does that.
 */
import type { Card, Changes, Move, OrderChanged, Snapshot, Stage } from '../board.ts';

const kinds = ['unassigned', 'assigned', 'in_progress', 'waiting'] as const;

export const stages: Stage[] = kinds.map((kind, index) => ({
	id: index + 1,
	name: { en: kind },
	kind,
	colour: '#888888',
	position: index,
	wip_limit: null,
	norm_minutes: null,
	requires_reason: false,
	location_id: null
}));

/** A card face with everything filled in. */
export function makeCard(face: Partial<Card> & Pick<Card, 'id'>): Card {
	return {
		version: 1,
		stage_id: 1,
		rank: rankOf(BigInt(face.id) * 10n ** 30n),
		location_id: 1,
		client_id: 1,
		client_name: 'Petrenko Olena',
		type: 'repair',
		problem: 'No sound',
		address: null,
		priority: 0,
		master_id: null,
		promised_at: null,
		stage_entered_at: null,
		created_at: '2026-01-01T00:00:00+00:00',
		updated_at: '2026-01-01T00:00:00+00:00',
		...face
	};
}

/** A board of `cards` with true counts. */
export function makeSnapshot(cards: Card[], own: Stage[] = stages): Snapshot {
	const counts: Record<string, number> = {};
	for (const stage of own) {
		counts[stage.id] = cards.filter((card) => card.stage_id === stage.id).length;
	}
	return { stages: own, cards, masters: [], counts, at: '2026-01-01T00:00:00+00:00' };
}

export const makeMove = (move: Partial<Move> & Pick<Move, 'order_id' | 'to_stage'>): Move => ({
	kind: 'move',
	mutation_id: crypto.randomUUID(),
	seen_version: 1,
	asked_at: 0,
	prev_id: null,
	next_id: null,
	reason: null,
	...move
});

/** The live event of a change, as the trigger would send it. */
export function makeEvent(
	card: Card,
	from_stage: number | null,
	extra: Partial<OrderChanged> = {}
): OrderChanged {
	return {
		id: card.id,
		version: card.version,
		card,
		event: 'moved',
		from_stage,
		to_stage: card.stage_id,
		actor_id: null,
		actor_name: null,
		mutation_id: null,
		at: card.updated_at,
		...extra
	};
}

function rankOf(value: bigint): string {
	return value.toString().padStart(60, '0');
}

type Answer = { card: Card } | { refused: Card };

export class ServerDouble {
	cards = new Map<number, Card>();
	/** every event ever sent, in commit order */
	readonly sent: OrderChanged[] = [];
	#answers = new Map<string, Answer>();
	#movedBy = new Map<number, { actor: string; version: number }[]>();

	constructor(count: number) {
		for (let id = 1; id <= count; id++) {
			this.cards.set(id, makeCard({ id, stage_id: 1 + (id % stages.length) }));
		}
	}

	column(stage: number): Card[] {
		return [...this.cards.values()]
			.filter((card) => card.stage_id === stage)
			.sort((a, b) => (a.rank < b.rank ? -1 : 1));
	}

	snapshot(): Snapshot {
		return makeSnapshot([...this.cards.values()]);
	}

	changes(known: Record<string, number>): Changes {
		const cards = [...this.cards.values()];
		return {
			...this.snapshot(),
			cards: cards.filter((card) => known[card.id] !== card.version),
			removed: Object.keys(known)
				.map(Number)
				.filter((id) => !this.cards.has(id)),
			aged: []
		};
	}

	move(actor: string, move: Move): Answer | null {
		const again = this.#answers.get(move.mutation_id);
		if (again) return again;
		const card = this.cards.get(move.order_id);
		if (!card) return null;
		const moves = this.#movedBy.get(card.id) ?? [];
		const clash = moves.some((m) => m.actor !== actor && m.version > move.seen_version);
		if (clash) return { refused: card };
		const answer = { card: this.#place(card, move) };
		this.#movedBy.set(card.id, [...moves, { actor, version: answer.card.version }]);
		this.#answers.set(move.mutation_id, answer);
		this.#send(makeEvent(answer.card, card.stage_id, { mutation_id: move.mutation_id }));
		return answer;
	}

	edit(id: number): void {
		const card = this.cards.get(id);
		if (!card) return;
		const edited = { ...card, version: card.version + 1, problem: `edit ${card.version}` };
		this.cards.set(id, edited);
		this.#send(makeEvent(edited, card.stage_id, { event: 'changed' }));
	}

	remove(id: number): void {
		const card = this.cards.get(id);
		if (!card) return;
		this.cards.delete(id);
		const gone = { ...card, version: card.version + 1 };
		this.#send(makeEvent(gone, card.stage_id, { card: null, event: 'removed', to_stage: null }));
	}

	create(id: number, stage: number): void {
		const top = this.column(stage)[0];
		const rank = top ? BigInt(top.rank) / 2n : 10n ** 40n;
		const card = makeCard({ id, stage_id: stage, rank: rankOf(rank) });
		this.cards.set(id, card);
		this.#send(makeEvent(card, null, { event: 'created' }));
	}

	#place(card: Card, move: Move): Card {
		const column = this.column(move.to_stage).filter((other) => other.id !== card.id);
		const prev = column.findIndex((other) => other.id === move.prev_id);
		const next = column.findIndex((other) => other.id === move.next_id);
		const slot = prev >= 0 ? prev + 1 : Math.max(next, 0);
		const low = slot > 0 ? BigInt((column[slot - 1] as Card).rank) : 0n;
		const below = column[slot];
		const high = below ? BigInt(below.rank) : low + 2n * 10n ** 30n;
		const placed = {
			...card,
			version: card.version + 1,
			stage_id: move.to_stage,
			rank: rankOf((low + high) / 2n),
			master_id: move.to_stage === 1 ? null : card.master_id
		};
		this.cards.set(card.id, placed);
		return placed;
	}

	#send(event: OrderChanged): void {
		this.sent.push(event);
	}
}
