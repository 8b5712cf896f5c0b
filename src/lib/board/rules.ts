/**
 * What this person may do on the board, known before the server is asked: to grey out a column
 * during a drag, not to decide. SQL decides.
 */
import type { Stage, StageKind } from './board.ts';

/** One row of `stage_transitions`. */
export interface Transition {
	readonly from_kind: StageKind;
	readonly to_kind: StageKind;
	readonly permission: string;
}

/** `other_lane`: the lane is not one a drop could change, such as another workshop */
export type Verdict = 'allowed' | 'no_transition' | 'no_permission' | 'other_lane';

export class BoardRules {
	#permissions: ReadonlySet<string>;
	#transitions: readonly Transition[];

	constructor(permissions: Iterable<string>, transitions: readonly Transition[]) {
		this.#permissions = new Set(permissions);
		this.#transitions = transitions;
	}

	/** False for people who only watch: no handles, no menus. */
	get movesCards(): boolean {
		return this.#permissions.has('orders.move') || this.#permissions.has('orders.work');
	}

	/** Whether others are told what this person holds: `private.may_send` asks the same of `hands`. */
	get showsHand(): boolean {
		return this.#permissions.has('orders.move');
	}

	/** Whether they may look at the board of another day: masters see only their own orders. */
	get travels(): boolean {
		return this.#permissions.has('orders.read');
	}

	get sharesViews(): boolean {
		return this.#permissions.has('views.share');
	}

	get assigns(): boolean {
		return this.#permissions.has('orders.assign');
	}

	/** Whether an order may go from one column to another, or be reordered within one. */
	verdict(from: Stage, to: Stage): Verdict {
		const needed =
			from.id === to.id
				? 'orders.move'
				: this.#transitions.find((t) => t.from_kind === from.kind && t.to_kind === to.kind)
						?.permission;
		if (needed === undefined) return 'no_transition';
		return this.#permissions.has(needed) ? 'allowed' : 'no_permission';
	}
}
