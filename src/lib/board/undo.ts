/**
 * Remembers own confirmed moves and assignments, so that the latest can be taken back, and what was
 * taken back, so that it can be done again. The server decides: what somebody else touched since is
 * refused with who and when, never overwritten.
 */
import type { Place, Plan } from './board.ts';

export interface UndoStep {
	/** the wish as the board knows it; one step of many that were asked for together share `group` */
	readonly mutation_id: string;
	readonly group: string;
	readonly order_id: number;
	/** where the card stood before, and whose it was: shown at once, the server knows by itself */
	readonly place: Place;
	readonly master_id: string | null;
	readonly plan: Plan;
	/** the wish as the server knows it; null while it is on its way */
	readonly done: string | null;
}

/** groups, not cards */
const MOST = 20;

export class UndoStack {
	#steps: UndoStep[] = [];

	remember(step: UndoStep): void {
		this.#steps.push(step);
		const groups = new Set(this.#steps.map(({ group }) => group));
		const [oldest] = groups;
		if (groups.size > MOST) this.#steps = this.#steps.filter(({ group }) => group !== oldest);
	}

	/** The server did it, under a name of its own where it gave one. */
	confirm(mutationId: string, done = mutationId): UndoStep | undefined {
		const index = this.#steps.findIndex((step) => step.mutation_id === mutationId);
		const step = this.#steps[index];
		if (!step) return undefined;
		const confirmed = { ...step, done };
		this.#steps[index] = confirmed;
		return confirmed;
	}

	/** A refused move has nothing to undo. */
	forget(mutationId: string): void {
		this.#steps = this.#steps.filter((step) => step.mutation_id !== mutationId);
	}

	clear(): void {
		this.#steps = [];
	}

	/** Takes out the latest confirmed group, or the given one; the last asked for comes first. */
	take(group?: string): UndoStep[] {
		const latest = this.#steps.findLast(
			(step) => step.done !== null && (group === undefined || step.group === group)
		);
		if (!latest) return [];
		const taken = this.#steps.filter((step) => step.group === latest.group && step.done !== null);
		this.#steps = this.#steps.filter((step) => !taken.includes(step));
		return taken.reverse();
	}
}
