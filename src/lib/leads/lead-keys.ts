/** The list by keyboard: J and K or the arrows walk, Enter opens, C claims, R rejects. */
import { isOpen, type Lead } from './lead.ts';

export interface LeadKeys {
	rows: () => readonly Lead[];
	/** the lead beside the list */
	open: () => number | null;
	onopen(lead: number): void;
	onclaim(lead: Lead): void;
	onreject(lead: Lead): void;
}

/** by the key's place: К is not K, but it is the same key */
const steps: Partial<Record<string, 1 | -1>> = {
	KeyJ: 1,
	ArrowDown: 1,
	KeyK: -1,
	ArrowUp: -1
};

/** @returns what a window does on keydown */
export function leadKeys(page: LeadKeys): (event: KeyboardEvent) => void {
	return (event) => {
		const { ctrlKey, metaKey, altKey, shiftKey, code, target } = event;
		if (ctrlKey || metaKey || altKey || shiftKey || event.defaultPrevented || isTaken(target))
			return;
		const rows = page.rows();
		const here = rowOf(target) ?? page.open();
		const place = rows.findIndex(({ id }) => id === here);
		const lead = rows[place];
		const step = steps[code];
		// in the lead beside, arrows scroll
		if (step && code.startsWith('Arrow') && isBeside(target)) return;
		if (step) {
			const next = rows[place < 0 ? 0 : place + step];
			if (!next) return;
			focusRow(next.id);
			// what is beside the list follows
			if (page.open() !== null) page.onopen(next.id);
		} else if (!lead || !isOpen(lead)) return;
		else if (code === 'KeyC') page.onclaim(lead);
		else if (code === 'KeyR') page.onreject(lead);
		else return;
		event.preventDefault();
	};
}

const isTaken = (target: EventTarget | null) =>
	target instanceof Element &&
	target.closest('input, textarea, select, [role="dialog"], [role="menu"]') !== null;

const isBeside = (target: EventTarget | null) =>
	target instanceof Element && target.closest('aside') !== null;

function rowOf(target: EventTarget | null): number | null {
	const row = target instanceof Element ? target.closest<HTMLElement>('[data-lead]') : null;
	return row ? Number(row.dataset.lead) : null;
}

export function focusRow(lead: number): void {
	const link = document.querySelector<HTMLElement>(`[data-lead="${lead}"] a`);
	link?.focus();
	link?.scrollIntoView({ block: 'nearest' });
}
