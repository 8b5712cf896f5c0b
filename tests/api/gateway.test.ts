import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { start } from '../../supabase/embedded/start.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { copyTemplate, removeHome } from '../support/template.ts';

let stack: TestStack;

beforeAll(async () => {
	stack = await startTestStack('demo');
});
afterAll(() => stack.dispose());

it('answers preflights from any origin', async () => {
	const answer = await fetch(`${stack.url}/rest/v1/orders`, {
		method: 'OPTIONS',
		headers: {
			origin: 'http://shop.example',
			'access-control-request-headers': 'apikey, x-client-info'
		}
	});
	expect(answer.status).toBe(204);
	expect(answer.headers.get('access-control-allow-origin')).toBe('*');
	expect(answer.headers.get('access-control-allow-headers')).toContain('x-client-info');
});

it('tells its health', async () => {
	const answer = await fetch(`${stack.url}/health`);
	expect(answer.status).toBe(200);
	expect(await answer.json()).toMatchObject({
		ok: true,
		postgres: 'ok',
		rest: 'ok',
		auth: 'ok',
		realtime: 'ok',
		storage: 'ok',
		mail: 'ok',
		jobs: 'ok'
	});
});

it('answers 404 in JSON for what it does not serve', async () => {
	const answer = await fetch(`${stack.url}/nothing/here`);
	expect(answer.status).toBe(404);
	expect(await answer.json()).toHaveProperty('message');
});

it('refuses a body beyond its limit and goes on working', async () => {
	const answer = await fetch(`${stack.url}/rest/v1/rpc/my_permissions`, {
		method: 'POST',
		headers: { apikey: stack.keys.publishable, 'content-type': 'application/json' },
		body: Buffer.alloc(11_000_000, 0x20)
	}).catch(() => null);
	// the server may close the connection before the client has sent all of it
	if (answer) expect(answer.status).toBe(413);
	expect((await fetch(`${stack.url}/health`)).status).toBe(200);
});

describe('an installation', () => {
	it('listens on loopback only', async () => {
		const outside = Object.values(networkInterfaces())
			.flat()
			.find((address) => address && !address.internal && address.family === 'IPv4');
		if (!outside) return;
		for (const port of [stack.ports.api, stack.ports.db]) {
			await expect(reach(outside.address, port)).resolves.toBe(false);
		}
	});

	it('keeps its secrets in a file only its owner reads', () => {
		expect(statSync(join(stack.home, 'secrets.json')).mode & 0o777).toBe(0o600);
	});

	it('has secrets of its own', async () => {
		const home = join(copyTemplate('empty'), '..', 'other');
		const other = await start({ home, ports: { api: await freePort(), db: await freePort() } });
		try {
			expect(other.secrets.jwtSecret).not.toBe(stack.secrets.jwtSecret);
			expect(other.keys.publishable).not.toBe(stack.keys.publishable);
		} finally {
			await other.stop();
			removeHome(home);
		}
	});

	it('says which port is busy', async () => {
		const home = copyTemplate('empty');
		const db = await freePort();
		await expect(start({ home, ports: { api: stack.ports.api, db } })).rejects.toThrow(
			`Port ${stack.ports.api}`
		);
		await expect(
			start({ home, ports: { api: await freePort(), db: stack.ports.db } })
		).rejects.toThrow(`Port ${stack.ports.db}`);
		removeHome(home);
	});
});

function reach(host: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host, port, timeout: 1_000 });
		const end = (reached: boolean) => {
			socket.destroy();
			resolve(reached);
		};
		socket.once('connect', () => end(true));
		socket.once('error', () => end(false));
		socket.once('timeout', () => end(false));
	});
}
