// jobs run on time, once, and what happened is written down
import { setTimeout as sleep } from 'node:timers/promises';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scheduler } from '../../supabase/embedded/jobs/scheduler.ts';
import { startFunctionsStack, until, type FunctionsStack } from './support.ts';

type Run = {
	state: string;
	result: string | null;
	error: string | null;
	due_at: Date;
	started_at: Date;
	finished_at: Date | null;
};

let stack: FunctionsStack;
let admin: Sql;

beforeAll(async () => {
	stack = await startFunctionsStack();
	admin = postgres(stack.urls.admin, { max: 2, onnotice: () => {} });
	await admin`create table public.job_marks (name text, began timestamptz, ended timestamptz)`;
	await admin`alter table public.job_marks owner to postgres`;
});
afterAll(async () => {
	await admin.end();
	await stack.dispose();
});

const EVERY_SECOND = '* * * * * *';
const MARK = (name: string, seconds = 0) =>
	`insert into public.job_marks values ('${name}', clock_timestamp(), null);
	commit; select pg_sleep(${seconds});
	update public.job_marks set ended = clock_timestamp() where name = '${name}' and ended is null`;

async function add(
	name: string,
	job: Partial<Record<'schedule' | 'kind' | 'command' | 'timeout', string>>
) {
	const {
		schedule = EVERY_SECOND,
		kind = 'sql',
		command = 'select 1 as one',
		timeout = '5s'
	} = job;
	await admin`insert into jobs.jobs (name, schedule, kind, command, timeout)
		values (${name}, ${schedule}, ${kind}, ${command}, ${timeout}::interval)`;
	await stack.reloadSchema();
}
const remove = async (name: string) => {
	await admin`update jobs.jobs set active = false where name = ${name}`;
	await stack.reloadSchema();
};
const runs = (name: string) =>
	admin<Run[]>`select * from jobs.runs where job = ${name} order by started_at`;
const firstEnded = async (name: string): Promise<Run> => {
	let ended: Run | undefined;
	await until(`${name} ended`, async () => {
		ended = (await runs(name)).find(({ state }) => state !== 'running');
		return ended !== undefined;
	});
	return ended as Run;
};

