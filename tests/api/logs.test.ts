import { spawn } from 'node:child_process';
import {
	appendFileSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLog } from '../../supabase/embedded/log.ts';
import { PROJECT, script } from '../support/command.ts';

let home: string;

beforeAll(() => {
	home = mkdtempSync(join(tmpdir(), 'verstak-test-logs-'));
	mkdirSync(join(home, 'logs'));
	const lines = Array.from({ length: 2_000 }, (_, n) => `line ${n}: ${'x'.repeat(40)}`);
	writeFileSync(join(home, 'logs/stack.log'), `${lines.join('\n')}\n`);
	writeFileSync(join(home, 'logs/postgres.log'), 'checkpoint\n');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('shows the last lines of one log, or of all with their names', async () => {
	const one = await script('logs', home, 'stack');
	const lines = one.out.trim().split('\n');
	expect(lines).toHaveLength(50);
	expect(lines[0]).toMatch(/^line 1950: x+$/);
	const all = await script('logs', home);
	expect(all.out).toContain('postgres  checkpoint');
	expect(all.out).toContain('stack     line 1999');
});

it('says what there is', async () => {
	const wrong = await script('logs', home, 'nothing');
	expect(wrong).toMatchObject({
		code: 1,
		out: expect.stringContaining('postgres, stack, functions')
	});
	expect((await script('logs', home, 'functions')).out).toContain('no log of functions yet');
	expect(await script('logs', join(home, 'none'))).toMatchObject({
		code: 1,
		out: expect.stringContaining('npm start')
	});
});

it('follows a log that appears, line by whole line', async () => {
	const follower = spawn('node', ['scripts/logs.ts', 'functions', '-f'], {
		cwd: PROJECT,
		env: { ...process.env, VERSTAK_HOME: home }
	});
	try {
		let followed = '';
		follower.stdout.on('data', (chunk: Buffer) => (followed += chunk.toString()));
		await new Promise((done) => follower.stderr.once('data', done));
		appendFileSync(join(home, 'logs/functions.log'), 'hello from a function\nhalf a li');
		await expect.poll(() => followed, { timeout: 10_000 }).toBe('hello from a function\n');
		appendFileSync(join(home, 'logs/functions.log'), 'ne\n');
		await expect
			.poll(() => followed, { timeout: 10_000 })
			.toBe('hello from a function\nhalf a line\n');
	} finally {
		follower.kill();
	}
});

it('a log begins anew when it is full; the one before stays, no line is lost or cut', async () => {
	const file = join(home, 'logs/full.log');
	const { log, close } = openLog(file, 1_000);
	for (let n = 0; n < 30; n++) log('counted', { n });
	close();
	const read = (name: string) =>
		readFileSync(name, 'utf8')
			.trim()
			.split('\n')
			.map((line) => (JSON.parse(line) as { n: number }).n);
	await expect.poll(() => read(file).at(-1)).toBe(29);
	const lines = [...read(`${file}.1`), ...read(file)];
	expect(lines).toEqual(Array.from({ length: lines.length }, (_, i) => 30 - lines.length + i));
	expect(statSync(`${file}.1`).size).toBeLessThan(1_200);
	expect(statSync(file).size).toBeLessThan(1_200);
});
