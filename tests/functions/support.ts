/** A stack whose functions are a private copy of the fixtures, so that a test may change them. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FunctionLimits } from '../../supabase/embedded/functions/options.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export type LogLine = {
	event: string;
	function?: string;
	message?: string;
	[field: string]: unknown;
};

export type FunctionsStack = TestStack & {
	/** the folder of functions, free to be edited */
	directory: string;
	call(path: string, init?: RequestInit): Promise<Response>;
	logs(): LogLine[];
};

/** A project with the fixtures in `supabase/functions` and this project's packages. */
export function copyFixtures(): string {
	const project = mkdtempSync(join(tmpdir(), 'verstak-test-functions-'));
	// mkdtemp closes the directory to the account functions run as
	execFileSync('chmod', ['755', project]);
	cpSync(FIXTURES, join(project, 'supabase'), { recursive: true });
	cpSync(join(PROJECT, 'package.json'), join(project, 'package.json'));
	symlinkSync(join(PROJECT, 'node_modules'), join(project, 'node_modules'));
	writeFileSync(
		join(project, 'supabase/functions/.env'),
		'MY_SECRET="two words"\nSUPABASE_URL=http://wrong.example\n'
	);
	return project;
}

export async function startFunctionsStack(
	limits: Partial<FunctionLimits> = {}
): Promise<FunctionsStack> {
	const project = copyFixtures();
	const directory = join(project, 'supabase/functions');
	const stack = await startTestStack('demo', { functions: { directory, limits } });
	return {
		...stack,
		directory,
		call: (path, init) => fetch(`${stack.url}/functions/v1/${path}`, init),
		logs: () => readLog(join(stack.home, 'logs/functions.log')),
		dispose: async () => {
			await stack.dispose();
			rmSync(project, { recursive: true, force: true });
		}
	};
}

function readLog(file: string): LogLine[] {
	const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
	return lines.map((line) => JSON.parse(line) as LogLine);
}

/** Waits until the check holds; says which did not when it never does. */
export async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
	for (let waited = 0; waited < 10_000; waited += 50) {
		if (await check()) return;
		await sleep(50);
	}
	throw new Error(`Waited 10 s in vain: ${what}`);
}

export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
	} catch {
		return false;
	}
	// a zombie nobody has waited for yet is not alive
	return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
