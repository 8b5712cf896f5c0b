/**
 * The messages that appear at the edge of the screen and go away by themselves. One Toaster belongs
 * to one page (context), `Toasts.svelte` shows it. Times are milliseconds.
 */
import { createContext } from 'svelte';

export type ToastTone = 'plain' | 'success' | 'danger';

export type ToastOptions = {
	tone?: ToastTone;
	/** one thing to do about it, such as Undo */
	action?: { label: string; run: () => void };
	/** a choice, where one answer is not enough; any of them closes the message */
	actions?: readonly { label: string; run: () => void }[];
	/** how long it stays; 0 keeps it until somebody closes it */
	duration?: number;
	/** a later message with the same key replaces the earlier one instead of piling up */
	key?: string;
};

export type Toast = ToastOptions & { id: number; text: string; tone: ToastTone };

const PLAIN = 5_000;
/** time to read a sentence, or to reach the button */
const LONG = 10_000;
const MOST = 4;

export class Toaster {
	#items = $state.raw<readonly Toast[]>([]);
	#timers = new Map<number, ReturnType<typeof setTimeout>>();
	#next = 1;

	/** oldest first */
	get items(): readonly Toast[] {
		return this.#items;
	}

	/** @returns the id for dismiss() */
	show(text: string, options: ToastOptions = {}): number {
		const toast: Toast = { tone: 'plain', ...options, text, id: this.#next++ };
		const same = this.#items.find((item) => toast.key !== undefined && item.key === toast.key);
		if (same) this.dismiss(same.id);
		const oldest = this.#items[0];
		if (oldest && this.#items.length >= MOST) this.dismiss(oldest.id);
		this.#items = [...this.#items, toast];
		this.#start(toast);
		return toast.id;
	}

	dismiss(id: number): void {
		clearTimeout(this.#timers.get(id));
		this.#timers.delete(id);
		this.#items = this.#items.filter((item) => item.id !== id);
	}

	/** runs the toast's action, or the one of a choice, and closes it */
	act(id: number, choice?: number): void {
		const toast = this.#items.find((item) => item.id === id);
		const action = choice === undefined ? toast?.action : toast?.actions?.[choice];
		this.dismiss(id);
		action?.run();
	}

	/** while the pointer or the focus is on the messages nothing disappears */
	pause(): void {
		for (const timer of this.#timers.values()) clearTimeout(timer);
		this.#timers.clear();
	}

	resume(): void {
		for (const item of this.#items) if (!this.#timers.has(item.id)) this.#start(item);
	}

	#start({ id, duration, action, tone }: Toast): void {
		const stay = duration ?? (action || tone === 'danger' ? LONG : PLAIN);
		if (stay > 0)
			this.#timers.set(
				id,
				setTimeout(() => this.dismiss(id), stay)
			);
	}
}

export const [getToaster, setToaster] = createContext<Toaster>();
