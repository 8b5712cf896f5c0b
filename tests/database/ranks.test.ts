// ranks: order kept in bytes, no growth at the ends, slow growth inside, no ties however many insert
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDatabase, type Database } from '../support/database.ts';

let db: Database;
beforeAll(async () => (db = await startDatabase()));
afterAll(() => db?.stop());

const wellFormed = /^[0-9A-Za-z]*[1-9A-Za-z]$/;
const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const between = async (a: string | null, b: string | null) =>
	(await db.owner`select private.rank_between(${a}, ${b}) as rank`)[0]?.rank as string;

/** Ranks made by a loop in the database, which is quicker than asking for each. */
const series = async (body: string): Promise<string[]> =>
	(
		await db.owner.begin(async (tx) => {
			await tx
				.unsafe(
					`create temporary table made (number int generated always as identity, rank text collate "C") on commit drop;
				do $$ declare a text; b text; r text; begin ${body} end $$`
				)
				.simple();
			return tx`select rank from made order by number`;
		})
	).map((row) => row.rank as string);

it('keeps the order of 3,000 random inserts, as bytes and as Postgres sorts them', async () => {
	const made = await series(`for i in 1 .. 3000 loop
		select rank into a from made offset floor(random() * i)::int limit 1;
		b := null;
		select rank into b from made where a is null or rank > a order by rank limit 1;
		r := private.rank_between(a, b);
		if r <= a collate "C" or r >= b collate "C" then raise exception 'not between: % % %', a, r, b; end if;
		insert into made (rank) values (r);
	end loop;`);
	expect(new Set(made).size).toBe(3000);
	for (const rank of made) expect(rank).toMatch(wellFormed);
	const [sorted] = await db.owner`
		select array_agg(r order by r collate "C") as ranks from unnest(${made}::text[]) r`;
	expect(sorted?.ranks).toEqual([...made].sort(bytes));
	expect(Math.max(...made.map((rank) => rank.length))).toBeLessThan(20);
});

it.each([
	['appended', `a := r; r := private.rank_between(a, null);`, 1],
	['prepended', `a := r; r := private.rank_between(null, a);`, -1]
])('does not grow when 20,000 cards are %s', async (_, step, direction) => {
	const made = await series(
		`for i in 1 .. 20000 loop ${step} insert into made (rank) values (r); end loop;`
	);
	expect(Math.max(...made.map((rank) => rank.length))).toBe(8);
	for (let i = 1; i < made.length; i++) {
		expect(Math.sign(bytes(made[i] as string, made[i - 1] as string))).toBe(direction);
	}
});

it('goes on when the numbers at either end have run out', async () => {
	for (const last of ['zzzzzzz', 'zzzzzzzzzzzzz', 'zzzzzy1']) {
		const rank = await between(last, null);
		expect(bytes(rank, last)).toBe(1);
		expect(rank).toMatch(wellFormed);
	}
	for (const first of ['1', '0000001', '000000000001', '00001']) {
		const rank = await between(null, first);
		expect(bytes(rank, first)).toBe(-1);
		expect(rank).toMatch(wellFormed);
	}
});

it('finds room between any two neighbours, however near', async () => {
	const pairs = [
		['1', '2'],
		['1', '11'],
		['1', '101'],
		['1', '1000000000001'],
		['1zzzzzz', '2'],
		['A', 'a'],
		['V0000001', 'V00000011'],
		['zzzzz', 'zzzzz1']
	] as const;
	for (const [a, b] of pairs) {
		for (let i = 0; i < 20; i++) {
			const rank = await between(a, b);
			expect([bytes(a, rank), bytes(rank, b)], `${a} ${rank} ${b}`).toEqual([-1, -1]);
			expect(rank).toMatch(wellFormed);
		}
	}
});

it('grows by about a digit in six when everything goes into one gap', async () => {
	const made = await series(`a := 'V1'; b := 'V2';
		for i in 1 .. 600 loop
			r := private.rank_between(a, b);
			insert into made (rank) values (r);
			if random() < 0.5 then a := r; else b := r; end if;
		end loop;`);
	expect((made.at(-1) as string).length).toBeLessThan(600 / 4);
});

it('draws different ranks for simultaneous drops into one gap', async () => {
	const draws = async (a: string | null, b: string | null) =>
		(
			await db.owner`select count(distinct private.rank_between(${a}, ${b}))::int as distinct_
				from generate_series(1, 100)`
		)[0]?.distinct_;
	expect(await draws('V1', 'V2')).toBeGreaterThanOrEqual(99);
	expect(await draws('V', 'V0001')).toBeGreaterThanOrEqual(99);
	expect(await draws('V00000AB', null)).toBeGreaterThanOrEqual(99);
	expect(await draws(null, 'V00000AB')).toBeGreaterThanOrEqual(99);
	expect(await draws(null, null)).toBeGreaterThanOrEqual(99);
});

it('refuses neighbours in the wrong order', async () => {
	for (const [a, b] of [
		['B', 'A'],
		['A', 'A'],
		['a', 'B']
	] as const) {
		await expect(between(a, b)).rejects.toMatchObject({ code: '22023' });
	}
});
