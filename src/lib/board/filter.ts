/** Which cards a query shows, and in which order. Pure, and quick enough for thousands of cards. */
import type { Card, Master, Stage } from './board.ts';
import { compareCards } from './board.ts';
import { isOverdue } from './promise.ts';
import { isFiltered, NOBODY, type BoardQuery } from './query.ts';

/** What the filter must know beside the cards. */
export interface FilterFacts {
	/** the person asking, for "mine" */
	readonly me: string;
	/** the server's clock (ms), for "overdue" */
	readonly now: number;
	readonly masters: ReadonlyMap<string, Master>;
	/** clients whose phone fits the text, as far as the server has said */
	readonly clients: ReadonlySet<number>;
	/** first moment (ms) of a day YYYY-MM-DD in the company's calendar; `after` days later */
	startOfDay(day: string, after?: number): number;
}

export type Matches = (card: Card, stage: Stage) => boolean;

const DIGITS = /^\d+$/;
/** what the text is looked for in, kept as long as the card itself */
const texts = new WeakMap<Card, string>();

function textOf(card: Card): string {
	const known = texts.get(card);
	if (known !== undefined) return known;
	const words = [card.id, card.client_name, card.problem, card.address, card.asset_label];
	const text = words.join('\n').toLocaleLowerCase();
	texts.set(card, text);
	return text;
}

/** The test a card must pass; null when everything is shown. */
export function matcher(query: BoardQuery, facts: FilterFacts): Matches | null {
	if (!isFiltered(query)) return null;
	const tests: Matches[] = [];
	const words = query.text.toLocaleLowerCase().replaceAll('№', '').split(/\s+/).filter(Boolean);
	if (words.length > 0) tests.push((card) => hasWords(card, words, facts));
	const { stages, types, masters } = query;
	if (stages.length > 0) tests.push((_, stage) => stages.includes(stage.id));
	if (types.length > 0) tests.push((card) => types.includes(card.type));
	if (masters.length > 0) tests.push((card) => masters.includes(card.master_id ?? NOBODY));
	if (query.mine)
		tests.push(({ master_id, created_by }) => [master_id, created_by].includes(facts.me));
	if (query.overdue) tests.push((card, stage) => isOverdue(card, stage, facts.now));
	const instrument = query.instrument.trim().toLocaleLowerCase();
	if (instrument !== '') {
		tests.push((card) => (card.asset_label ?? '').toLocaleLowerCase().includes(instrument));
	}
	const created = within(query.createdFrom, query.createdTo, facts);
	if (created) tests.push((card) => created(card.created_at));
	const promised = within(query.promisedFrom, query.promisedTo, facts);
	if (promised) tests.push((card) => promised(card.promised_at));
	return (card, stage) => tests.every((test) => test(card, stage));
}

function hasWords(card: Card, words: readonly string[], facts: FilterFacts): boolean {
	if (card.client_id !== null && facts.clients.has(card.client_id)) return true;
	const master = card.master_id === null ? undefined : facts.masters.get(card.master_id);
	const name = master?.full_name.toLocaleLowerCase() ?? '';
	const text = textOf(card);
	return words.every((word) => text.includes(word) || (!DIGITS.test(word) && name.includes(word)));
}

function within(from: string, to: string, { startOfDay }: FilterFacts) {
	if (from === '' && to === '') return null;
	const first = from === '' ? -Infinity : startOfDay(from);
	const last = to === '' ? Infinity : startOfDay(to, 1);
	return (time: string | null) => {
		if (time === null) return false;
		const at = Date.parse(time);
		return at >= first && at < last;
	};
}

/** By promised time, those without a promise last, ties as by hand. */
export function comparePromised(a: Card, b: Card): number {
	if (a.promised_at === b.promised_at) return compareCards(a, b);
	if (a.promised_at === null) return 1;
	if (b.promised_at === null) return -1;
	return Date.parse(a.promised_at) - Date.parse(b.promised_at) || compareCards(a, b);
}
