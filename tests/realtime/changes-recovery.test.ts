/** postgres_changes through restarts and crashes, and what many listeners cost. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Socket } from './socket.ts';
import {
	client,
	dropClients,
	settle,
	startBench,
	token,
	until,
	type Bench,
	type Heard
} from './support.ts';

let bench: Bench;
beforeAll(async () => {
	bench = await startBench();
	await bench.owner.unsafe(`
		create table public.tasks (id int primary key, team text);
		alter table public.tasks enable row level security;
		create policy "a team sees its tasks" on public.tasks for select to authenticated
			using (team = auth.jwt() ->> 'team');
		grant select on public.tasks to authenticated;
		alter publication supabase_realtime add table public.tasks;`);
}, 30_000);
afterEach(dropClients);
afterAll(() => bench.stop());

/** A client that comes back quickly, and what it heard and was told. */
async function listen(team: string) {
	const jwt = await token(bench, { team });
	const supabase = await client(bench, () => jwt, { reconnectAfterMs: () => 50 });
	const heard: Heard[] = [];
	const told: string[] = [];
	supabase
		.channel('tasks')
		.on('postgres_changes', { event: '*', schema: 'public', table: 'tasks' }, (change) =>
			heard.push(change as never)
		)
		.on('system', {}, ({ message }) => void told.push(message))
		.subscribe();
	const subscribed = (times: number) =>
		until(() => told.filter((text) => text === 'Subscribed to PostgreSQL').length === times);
	await subscribed(1);
	return { ids: () => heard.map((each) => each.new.id ?? each.old.id), told, subscribed };
}

const add = (id: number) => bench.owner`insert into public.tasks values (${id}, 'north')`;

test('a broken WAL connection and a killed Postgres lose nothing and double nothing', async () => {
	const { ids, told } = await listen('north');
	await add(1);
	await until(() => ids().length === 1);
	await bench.admin`select pg_terminate_backend(pid) from pg_stat_replication`;
	await add(2);
	await until(() => ids().length === 2);
	await bench.killPostgres();
	await bench.startPostgres();
	await add(3);
	await until(() => ids().length === 3);
	await settle();
	expect(ids()).toEqual([1, 2, 3]);
	expect(told).toEqual(['Subscribed to PostgreSQL']);
	await bench.owner`delete from public.tasks`;
});

test('after a restart of realtime clients are subscribed again by themselves', async () => {
	const { ids, subscribed } = await listen('north');
	await bench.realtime().stop();
	await bench.startRealtime();
	await subscribed(2);
	await add(4);
	await until(() => ids().includes(4));
	const [row] = await bench.admin`select count(*)::int as n from realtime.subscription`;
	expect(row?.n).toBe(1);
	await bench.owner`delete from public.tasks`;
});

test('subscribing while Postgres is away says so, and succeeds when it is back', async () => {
	const socket = await Socket.open(bench);
	await bench.killPostgres();
	const postgres_changes = [{ event: '*', schema: 'public', table: 'tasks' }];
	await socket.join('early', { postgres_changes }, await token(bench, { team: 'north' }));
	await socket.next(({ event, payload }) => event === 'system' && payload.status === 'error');
	const waited = await socket.join('waiting', {
		postgres_changes,
		postgres_changes_options: { wait: true, timeout: 300 }
	});
	expect(waited.payload.response).toEqual({
		reason:
			'PostgresChangesSubscribeTimeout: Timed out after 300ms waiting for the postgres_changes subscription'
	});
	await bench.startPostgres();
	await socket.next(({ event, payload }) => event === 'system' && payload.status === 'ok');
	await add(5);
	await socket.next(({ event }) => event === 'postgres_changes');
	socket.close();
	await bench.owner`delete from public.tasks`;
});

test('a publication dropped and made again, as many migrations do, is followed', async () => {
	const { ids, told } = await listen('north');
	// in one transaction, as a migration is: whatever is written in between could not be read from the WAL
	await bench.owner.unsafe(`drop publication supabase_realtime;
		create publication supabase_realtime for table public.tasks`);
	await add(10);
	await until(() => ids().includes(10));
	expect(told[0]).toBe('Subscribed to PostgreSQL');
	await bench.owner`delete from public.tasks`;
});

test('200 listeners with different claims: 100 changes each in time, and exactly theirs', async () => {
	const sockets = await Promise.all(
		Array.from({ length: 20 }, (_, n) => Socket.open(bench).then((socket) => ({ socket, n })))
	);
	const postgres_changes = [{ event: '*', schema: 'public', table: 'tasks' }];
	for (const { socket, n } of sockets) {
		for (let channel = 0; channel < 10; channel++) {
			const jwt = await token(bench, { team: n % 2 ? 'north' : 'south', n, channel });
			await socket.join(`many ${channel}`, { postgres_changes }, jwt);
		}
		await until(() => socket.of('system').length === 10);
	}
	const began = performance.now();
	await bench.owner`insert into public.tasks
		select n, case when n % 4 = 0 then 'north' else 'south' end from generate_series(1, 100) n`;
	const expected = (n: number) => 10 * (n % 2 ? 25 : 75);
	await until(() =>
		sockets.every(({ socket, n }) => socket.of('postgres_changes').length === expected(n))
	);
	expect(performance.now() - began).toBeLessThan(4000);
	for (const { socket } of sockets) socket.close();
});
