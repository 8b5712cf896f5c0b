/** A small company with a person of every role and place, each on a socket in exactly his topics. */
import { randomUUID } from 'node:crypto';
import { createClient, type RealtimeChannel, type SupabaseClient } from '@supabase/supabase-js';
import { SignJWT } from 'jose';
import postgres, { type Sql, type TransactionSql } from 'postgres';
import {
	become,
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	openShift,
	roles,
	type Role,
	type Who
} from '../support/database.ts';
import { makePerson } from '../support/clients.ts';
import { makeCampaign, makeService } from '../support/marketing.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

export type Topic = { scope: string; topic: string; location_id: number | null };
export type Message = { event: string; payload: Record<string, unknown> };
export type Person = {
	name: string;
	who: Who;
	/** holds an order's link, and nothing else */
	token?: string;
	client: SupabaseClient;
	topics: Topic[];
	/** what came on each topic since it was last taken */
	heard: Map<string, Message[]>;
	channels: RealtimeChannel[];
};

export type Company = {
	stack: TestStack;
	sql: Sql;
	people: Person[];
	locations: number[];
	clients: number[];
	services: number[];
	campaigns: number[];
	/** employees by role: one of the whole company, then one of each location */
	staff: Record<Role, string[]>;
	commitAs<T>(who: Who, run: (tx: TransactionSql) => Promise<T>): Promise<T>;
	stop(): Promise<void>;
};

const types = { bigint: { to: 20, from: [20], serialize: String, parse: Number } };

export async function startCompany(): Promise<Company> {
	const stack = await startTestStack('empty');
	const sql = postgres(stack.urls.owner, { max: 4, onnotice: () => {}, types }) as unknown as Sql;
	const api = postgres(stack.urls.authenticator, { max: 30, onnotice: () => {}, types });
	const locations = [await makeLocation(sql), await makeLocation(sql)];
	const staff = {} as Company['staff'];
	for (const role of roles) {
		staff[role] = [];
		for (const location of [null, ...locations])
			staff[role].push(await makeEmployee(sql, role, { location, capacity: 4 }));
	}
	for (const master of staff.master.slice(1)) await openShift(sql, master);
	const user = await makeUser(sql);
	const clients = [await makePerson(sql, { first: 'Portal', user, phones: ['+380441230001'] })];
	for (let i = 0; i < 5; i++) clients.push(await makeClient(sql));
	for (const client of clients)
		await sql`insert into public.assets (client_id, kind) values (${client}, 'Guitar')`;
	for (let i = 0; i < 8; i++) {
		await makeOrder(sql, {
			location: locations[i % 2] as number,
			client: clients[i % 6] as number
		});
	}
	const [tracked] = await sql`select tracking_token from public.orders order by id desc limit 1`;
	const company: Company = {
		stack,
		sql,
		people: [],
		locations,
		clients,
		services: [await makeService(sql), await makeService(sql)],
		campaigns: [await makeCampaign(sql), await makeCampaign(sql, { location: locations[1] })],
		staff,
		commitAs: (who, run) =>
			api.begin(async (tx) => {
				await become(tx as unknown as TransactionSql, who);
				return run(tx as unknown as TransactionSql);
			}) as never,
		stop: async () => {
			await Promise.all(company.people.map(({ client }) => client.realtime.disconnect()));
			await Promise.all([sql.end(), api.end()]);
			await stack.dispose();
		}
	};
	for (const role of roles)
		for (const [index, who] of staff[role].entries())
			await enter(company, `${role} of ${index === 0 ? 'all' : locations[index - 1]}`, who);
	await enter(company, 'registered client', user);
	await enter(company, 'holder of a link', null, tracked?.tracking_token as string);
	return company;
}

async function enter(company: Company, name: string, who: Who, token?: string): Promise<void> {
	const { stack } = company;
	const jwt = who && (await tokenOf(stack, who));
	const client = createClient(stack.url, stack.keys.publishable, {
		auth: { persistSession: false, autoRefreshToken: false },
		...(jwt && { accessToken: async () => jwt })
	});
	if (jwt) await client.realtime.setAuth();
	company.people.push({ name, who, token, client, topics: [], heard: new Map(), channels: [] });
}

const tokenOf = (stack: TestStack, sub: string) =>
	new SignJWT({ role: 'authenticated', aud: 'authenticated', sub, session_id: randomUUID() })
		.setProtectedHeader({ alg: 'HS256', kid: stack.secrets.keyId })
		.setExpirationTime('2h')
		.sign(new TextEncoder().encode(stack.secrets.jwtSecret));

/** Everybody asks for his topics and joins them all; the old ones are left. */
export async function joinAll({ people, commitAs }: Company): Promise<void> {
	await Promise.all(
		people.map(async (person) => {
			const { who, token, client } = person;
			await Promise.all(person.channels.map((channel) => client.removeChannel(channel)));
			person.heard = new Map();
			person.topics = token
				? [{ scope: 'track', topic: `track:${token}`, location_id: null }]
				: await commitAs(who, async (tx) => [
						...(await tx<Topic[]>`select * from public.my_topics()`)
					]);
			person.channels = await Promise.all(person.topics.map(({ topic }) => join(person, topic)));
		})
	);
}

async function join({ client, heard, name }: Person, topic: string): Promise<RealtimeChannel> {
	const list: Message[] = [];
	heard.set(topic, list);
	const channel = client
		.channel(topic, { config: { private: true } })
		.on('broadcast', { event: '*' }, ({ event, payload }) => void list.push({ event, payload }));
	await new Promise<void>((resolve, reject) =>
		channel.subscribe((state, error) => {
			if (state === 'SUBSCRIBED') resolve();
			else if (state !== 'CLOSED')
				reject(new Error(`${name} in ${topic}: ${error?.message ?? state}`));
		})
	);
	return channel;
}

/** Marks a place in the stream of every topic: what was committed before is heard before it. */
export async function mark({ sql, people }: Company, place: number): Promise<void> {
	const topics = [...new Set(people.flatMap((person) => [...person.heard.keys()]))];
	await sql`select realtime.send(jsonb_build_object('place', ${place}::int), 'mark', t, true) from unnest(${topics}::text[]) t`;
}

/** What came on a topic before each mark: a list per place, in the order of the marks. */
export function between(messages: Message[]): Message[][] {
	const parts: Message[][] = [[]];
	for (const message of messages) {
		if (message.event === 'mark') parts.push([]);
		else parts.at(-1)?.push(message);
	}
	return parts;
}
