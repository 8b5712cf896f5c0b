/**
 * Remembers where own moves came from, so that the latest can be taken back. Only confirmed moves
 * can be undone, and the undo carries the version they made: if somebody touched the card since,
 * the server refuses it instead of overwriting them.
 */
import type { Place } from './board.ts';

export interface UndoStep {
	readonly mutation_id: string;
	readonly order_id: number;
	readonly place: Place;
	readonly master_id: string | null;
	/** the version the confirmed move made; null while it is on its way */
	version: number | null;
}

const MOST = 20;

export class UndoStack {
	#steps: UndoStep[] = [];

	remember(step: UndoStep): void {
		this.#steps.push(step);
		if (this.#steps.length > MOST) this.#steps.shift();
	}

	/** The server did it, which made `version`. Returns the step, if it is still remembered. */
	confirm(mutationId: string, version: number): UndoStep | undefined {
		const step = this.#steps.find((other) => other.mutation_id === mutationId);
		if (step) step.version = version;
		return step;
	}

	/** A refused move has nothing to undo. */
	forget(mutationId: string): void {
		this.#steps = this.#steps.filter((step) => step.mutation_id !== mutationId);
	}

	/** Takes out the latest confirmed step, or the one of that mutation. */
	take(mutationId?: string): UndoStep | null {
		const step = this.#steps.findLast(
			(other) =>
				other.version !== null && (mutationId === undefined || other.mutation_id === mutationId)
		);
		if (!step) return null;
		this.forget(step.mutation_id);
		return step;
	}
}
