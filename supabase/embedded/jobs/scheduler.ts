/**
 * The embedded stack's place for pg_cron: runs SQL and edge functions on time. What is due is decided
 * from rows in `jobs`, so a restart forgets nothing and two schedulers of one database share the work.
 */
import type { Sql } from 'postgres';
import type { Log } from '../log.ts';
import { openPool } from '../postgres/pool.ts';
import { runJob, type FunctionCall, type Job } from './run.ts';
import { parseSchedule } from './schedule.ts';

export type SchedulerOptions = {
	urls: { admin: string; owner: string };
	callFunction: FunctionCall;
	log: Log;
	/** runs kept per job; 50 unless told otherwise */
	keep?: number;
};

/** the clock is looked at this often, also to notice that somebody moved it */
const TICK_MS = 1_000;
const READ_AGAIN_MS = 10_000;
/** of all jobs together; each needs two connections */
const AT_ONCE = 4;
const PATIENCE_MS = 3_000;

export class Scheduler {
	#options: SchedulerOptions;
	#admin: Sql;
	#jobs: Job[] = [];
	#readAt = 0;
	#running = new Map<string, Promise<void>>();
	#broken = new Map<string, string>();
	#timer: NodeJS.Timeout | undefined;
	#turn: Promise<void> = Promise.resolve();
	#open = true;
	#starting = true;
	#healthy = true;

	constructor(options: SchedulerOptions) {
		this.#options = options;
		this.#admin = openPool(options.urls.admin, { max: AT_ONCE + 2, idle_timeout: 30 });
		this.#again(0);
	}

	health(): 'ok' | 'down' {
		return this.#open && this.#healthy ? 'ok' : 'down';
	}

	/** To be called after migrations: reads the declared jobs now. */
	async reload(): Promise<void> {
		this.#readAt = 0;
		await this.#turn;
		clearTimeout(this.#timer);
		await this.#takeTurn();
	}

	/** Waits a moment for running jobs, then lets go of them; their runs are 'abandoned' then. */
	async stop(): Promise<void> {
		this.#open = false;
		clearTimeout(this.#timer);
		const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
		await Promise.race([Promise.allSettled([this.#turn, ...this.#running.values()]), patience]);
		await this.#admin.end({ timeout: 1 });
	}

	#again(ms: number): void {
		clearTimeout(this.#timer);
		if (this.#open) this.#timer = setTimeout(() => void this.#takeTurn(), ms);
	}

	#takeTurn(): Promise<void> {
		this.#turn = this.#turnOnce()
			.then(
				() => (this.#healthy = true),
				(error: Error) => {
					if (this.#healthy) this.#options.log('jobs_unavailable', { error: error.message });
					this.#healthy = false;
				}
			)
			// whole seconds, so that a job due at one starts right at it
			.then(() => this.#again(TICK_MS - (Date.now() % TICK_MS) + 2));
		return this.#turn;
	}

	async #turnOnce(): Promise<void> {
		if (!this.#open) return;
		if (Date.now() - this.#readAt > READ_AGAIN_MS || Date.now() < this.#readAt) await this.#read();
		const now = new Date();
		for (const job of this.#jobs) {
			const due = this.#dueTime(job, now);
			// a job that is still running is run once more when it is done, as pg_cron does it
			if (due && !this.#running.has(job.name) && this.#running.size < AT_ONCE) this.#run(job, due);
		}
	}

	#dueTime(job: Job, now: Date): Date | null {
		try {
			return parseSchedule(job.schedule).lastBetween(job.seenUntil, now);
		} catch (error) {
			const reason = `${job.schedule}: ${(error as Error).message}`;
			if (this.#broken.get(job.name) !== reason) {
				this.#broken.set(job.name, reason);
				this.#options.log('job_schedule_refused', { job: job.name, reason });
			}
			return null;
		}
	}

	#run(job: Job, due: Date): void {
		job.seenUntil = due;
		const { urls, callFunction, log, keep = 50 } = this.#options;
		const context = { admin: this.#admin, ownerUrl: urls.owner, callFunction, log, keep };
		const run = runJob(context, job, due)
			.catch((error: Error) => log('job_lost', { job: job.name, error: error.message }))
			.finally(() => this.#running.delete(job.name));
		this.#running.set(job.name, run);
	}

	async #read(): Promise<void> {
		await this.#admin`select jobs.read_declared()`;
		const known = new Map(this.#jobs.map((job) => [job.name, job]));
		const jobs = await this.#admin<Job[]>`
			select name, schedule, kind, command, catch_up as "catchUp", seen_until as "seenUntil",
				(extract(epoch from timeout) * 1000)::int as "timeoutMs"
			from jobs.jobs where active order by name`;
		const now = new Date();
		for (const job of jobs) {
			const before = known.get(job.name);
			if (before && before.schedule === job.schedule && before.seenUntil > job.seenUntil) {
				job.seenUntil = before.seenUntil;
			}
			// what was due while nothing ran stays undone unless the job says otherwise
			if (this.#starting && !job.catchUp && job.seenUntil < now) job.seenUntil = now;
		}
		this.#jobs = [...jobs];
		this.#starting = false;
		this.#readAt = Date.now();
	}
}
