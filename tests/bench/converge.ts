/** Suite `converge`: the convergence test at full size. Fails if boards and database differ. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchCase } from './bench.ts';

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

export async function runConverge(): Promise<BenchCase[]> {
	const directory = mkdtempSync(join(tmpdir(), 'verstak-converge-'));
	const file = join(directory, 'report.json');
	const { BENCH_ACTS = '10000', BENCH_FAULTS = '40' } = process.env;
	try {
		const { status } = spawnSync(
			process.execPath,
			[vitest, 'run', '--project', 'convergence', '--testTimeout', '1800000'],
			{
				stdio: 'inherit',
				env: {
					...process.env,
					CONVERGE_ACTS: BENCH_ACTS,
					CONVERGE_FAULTS: BENCH_FAULTS,
					CONVERGE_REPORT: file
				}
			}
		);
		if (status !== 0) throw new Error('boards and database do not agree');
		const report = JSON.parse(readFileSync(file, 'utf8')) as Omit<BenchCase, 'name'>;
		return [{ name: `${report.clients} boards`, ...report } as BenchCase];
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}
