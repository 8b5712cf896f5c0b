// what each socket received, compared with what SQL lets that person read: nothing more, nothing missing
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomOf, type Random } from './audience-chance.ts';
import { changes, upheavals } from './audience-changes.ts';
import { between, joinAll, mark, startCompany, type Company } from './audience-company.ts';
import { judge } from './audience-judge.ts';
import { worldOf, type World } from './audience-world.ts';

/** AUDIENCE_SECONDS=600 lets it run long; AUDIENCE_SEED has a failure again. */
const SECONDS = Number(process.env.AUDIENCE_SECONDS ?? 10);
const SEED = Number(process.env.AUDIENCE_SEED ?? Date.now() % 1_000_000);
const ROUND = 25;

let company: Company;
beforeAll(async () => {
	company = await startCompany();
});
afterAll(() => company?.stop());

const worlds = (): Promise<World[]> =>
	Promise.all(company.people.map((person) => worldOf(company, person)));
const tally = { changes: 0, refused: 0, messages: 0, upheavals: 0, compared: 0 };

/** Makes a change, which may be refused by the rules; anything else is an error. */
async function attempt(name: string, random: Random): Promise<void> {
	tally.changes++;
	await changes[name]?.(company, random).catch((error: { code?: string }) => {
		if (!error.code?.startsWith('VK')) throw error;
		tally.refused++;
	});
}

async function round(random: Random): Promise<string[]> {
	const done: string[] = [];
	const seen = [await worlds()];
	await mark(company, 0);
	for (let step = 1; step <= ROUND; step++) {
		const name = random.pick(Object.keys(changes));
		done.push(name);
		await attempt(name, random);
		seen.push(await worlds());
		await mark(company, step);
	}
	await marked(ROUND + 1);
	return company.people.flatMap((person, index) =>
		person.topics.flatMap((topic) => {
			const parts = between(person.heard.get(topic.topic) ?? []);
			return done.flatMap((name, step) => {
				const heard = parts[step + 1] ?? [];
				tally.messages += heard.length;
				tally.compared++;
				const [before, after] = [seen[step]?.[index] as World, seen[step + 1]?.[index] as World];
				return judge(person, topic, before, after, heard).map(
					(what) => `${name}: ${person.name}, ${topic.scope}: ${what}`
				);
			});
		})
	);
}

/** Waits until everybody has heard so many marks on every topic. */
const marked = (count: number) =>
	expect
		.poll(
			() =>
				company.people.flatMap(({ name, heard }) =>
					[...heard]
						.filter(([, list]) => list.filter(({ event }) => event === 'mark').length < count)
						.map(([topic]) => `${name} in ${topic}`)
				),
			{ timeout: 10_000 }
		)
		.toEqual([]);

const epochOf = async () =>
	(await company.sql`select private.current_epoch() as epoch`)[0]?.epoch as number;

/** Rights change; on the topics of the epoch that ended nothing is said any more. */
async function upheaval(random: Random): Promise<string[]> {
	const old = company.people.map(
		({ heard }) => new Map([...heard].map(([topic, list]) => [topic, list.length]))
	);
	const name = random.pick(Object.keys(upheavals));
	const epoch = await epochOf();
	tally.upheavals++;
	await upheavals[name]?.(company, random);
	// he was there already
	if ((await epochOf()) === epoch) return [];
	await attempt('create', random);
	await attempt('move', random);
	await sleep(200);
	return company.people.flatMap(({ name: person, heard }, index) =>
		[...heard]
			.filter(([topic]) => !/^(client|track):/.test(topic))
			.flatMap(([topic, list]) => {
				const said = list.slice(old[index]?.get(topic)).map(({ event }) => event);
				const after = said.slice(said.indexOf('access_changed') + 1);
				return said.includes('access_changed') && after.length === 0
					? []
					: [`${name}: ${person} in ${topic}: ${said}`];
			})
	);
}

it(
	'each socket brings what its owner may read, once, and nothing else',
	async () => {
		const random = randomOf(SEED);
		const end = Date.now() + SECONDS * 1000;
		const wrong: string[] = [];
		do {
			await joinAll(company);
			wrong.push(...(await round(random)));
			wrong.push(...(await upheaval(random)));
		} while (Date.now() < end && wrong.length === 0);
		console.log(`audience, seed ${SEED}: ${JSON.stringify(tally)}`);
		expect(wrong, `seed ${SEED}`).toEqual([]);
		expect(tally.messages).toBeGreaterThan(20);
	},
	(SECONDS + 60) * 1000
);
