import type { ColumnView } from './board-model.ts';
import type { Card, Stage } from './board.ts';

/** One column as painted. */
export class BoardColumn {
	readonly stage: Stage;
	#view = $state.raw<ColumnView>({ cards: [], count: 0 });

	constructor(stage: Stage) {
		this.stage = stage;
	}

	get cards(): readonly Card[] {
		return this.#view.cards;
	}

	/** True number of orders, loaded or not. */
	get count(): number {
		return this.#view.count;
	}

	show(view: ColumnView): void {
		this.#view = view;
	}
}