describe('a run', () => {
	it('begins at its second and its result is kept', async () => {
		await add('punctual', {});
		await until('three runs', async () => (await runs('punctual')).length >= 3);
		await remove('punctual');
		await until('the last ended', async () =>
			(await runs('punctual')).every(({ state }) => state !== 'running')
		);
		const made = await runs('punctual');
		for (const { due_at, started_at, state, result } of made) {
			expect({ state, result }).toEqual({ state: 'succeeded', result: '[{"one":1}]' });
			expect(due_at.getMilliseconds()).toBe(0);
			expect(started_at.getTime() - due_at.getTime()).toBeLessThan(900);
		}
		const dues = made.map(({ due_at }) => due_at.getTime());
		expect(dues).toEqual(dues.map((_, at) => (dues[0] as number) + at * 1_000));
	});

	it('has the rights of the schema’s owner, not of a superuser', async () => {
		await add('who', {
			command: 'select current_user::text, rolsuper from pg_roles where rolname = current_user'
		});
		expect((await firstEnded('who')).result).toBe('[{"current_user":"postgres","rolsuper":false}]');
		await remove('who');
	});

	it('of an edge function passes verify_jwt with the service key', async () => {
		await add('called', { kind: 'function', command: 'guarded' });
		const run = await firstEnded('called');
		await remove('called');
		expect(run).toMatchObject({ state: 'succeeded' });
		expect(run.result).toBe(`200 let in Bearer ${stack.secrets.serviceRoleKey}`);
	});

	it.each([
		['sql', 'select 1 / 0', /^22012: division by zero/],
		['function', 'faults/throw', /^500 Internal Server Error/],
		['function', 'nothing', /^404 Function not found/]
	])('of a failing %s (%s) is recorded, and others go on', async (kind, command, error) => {
		const name = `failing_${command.replace(/\W/g, '_')}`;
		await add(name, { kind, command });
		const run = await firstEnded(name);
		await remove(name);
		expect(run.state).toBe('failed');
		expect(run.error).toMatch(error);
	});

	it.each([
		['sql', 'select pg_sleep(60)'],
		['sql', 'set statement_timeout = 0; select pg_sleep(60)'],
		['function', 'faults/hang']
	])('of a hung %s (%s) is ended at its timeout', async (kind, command) => {
		const name = `hung_${command.replace(/\W/g, '_')}`;
		await add(name, { kind, command, timeout: '1s' });
		const run = await firstEnded(name);
		await remove(name);
		expect(run.state).toBe('timed_out');
		expect((run.finished_at?.getTime() ?? 0) - run.started_at.getTime()).toBeLessThan(4_000);
		await until('nothing is left of it', async () => {
			const left =
				await admin`select from pg_stat_activity where application_name = ${`job ${name}`}`;
			return left.length === 0;
		});
	});

	it('with a senseless schedule is refused aloud, and others go on', async () => {
		await add('senseless', { schedule: '99 * * * *' });
		await add('sensible', {});
		expect((await firstEnded('sensible')).state).toBe('succeeded');
		await remove('sensible');
		expect(await runs('senseless')).toHaveLength(0);
		await remove('senseless');
		expect((await (await fetch(`${stack.url}/health`)).json()) as object).toMatchObject({
			jobs: 'ok'
		});
	});

	it('is forgotten when newer ones are enough', async () => {
		await admin`insert into jobs.jobs (name, schedule, kind, command)
			values ('chatty', ${EVERY_SECOND}, 'sql', 'select 1')`;
		await admin`insert into jobs.runs (job, due_at, started_at, state)
			select 'chatty', now() - n * interval '1 hour', now() - n * interval '1 hour', 'succeeded'
			from generate_series(1, 120) n`;
		await stack.reloadSchema();
		await until('it was trimmed', async () => (await runs('chatty')).length <= 50);
		await remove('chatty');
	});
});

describe('never twice at once', () => {
	/** Marks whose time overlaps with another's of the same job. */
	const overlaps = (name: string) => admin`
		select a.began from public.job_marks a join public.job_marks b
			on a.name = b.name and a.ctid <> b.ctid and a.began < b.ended and b.began < a.ended
		where a.name = ${name}`;

	it('when a run takes longer than the time between two', async () => {
		await add('long', { command: MARK('long', 1.6) });
		await until('three runs', async () => (await runs('long')).length >= 3);
		await remove('long');
		expect(await overlaps('long')).toHaveLength(0);
	});

	it('when two schedulers serve one database', async () => {
		const skipped: string[] = [];
		const other = new Scheduler({
			urls: stack.urls,
			callFunction: () => Promise.reject(new Error('not in this test')),
			log: (event) => void skipped.push(event)
		});
		await add('shared', { command: MARK('shared', 1.3) });
		await other.reload();
		await until('four runs', async () => (await runs('shared')).length >= 4);
		await remove('shared');
		await other.reload();
		await other.stop();
		await sleep(500);
		const made = await runs('shared');
		const [marks] =
			await admin`select count(*)::int as n from public.job_marks where name = 'shared'`;
		expect(marks?.n).toBe(made.length);
		expect(new Set(made.map(({ due_at }) => due_at.getTime())).size).toBe(made.length);
		expect(await overlaps('shared')).toHaveLength(0);
	});
});

it('people who use the API see nothing of it', async () => {
	const [rights] = await admin`
		select has_schema_privilege('authenticated', 'jobs', 'usage') as signed_in,
			has_schema_privilege('service_role', 'jobs', 'usage') as service,
			has_table_privilege('authenticated', 'private.scheduled_jobs', 'select') as declared`;
	expect(rights).toEqual({ signed_in: false, service: false, declared: false });
});
