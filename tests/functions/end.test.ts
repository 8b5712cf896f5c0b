// no process is left behind, however the stack ends
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { copyTemplate, prepareTemplates, removeHome } from '../support/template.ts';
import { copyFixtures, isAlive, startFunctionsStack, until } from './support.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

it('stop ends every function, also one in an endless loop', async () => {
	const stack = await startFunctionsStack();
	await stack.call('exported');
	await stack.call('faults');
	void stack.call('faults/loop').catch(() => {});
	await until('both run', () => stack.functionProcesses().filter(({ pid }) => pid).length === 2);
	const pids = stack.functionProcesses().map(({ pid }) => pid);
	const began = Date.now();
	await stack.dispose();
	expect(Date.now() - began).toBeLessThan(5_000);
	expect(pids.filter(isAlive)).toEqual([]);
});

it('kill -9 of the whole stack’s process ends them, too', async () => {
	await prepareTemplates();
	const project = copyFixtures();
	const home = copyTemplate('empty');
	const ports = { api: await freePort(), db: await freePort() };
	const script = join(project, 'parent.ts');
	writeFileSync(
		script,
		`import { start } from ${JSON.stringify(join(PROJECT, 'supabase/embedded/start.ts'))};
		const stack = await start(${JSON.stringify({ home, ports, functions: { directory: join(project, 'supabase/functions') } })});
		await fetch(stack.url + '/functions/v1/exported');
		await fetch(stack.url + '/functions/v1/faults');
		void fetch(stack.url + '/functions/v1/faults/loop').catch(() => {});
		setTimeout(() => console.log(JSON.stringify(stack.functionProcesses())), 300);`
	);
	const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
	try {
		const lines = createInterface({ input: parent.stdout });
		const [line] = (await Promise.race([
			new Promise((resolve) => lines.once('line', (text) => resolve([text]))),
			new Promise((_, reject) => parent.once('exit', () => reject(new Error('the stack ended'))))
		])) as [string];
		const pids = (JSON.parse(line) as { pid: number }[]).map(({ pid }) => pid);
		expect(pids).toHaveLength(2);
		expect(pids.every(isAlive)).toBe(true);
		parent.kill('SIGKILL');
		await until('no function is left', () => !pids.some(isAlive));
	} finally {
		parent.kill('SIGKILL');
		await until('its Postgres ended', async () => await portIsFree(ports.db));
		removeHome(home);
		rmSync(project, { recursive: true, force: true });
	}
});

function portIsFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ port, host: '127.0.0.1' });
		socket.once('connect', () => (socket.destroy(), resolve(false)));
		socket.once('error', () => resolve(true));
	});
}
