/**
 * `npm run bench -- <suite> [--json <file>]`: measures on a private stack and prints a table.
 * Milliseconds unless a column says otherwise. Nothing here passes or fails but `converge`; budgets
 * are in docs/performance.md.
 */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { prepareTemplates } from '../support/template.ts';
import { runBoard } from './board.ts';
import { runConverge } from './converge.ts';
import { runFanout } from './fanout.ts';
import { runLive } from './live.ts';
import { runSql } from './sql.ts';

export type BenchCase = { name: string } & Record<string, string | number | null>;

const SUITES: Record<string, () => Promise<BenchCase[]>> = {
	live: runLive,
	fanout: runFanout,
	board: runBoard,
	converge: runConverge,
	sql: runSql
};

async function main(): Promise<void> {
	const [suite = 'live'] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
	const run = SUITES[suite];
	if (!run) {
		throw new Error(`There is no suite "${suite}". Suites: ${Object.keys(SUITES).join(', ')}`);
	}
	await prepareTemplates();
	const cases = await run();
	const machine = {
		cores: cpus().length,
		cpu: cpus()[0]?.model ?? 'unknown',
		memory_gb: Math.round(totalmem() / 1e9),
		node: process.version
	};
	console.table(Object.fromEntries(cases.map(({ name, ...values }) => [name, values])));
	const flag = process.argv.indexOf('--json');
	const file = flag > 0 ? process.argv[flag + 1] : undefined;
	if (file) writeFileSync(file, `${JSON.stringify({ suite, machine, cases }, null, '\t')}\n`);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
