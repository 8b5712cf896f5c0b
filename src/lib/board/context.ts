/** What the parts of one open board share. */
import { createContext } from 'svelte';
import type { BoardActions } from './actions.svelte.ts';
import type { BoardState } from './board.svelte.ts';
import type { BoardDrag } from './drag.svelte.ts';
import type { BoardKeys } from './keys.svelte.ts';
import type { Hands } from './hands.svelte.ts';
import type { Money } from './money.svelte.ts';
import type { Older } from './older.svelte.ts';
import type { BoardRules } from './rules.ts';
import type { Selection } from './selection.svelte.ts';
import type { BoardView } from './view.svelte.ts';

export interface BoardContext {
	readonly board: BoardState;
	readonly view: BoardView;
	readonly rules: BoardRules;
	readonly actions: BoardActions;
	readonly drag: BoardDrag;
	readonly keys: BoardKeys;
	readonly hands: Hands;
	readonly money: Money;
	readonly older: Older;
	readonly selection: Selection;
}

export const [getBoard, setBoard] = createContext<BoardContext>();
