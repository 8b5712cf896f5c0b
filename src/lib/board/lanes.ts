/** Lanes across the columns: whose, where or how urgent an order is. Pure. */
import type { Card, Master } from './board.ts';
import { NOBODY, type LaneKind } from './query.ts';

export interface Lane {
	readonly key: string;
	/** the master whose lane it is */
	readonly master?: Master;
	/** the workshop's name, where the lane has one */
	readonly name?: string;
}

export interface LaneFacts {
	readonly masters: ReadonlyMap<string, Master>;
	readonly locations: readonly { readonly id: number; readonly name: string }[];
	/** masters' ids of cards shown: a master who left the list keeps a lane while he has orders */
	readonly owners: ReadonlySet<string>;
}

/** urgent first */
const urgencies = ['2', '1', '0'];

/** The lane an order belongs to. */
export function laneOf(card: Card, kind: LaneKind): string {
	if (kind === 'master') return card.master_id ?? NOBODY;
	if (kind === 'location') return String(card.location_id ?? NOBODY);
	if (kind === 'urgency') return String(Math.max(0, Math.min(2, card.priority)));
	return '';
}

/** All lanes, top to bottom: nobody's orders first, because they wait; then masters by name. */
export function lanesOf(kind: LaneKind, { masters, locations, owners }: LaneFacts): Lane[] {
	if (kind === 'urgency') return urgencies.map((key) => ({ key }));
	if (kind === 'location') return locations.map(({ id, name }) => ({ key: String(id), name }));
	if (kind !== 'master') return [];
	const known = [...masters.values()].sort((a, b) => a.full_name.localeCompare(b.full_name));
	const strangers = [...owners].filter((id) => !masters.has(id)).map((key) => ({ key }));
	return [{ key: NOBODY }, ...known.map((master) => ({ key: master.id, master })), ...strangers];
}

export type Welcome = Master['availability'] | 'over' | 'own';

/** What a lane says to the card in the hand. It only tells: the database decides. */
export function welcome(master: Master, card: Card): Welcome {
	if (card.master_id === master.id) return 'own';
	if (master.availability === 'off' || master.availability === 'break') return master.availability;
	if (master.active_count >= master.capacity) return 'over';
	return master.availability;
}
