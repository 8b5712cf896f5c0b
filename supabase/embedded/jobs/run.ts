/**
 * One run of one job. A session-level advisory lock on a connection of its own keeps every other
 * scheduler of this database out for as long as the run lasts, and no longer when we die.
 */
import type { ReservedSql, Sql } from 'postgres';
import type { Log } from '../log.ts';
import { Client } from '../postgres/clients.ts';

export type Job = {
	name: string;
	schedule: string;
	kind: 'sql' | 'function';
	command: string;
	timeoutMs: number;
	catchUp: boolean;
	seenUntil: Date;
};

export type Outcome = {
	state: 'succeeded' | 'failed' | 'timed_out';
	result: string | null;
	error: string | null;
};

export type RunContext = {
	/** superuser: bookkeeping and the lock */
	admin: Sql;
	/** the schema's owner: SQL jobs run with its rights, as pg_cron's do on hosted */
	ownerUrl: string;
	callFunction: FunctionCall;
	/** runs kept per job */
	keep: number;
	log: Log;
};

/** Calls an edge function by its path below `/functions/v1/`; the signal ends the call. */
export type FunctionCall = (path: string, job: string, signal: AbortSignal) => Promise<Response>;

const LOCK_CLASS = 54_322;

/** Runs the job for one due time unless it is being run, or was run, somewhere else. */
export async function runJob(context: RunContext, job: Job, due: Date): Promise<void> {
	const locked = await context.admin.reserve();
	try {
		const [lock] = await locked<{ taken: boolean }[]>`
			select pg_try_advisory_lock(${LOCK_CLASS}, hashtext(${job.name})) as taken`;
		if (!lock?.taken) return context.log('job_skipped', { job: job.name, due: due.toISOString() });
		try {
			await runLocked(context, locked, job, due);
		} finally {
			await locked`select pg_advisory_unlock(${LOCK_CLASS}, hashtext(${job.name}))`;
		}
	} finally {
		locked.release();
	}
}

async function runLocked(
	context: RunContext,
	locked: ReservedSql,
	job: Job,
	due: Date
): Promise<void> {
	const [run] = await locked<{ id: string | null }[]>`
		select jobs.begin_run(${job.name}, ${due}) as id`;
	if (!run?.id) return;
	const began = Date.now();
	const outcome = await (job.kind === 'sql' ? runSql(context, job) : callFunction(context, job));
	await locked`select jobs.finish_run(${run.id}, ${outcome.state}, ${outcome.result},
		${outcome.error}, ${context.keep})`;
	const { state } = outcome;
	context.log(`job_${state}`, { job: job.name, ms: Date.now() - began });
}

/** On a connection of its own, because a job may leave anything behind in its session. */
async function runSql({ ownerUrl, admin }: RunContext, job: Job): Promise<Outcome> {
	const session = new Client(ownerUrl, {
		max: 1,
		connection: { application_name: `job ${job.name}`, statement_timeout: job.timeoutMs }
	});
	let timer: NodeJS.Timeout | undefined;
	let ended = false;
	try {
		const [own] = await session.sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
		// for code that has its own idea of statement_timeout, or many statements
		timer = setTimeout(() => {
			ended = true;
			void admin`select pg_terminate_backend(${own?.pid ?? 0})`.catch(() => {});
		}, job.timeoutMs + 500);
		const rows = await session.orLost(session.sql.unsafe(job.command).simple());
		return { state: 'succeeded', result: JSON.stringify(rows.slice(0, 5)), error: null };
	} catch (error) {
		const { code, message } = error as { code?: string; message: string };
		const state = ended || code === '57014' ? 'timed_out' : 'failed';
		return { state, result: null, error: code ? `${code}: ${message}` : message };
	} finally {
		clearTimeout(timer);
		await session.sql.end({ timeout: 0 }).catch(() => {});
	}
}

async function callFunction({ callFunction: call }: RunContext, job: Job): Promise<Outcome> {
	try {
		const answer = await call(job.command, job.name, AbortSignal.timeout(job.timeoutMs));
		const said = `${answer.status} ${(await answer.text()).slice(0, 1_000)}`.trim();
		return answer.ok
			? { state: 'succeeded', result: said, error: null }
			: { state: 'failed', result: null, error: said };
	} catch (error) {
		const { name, message } = error as Error;
		const state = name === 'TimeoutError' ? 'timed_out' : 'failed';
		return { state, result: null, error: message };
	}
}
