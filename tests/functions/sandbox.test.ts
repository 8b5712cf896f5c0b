// what a function may see and do: its environment, packages without a network, and nothing else
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { denoBinary } from '../../supabase/embedded/functions/deno.ts';
import { copyFixtures, startFunctionsStack, until, type FunctionsStack } from './support.ts';

let stack: FunctionsStack;

beforeAll(async () => {
	stack = await startFunctionsStack();
});
afterAll(() => stack.dispose());

it('a function sees exactly Supabase’s variables, the keys of web push and the user’s secrets', async () => {
	const seen = (await (await stack.call('environment')).json()) as Record<string, string>;
	expect(seen).toEqual({
		MY_SECRET: 'two words',
		SUPABASE_URL: stack.url,
		SUPABASE_DB_URL: stack.dbUrl,
		SUPABASE_ANON_KEY: stack.secrets.anonKey,
		SUPABASE_SERVICE_ROLE_KEY: stack.secrets.serviceRoleKey,
		SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: stack.keys.publishable }),
		SUPABASE_SECRET_KEYS: JSON.stringify({ default: stack.keys.secret }),
		SUPABASE_JWKS: expect.any(String),
		VAPID_PUBLIC_KEY: stack.secrets.vapid.publicKey,
		VAPID_PRIVATE_KEY: stack.secrets.vapid.privateKey
	});
	const [key] = (JSON.parse(seen.SUPABASE_JWKS ?? '') as { keys: Record<string, string>[] }).keys;
	expect(key).toMatchObject({ kty: 'oct', alg: 'HS256', kid: stack.secrets.keyId });
	expect(Buffer.from(key?.k ?? '', 'base64url').toString()).toBe(stack.secrets.jwtSecret);
	// a reserved name in .env is said to be ignored, its value is not told
	const [skipped] = stack.logs().filter(({ event }) => event === 'function_secrets_skipped');
	expect(skipped).toMatchObject({ names: ['SUPABASE_URL'] });
});

it('a function is refused files, programs, signals, libraries and facts about the system', async () => {
	const outcome = (await (await stack.call('forbidden')).json()) as Record<string, string>;
	const { own, ...refused } = outcome;
	expect(own).toBe('my own file');
	expect(Object.keys(refused)).toHaveLength(10);
	for (const [attempt, name] of Object.entries(refused)) {
		expect(`${attempt}: ${name}`).toBe(`${attempt}: NotCapable`);
	}
	expect(existsSync(join(stack.directory, 'forbidden/written.txt'))).toBe(false);
	expect(existsSync('/tmp/written-by-a-function.txt')).toBe(false);
});

it('a function never runs as root', async () => {
	await stack.call('exported');
	const [{ pid } = { pid: 0 }] = stack
		.functionProcesses()
		.filter(({ name }) => name === 'exported');
	const uid = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
	expect(uid).not.toBe('0');
	expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(stack.keys.secret);
});

describe('packages', () => {
	it('come from node_modules, and supabase-js works inside', async () => {
		const answer = await stack.call('packages', { method: 'POST', body: '{"name":"Olena"}' });
		// anon may not read orders: the answer comes from the database, not from a mock
		expect(await answer.json()).toEqual({ name: 'Olena', code: '42501' });
	});

	it('and shared files can be named by a function’s own deno.json', async () => {
		expect(await (await stack.call('mapped')).text()).toBe('mapped: Hello from _shared');
	});

	it('are never fetched: code from the network is a boot error that names it', async () => {
		const answer = await stack.call('remote');
		expect(answer.status).toBe(503);
		await until('the log names the module', () =>
			stack
				.logs()
				.some((line) => line.function === 'remote' && /esm\.sh\/zod/.test(line.message ?? ''))
		);
	});

	it('need no network at all', ({ skip }) => {
		const isolated = ['-n', '--', denoBinary()];
		try {
			execFileSync('unshare', ['-n', 'true'], { stdio: 'ignore' });
		} catch {
			skip('this machine does not let us cut the network off');
		}
		const project = copyFixtures();
		const cache = join(project, 'cache');
		try {
			const output = execFileSync(
				'unshare',
				[
					...isolated,
					...['run', '--no-prompt', '--no-lock', '--no-remote', '--node-modules-dir=manual'],
					...['--config', join(project, 'supabase/functions/mapped/deno.json')],
					join(project, 'supabase/functions/offline.ts')
				],
				{ env: { DENO_DIR: cache, PATH: '/bin' }, encoding: 'utf8', cwd: '/' }
			);
			expect(output.trim()).toBe('function function');
		} finally {
			rmSync(project, { recursive: true, force: true });
		}
	});
});

it('the program is found where npm puts it', () => {
	expect(denoBinary()).toMatch(/node_modules\/(deno|@deno\/[^/]+)\/deno$/);
	expect(denoBinary()).not.toContain(fileURLToPath(new URL('.', import.meta.url)));
	expect(execFileSync(denoBinary(), ['--version'], { encoding: 'utf8' })).toMatch(/^deno 2\./);
});
