/** What the parts of one open dispatch page share. */
import { createContext } from 'svelte';
import type { Desk } from './desk.svelte.ts';
import type { DispatchState } from './dispatch.svelte.ts';
import type { DispatchDrag } from './drag.svelte.ts';
import type { DispatchKeys } from './keys.svelte.ts';

export interface DispatchContext {
	readonly state: DispatchState;
	readonly desk: Desk;
	readonly drag: DispatchDrag;
	readonly keys: DispatchKeys;
}

export const [getDispatch, setDispatch] = createContext<DispatchContext>();
