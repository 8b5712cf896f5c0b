// functions that misbehave: the caller gets Supabase's answer, everybody else goes on
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, startFunctionsStack, until, type FunctionsStack } from './support.ts';

let stack: FunctionsStack;

const LIMITS = { cpuMs: 700, wallMs: 6_000, memoryMb: 96, idleMs: 1_500, bootMs: 4_000 };
const LIMIT = {
	code: 'WORKER_LIMIT',
	message: 'Worker failed to respond due to a resource limit (please check logs)'
};

beforeAll(async () => {
	stack = await startFunctionsStack(LIMITS);
});
afterAll(() => stack.dispose());

const saidBy = (name: string) =>
	stack
		.logs()
		.filter((line) => line.function === name && line.message)
		.map(({ message }) => message as string);
const limitsOf = (name: string) =>
	stack
		.logs()
		.filter((line) => line.function === name && line.event === 'function_limit')
		.map(({ limit }) => limit);
const ok = async (path: string) => (await stack.call(path)).text();

describe('a function that does not boot', () => {
	it.each([
		['broken', /broken on purpose/],
		['silent', /neither calls Deno\.serve nor exports/]
	])('%s: 503, and the log says why', async (name, reason) => {
		const answer = await stack.call(name);
		expect(answer.status).toBe(503);
		expect(await answer.json()).toEqual({
			code: 'BOOT_ERROR',
			message: 'Worker failed to boot (please check logs)'
		});
		await until('the reason is in the log', () => saidBy(name).some((line) => reason.test(line)));
	});

	it('is not started for each request of a crowd', async () => {
		writeFileSync(join(stack.directory, 'broken/index.ts'), 'throw new Error("again");\n');
		await sleep(250);
		const answers = await Promise.all(Array.from({ length: 30 }, () => stack.call('broken')));
		expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
		const starts = saidBy('broken').filter((line) => line.includes('Error: again'));
		expect(starts.length).toBeLessThan(4);
	});
});

describe('a function that fails', () => {
	it('by an exception answers 500 without telling it, and lives on', async () => {
		const before = await ok('faults');
		const answer = await stack.call('faults/throw');
		expect(answer.status).toBe(500);
		expect(await answer.text()).toBe('Internal Server Error');
		expect(await ok('faults')).toBe(before);
		await until('the log has it', () =>
			saidBy('faults').some((line) => line.includes('secret detail'))
		);
	});

	it.each(['exit', 'reject'])(
		'by its process’s end (%s) answers 500 and is started again',
		async (way) => {
			const before = await ok('faults');
			const answer = await stack.call(`faults/${way}`);
			expect(answer.status).toBe(500);
			expect(await answer.json()).toMatchObject({ code: 'WORKER_ERROR' });
			expect(await ok('faults')).toMatch(/^ok \d+$/);
			expect(await ok('faults')).not.toBe(before);
		}
	);

	it('by kill -9 between requests is started again by the next one', async () => {
		await ok('faults');
		const [{ pid } = { pid: 0 }] = stack
			.functionProcesses()
			.filter(({ name }) => name === 'faults');
		process.kill(pid, 'SIGKILL');
		await until(
			'the stack noticed',
			() => !stack.functionProcesses().some((one) => one.pid === pid)
		);
		expect(await ok('faults')).toMatch(/^ok/);
	});
});

describe('a limit', () => {
	it.each(['loop', 'spin'])('of processor time ends a busy function (%s) with 546', async (way) => {
		await ok('faults');
		const began = Date.now();
		const answer = await stack.call(`faults/${way}`);
		expect(answer.status).toBe(546);
		expect(await answer.json()).toEqual(LIMIT);
		expect(Date.now() - began).toBeLessThan(5_500);
		expect(limitsOf('faults').at(-1)).toBe('cpu');
		expect(await ok('faults')).toMatch(/^ok/);
	});

	it('of processor time holds while a crowd keeps calling', async () => {
		await ok('faults');
		const crowd = Promise.all(
			Array.from({ length: 20 }, async (_, at) => {
				await sleep(at * 200);
				return (await stack.call('faults/slow')).status;
			})
		);
		expect((await stack.call('faults/loop')).status).toBe(546);
		// who came too early shares the end of the process, who came later gets a new one
		for (const status of await crowd) expect([200, 546]).toContain(status);
		expect((await crowd).at(-1)).toBe(200);
	});

	it.each(['heap', 'buffers'])('of memory ends a hoarder (%s) with 546', async (way) => {
		await ok('faults');
		const answer = await stack.call(`faults/${way}`);
		expect(answer.status).toBe(546);
		expect(await answer.json()).toEqual(LIMIT);
		expect(await ok('faults')).toMatch(/^ok/);
	});

	it('of time answers 546 for the slow request and spares the others', async () => {
		const before = await ok('faults');
		const slow = stack.call('faults/hang');
		await sleep(LIMITS.wallMs - 200);
		const other = ok('faults/slow');
		expect((await slow).status).toBe(546);
		expect(await other).toBe(before);
		expect(await ok('faults')).not.toBe(before);
	});
});

describe('the process', () => {
	it('goes when nobody calls, after its background work', async () => {
		await stack.call('faults/later');
		const [{ pid } = { pid: 0 }] = stack
			.functionProcesses()
			.filter(({ name }) => name === 'faults');
		await until('it is gone', () => !isAlive(pid));
		expect(saidBy('faults').at(-1)).toBe('background work done');
		expect(await ok('faults')).toMatch(/^ok/);
	});

	it('is replaced when a file, what it shares or the settings change; requests in it finish', async () => {
		const file = join(stack.directory, 'exported/index.ts');
		const answerWith = (word: string) =>
			writeFileSync(
				file,
				`export default { fetch: async () => {
				await new Promise((done) => setTimeout(done, 600));
				return new Response('${word}');
			} };`
			);
		answerWith('first');
		await sleep(250);
		expect(await ok('exported')).toBe('first');
		const during = ok('exported');
		await sleep(100);
		answerWith('second');
		await sleep(250);
		expect(await Promise.all([during, ok('exported')])).toEqual(['first', 'second']);

		await stack.call('echo');
		writeFileSync(join(stack.directory, '_shared/greeting.ts'), "export const greeting = 'New';");
		await sleep(250);
		expect(await (await stack.call('echo')).json()).toMatchObject({ greeting: 'New' });

		writeFileSync(join(stack.directory, '.env'), 'MY_SECRET=changed\n');
		await sleep(250);
		const environment = (await (await stack.call('environment')).json()) as { MY_SECRET: string };
		expect(environment.MY_SECRET).toBe('changed');

		writeFileSync(join(stack.directory, '../config.toml'), '[functions.echo]\nverify_jwt = true\n');
		await sleep(250);
		expect((await stack.call('echo')).status).toBe(401);
		writeFileSync(join(stack.directory, '../config.toml'), 'this is [ no toml');
		await sleep(250);
		expect((await stack.call('echo')).status).toBe(401);
	});
});
