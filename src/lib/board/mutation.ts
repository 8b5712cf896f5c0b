/** What a person asks of the board, and how it may be asked. */

/** When work is planned to start, and for how many minutes; null: no hour, as long as it takes. */
export interface Plan {
	readonly planned_at: string | null;
	readonly planned_minutes: number | null;
}

/** Who is to do it, and when. */
export interface PlanWish extends Plan {
	readonly master_id: string | null;
}

/** Whether an order is planned just so. */
export function isPlanned(card: Partial<PlanWish>, wish: PlanWish): boolean {
	const { planned_at = null, planned_minutes = null } = card;
	const sameHour =
		planned_at === null || wish.planned_at === null
			? planned_at === wish.planned_at
			: Date.parse(planned_at) === Date.parse(wish.planned_at);
	return sameHour && card.master_id === wish.master_id && planned_minutes === wish.planned_minutes;
}

/** What a person asked for and the server has not confirmed yet. */
export type Mutation = {
	readonly mutation_id: string;
	readonly order_id: number;
	/** the confirmed version the person was looking at */
	readonly seen_version: number;
	/** the server's clock (ms) when it was asked for */
	readonly asked_at: number;
} & (
	| {
			readonly kind: 'move';
			readonly to_stage: number;
			/** the cards directly above and below the drop */
			readonly prev_id: number | null;
			readonly next_id: number | null;
			readonly reason: string | null;
			/** where given, the order changes hands with the same drop; null: nobody's */
			readonly master_id?: string | null;
	  }
	| { readonly kind: 'assign'; readonly master_id: string | null }
	| ({ readonly kind: 'plan' } & PlanWish)
	| {
			/** takes an own wish back; where the card comes to stand is only a guess */
			readonly kind: 'undo';
			readonly undo_of: string;
			readonly to_stage: number;
			readonly prev_id: number | null;
			readonly next_id: number | null;
			readonly master_id: string | null;
			/** the hour it had, where the wish changed it */
			readonly plan?: Plan;
	  }
);
export type Move = Extract<Mutation, { kind: 'move' }>;

/** Where a card stands: its column and its neighbours, as `move_order` takes them. */
export type Place = Pick<Move, 'to_stage' | 'prev_id' | 'next_id'>;

/** `unsent`: the server could not be reached yet; the wish is repeated until it is. */
export type Saving = 'saving' | 'unsent';

export interface WishOptions {
	/** why, where the column wants to know */
	reason?: string | null;
	/** the version the person was looking at when they took the card; by default the newest */
	seen?: number | undefined;
	/** whose the order becomes with the same drop; undefined leaves it as it is */
	master?: string | null | undefined;
}
