/**
 * Word that orders changed, from whoever is connected on this page (the board, the list) to whoever
 * shows one (the panel). It carries no data: listeners fetch what they need.
 */
import { createContext } from 'svelte';

/** `id` null: something was missed, it may be any order */
type Listener = (id: number | null) => void;

export class OrderNews {
	#listeners = new Set<Listener>();

	tell(id: number | null): void {
		for (const listener of this.#listeners) listener(id);
	}

	/** @returns what stops it */
	listen(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}
}

/** A layout sets it once for the page and its panel. */
export const [getOrderNews, setOrderNews] = createContext<OrderNews>();
