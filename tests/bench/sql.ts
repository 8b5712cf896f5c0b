/**
 * Suite `sql`: the statements of the API on a company of a million orders (`--orders N` for fewer, `--only
 * <words>` for cases of that name), each run with changing values and rolled back, and the plans of everything
 * inside them. `cpu` is the median of what Postgres itself worked (Linux only): on a busy machine it says more
 * than the clock does.
 */
import { readFileSync } from 'node:fs';
import postgres, { type Sql } from 'postgres';
import type { BenchCase } from './bench.ts';
import { now, percentiles } from './percentiles.ts';
import type { Person, SqlCase } from './sql-case.ts';
import { sqlCases } from './sql-cases.ts';
import { openLargeCluster } from './sql-cluster.ts';
import { takeSample } from './sql-sample.ts';
import { inspectPlan, type PlanFindings } from './sql-plans.ts';

const WARM = 3;
const RUNS = 25;
/** a slow case is not measured for longer than this */
const PATIENCE_MS = 8_000;
const BIG = 20_000;

export async function runSql(): Promise<BenchCase[]> {
	const only = option('--only') ?? '';
	const cluster = await openLargeCluster(Number(option('--orders') ?? 1_000_000));
	const notices: string[] = [];
	const sql = postgres(cluster.urls.admin, {
		max: 1,
		onnotice: ({ message }) => notices.push(message ?? '')
	});
	try {
		await sql`load 'auto_explain'`;
		const bigTables = await tablesAbove(sql, BIG);
		const people = await idsOfPeople(sql);
		const results: BenchCase[] = [];
		const cases = sqlCases(await takeSample(sql)).filter(({ name }) => name.includes(only));
		for (const one of cases) {
			results.push(await measure(sql, one, people[one.who], notices, bigTables));
		}
		return results;
	} finally {
		await sql.end();
		await cluster.stop();
	}
}

function option(name: string): string | undefined {
	const flag = process.argv.indexOf(name);
	return flag > 0 ? process.argv[flag + 1] : undefined;
}

async function tablesAbove(sql: Sql, rows: number): Promise<Set<string>> {
	const found = await sql<{ name: string }[]>`
		select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname in ('public', 'private') and c.relkind = 'r' and c.reltuples > ${rows}`;
	return new Set(found.map(({ name }) => name));
}

async function idsOfPeople(sql: Sql): Promise<Record<Person, string>> {
	const rows = await sql<{ name: string; id: string }[]>`
		select split_part(email, '@', 1) as name, id from auth.users where email like '%@demo.verstak.test'`;
	return Object.fromEntries(rows.map(({ name, id }) => [name, id])) as Record<Person, string>;
}

async function measure(
	sql: Sql,
	one: SqlCase,
	user: string,
	notices: string[],
	bigTables: Set<string>
): Promise<BenchCase> {
	const findings: PlanFindings = { scans: new Set(), perRow: new Set() };
	notices.length = 0;
	await runOnce(sql, user, one.sql(0), true);
	const plans = notices.map((notice) => inspectPlan(notice, bigTables, findings));
	const times: number[] = [];
	const work: number[] = [];
	const began = now();
	for (let run = 1; run <= WARM + RUNS; run++) {
		const { taken, worked } = await runOnce(sql, user, one.sql(run), false);
		if (run > WARM) times.push(taken);
		if (run > WARM && worked !== null) work.push(worked);
		if (now() - began > PATIENCE_MS && times.length >= 3) break;
	}
	const { p50, p95 } = percentiles(times);
	return {
		name: one.name,
		p50,
		p95,
		best: Math.round(Math.min(...times) * 100) / 100,
		cpu: percentiles(work).p50,
		runs: times.length,
		budget: one.budget,
		over: one.budget !== null && (p95 ?? 0) > one.budget ? 'OVER' : '',
		plans: plans.filter(Boolean).length,
		whole_scans: [...findings.scans].join(' '),
		rights_per_row: [...findings.perRow].join('; ')
	};
}

/** Milliseconds of the statement as the person, with its rows fetched; everything it did is taken back. */
async function runOnce(
	sql: Sql,
	user: string,
	statement: string,
	explain: boolean
): Promise<{ taken: number; worked: number | null }> {
	const claims = JSON.stringify({ sub: user, role: 'authenticated', aud: 'authenticated' });
	const rollback = new Error('rollback');
	let taken = 0;
	let worked: number | null = null;
	await sql
		.begin(async (tx) => {
			if (explain) await explainEverything(tx as unknown as Sql);
			await tx`select set_config('request.jwt.claims', ${claims}, true),
				set_config('request.jwt.claim.sub', ${user}, true), set_config('role', 'authenticated', true)`;
			const [backend] = await tx`select pg_backend_pid() as pid`;
			const [workedBefore, began] = [processorTime(backend?.pid), now()];
			await tx.unsafe(statement);
			taken = now() - began;
			const workedAfter = processorTime(backend?.pid);
			worked = workedBefore === null || workedAfter === null ? null : workedAfter - workedBefore;
			throw rollback;
		})
		.catch((error: unknown) => {
			if (error !== rollback) throw new Error(`${statement}: ${String(error)}`, { cause: error });
		});
	return { taken, worked };
}

/** Milliseconds a process of this machine has had a processor; null where the system does not say. */
function processorTime(pid: unknown): number | null {
	try {
		return Number(readFileSync(`/proc/${String(pid)}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
	} catch {
		return null;
	}
}

async function explainEverything(tx: Sql): Promise<void> {
	await tx`select set_config('auto_explain.log_min_duration', '0', true),
		set_config('auto_explain.log_nested_statements', 'on', true),
		set_config('auto_explain.log_format', 'json', true),
		set_config('auto_explain.log_level', 'notice', true),
		set_config('client_min_messages', 'notice', true)`;
}
