/** What keys mean on the board, and whom they mean. */

export type Step = { columns: -1 | 0 | 1; rows: number };

export const steps: Partial<Record<string, Step>> = {
	ArrowUp: { columns: 0, rows: -1 },
	ArrowDown: { columns: 0, rows: 1 },
	ArrowLeft: { columns: -1, rows: 0 },
	ArrowRight: { columns: 1, rows: 0 },
	Home: { columns: 0, rows: -Infinity },
	End: { columns: 0, rows: Infinity }
};

export const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));

/** A field undoes its own typing. */
export const isTyping = (target: EventTarget | null): boolean =>
	target instanceof HTMLElement &&
	target.closest('input, textarea, select, [contenteditable]') !== null;

/** The order whose card itself (not something inside it) has the focus. */
export function cardOf(target: EventTarget | null): number | null {
	const id = target instanceof HTMLElement ? target.dataset.cardId : undefined;
	return id === undefined ? null : Number(id);
}

/** P, whatever the keyboard's language: the key beside O, or the letter. */
export const isKeyP = ({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): boolean =>
	code === 'KeyP' || key === 'p' || key === 'P';
