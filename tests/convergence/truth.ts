/** What the database says, and where a board says something else. */
import type { Sql } from 'postgres';
import { cardSchema, compareCards, isTerminal, type Card } from '../../src/lib/board/board.ts';
import type { Colleague } from './colleague.ts';
import type { Ledger } from './ledger.ts';

type Person = { id: string; role: string; location_id: number | null };

export type Truth = {
	cards: Card[];
	/** by account name */
	people: Map<string, Person>;
};

export async function readTruth(sql: Sql): Promise<Truth> {
	const cards = await sql`
		select to_jsonb(c) as card from private.cards c join public.stages s on s.id = c.stage_id`;
	const people = await sql<(Person & { account: string })[]>`
		select split_part(u.email, '@', 1) as account, e.id, e.role::text, e.location_id::int
		from public.employees e join auth.users u on u.id = e.id`;
	return {
		cards: cards.map(({ card }) => cardSchema.parse(card)),
		people: new Map(people.map((person) => [person.account, person]))
	};
}

/** Sentences about everything on a board that is not as in the database. */
export function differences(colleague: Colleague, truth: Truth): string[] {
	const { board, seat } = colleague;
	const who = `${seat.account}${seat.location === null ? '' : ` at ${seat.location}`}`;
	const theirs = truth.cards.filter((card) => isTheirs(card, seat, truth));
	const wrong: string[] = [];
	if (!colleague.atRest) wrong.push(`is ${board.live}, saving ${[...board.saving.keys()]}`);
	if (board.denied) wrong.push(`may not read it: ${board.denied.key}`);
	if (colleague.reloads > 0) wrong.push(`had to be loaded anew ${colleague.reloads} times`);
	const all = colleague.cards.map(({ id }) => id);
	if (new Set(all).size !== all.length) wrong.push('shows a card twice');
	for (const column of board.columns) {
		const { stage } = column;
		const real = theirs.filter((card) => card.stage_id === stage.id).sort(compareCards);
		// of what is over only the newest are loaded; those must be right and the count true
		const known = new Set(column.cards.map(({ id }) => id));
		const expected = isTerminal(stage.kind) ? real.filter(({ id }) => known.has(id)) : real;
		if (column.count !== real.length)
			wrong.push(`counts ${column.count} in ${stage.kind}, not ${real.length}`);
		wrong.push(...compare(column.cards, expected).map((what) => `${stage.kind}: ${what}`));
	}
	return wrong.map((what) => `${who}: ${what}`);
}

function isTheirs(card: Card, seat: Colleague['seat'], { people }: Truth): boolean {
	const person = people.get(seat.account);
	if (!person) throw new Error(`there is no ${seat.account}`);
	if (person.role === 'master') return card.master_id === person.id;
	const place = person.location_id ?? seat.location;
	return place === null || card.location_id === place;
}

function compare(shown: readonly Card[], real: readonly Card[]): string[] {
	const wrong: string[] = [];
	const here = new Map(shown.map((card) => [card.id, card]));
	for (const card of real) {
		const face = here.get(card.id);
		if (!face) wrong.push(`№${card.id} is missing`);
		else if (words(face) !== words(card)) {
			wrong.push(`№${card.id} is ${words(face)}, not ${words(card)}`);
		}
		here.delete(card.id);
	}
	wrong.push(...[...here.keys()].map((id) => `№${id} should not be here`));
	if (wrong.length > 0) return wrong;
	const order = shown.map(({ id }) => id).join();
	return order === real.map(({ id }) => id).join() ? [] : ['cards stand in another order'];
}

/** The same moment may be written in many ways. */
const words = (card: Card): string =>
	JSON.stringify(
		Object.entries(card)
			.map(([key, value]) => [
				key,
				key.endsWith('_at') && typeof value === 'string' ? Date.parse(value) : value
			])
			.sort()
	);

/** The board never asks what makes no sense. */
const nonsense: readonly (string | undefined)[] = [
	'invalid_argument',
	'mutation_reused',
	'not_signed_in',
	'unknown'
];

/** Sentences about wishes that are not in the log as often as they should be. */
export async function misrecorded(sql: Sql, ledger: Ledger, since: Date): Promise<string[]> {
	const events = await sql<
		{ order: number; version: number; mutation: string | null; recent: boolean }[]
	>`
		select order_id::int as order, version, mutation_id as mutation, at >= ${since} as recent
		from public.order_events`;
	const times = new Map<string, number>();
	const makers = new Map(events.map((one) => [`${one.order} ${one.version}`, one.mutation]));
	for (const { mutation, recent } of events)
		if (mutation && recent) times.set(mutation, (times.get(mutation) ?? 0) + 1);
	const wrong: string[] = [];
	for (const [mutation, entry] of ledger.entries) {
		const { fate, order, version, error } = entry;
		const logged = times.get(mutation) ?? 0;
		times.delete(mutation);
		// to take an order from nobody is granted and changes nothing: what it was, another wish had made
		const maker = makers.get(`${order} ${version}`);
		const idle = fate === 'granted' && logged === 0 && maker !== undefined && maker !== mutation;
		// one whose answer was lost for good was confirmed by its live event: it must be there
		const right = logged === (fate === 'refused' ? 0 : 1) || idle;
		if (!right || nonsense.includes(error?.key))
			wrong.push(`${logged} times in the log: ${JSON.stringify(entry)}`);
	}
	return [...wrong, ...[...times.keys()].map((mutation) => `nobody asked for ${mutation}`)];
}
