// what a function is given and what comes back, with the real Deno behind the real gateway
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFunctionsStack, until, type FunctionsStack } from './support.ts';

let stack: FunctionsStack;

beforeAll(async () => {
	stack = await startFunctionsStack();
});
afterAll(() => stack.dispose());

type Echo = {
	greeting: string;
	method: string;
	pathname: string;
	search: string;
	headers: Record<string, string>;
	caller: string;
	body: string;
};

describe('a request', () => {
	it('arrives with path, query, method, headers and body, and the answer comes back whole', async () => {
		const answer = await stack.call('echo/sub/path?a=1&b=%20', {
			method: 'PUT',
			headers: { 'x-mine': 'kept', 'content-type': 'text/plain' },
			body: 'привіт'
		});
		expect(answer.status).toBe(201);
		expect(answer.headers.get('x-echo')).toBe('yes');
		expect(answer.headers.getSetCookie()).toEqual(['a=1']);
		const echo = (await answer.json()) as Echo;
		expect(echo).toMatchObject({
			greeting: 'Hello from _shared',
			method: 'PUT',
			pathname: '/echo/sub/path',
			search: '?a=1&b=%20',
			body: 'привіт'
		});
		expect(echo.headers).toMatchObject({ 'x-mine': 'kept', 'content-type': 'text/plain' });
		expect(Object.keys(echo.headers).filter((name) => name.includes('embedded'))).toEqual([]);
	});

	it('carries the client address, after the one a proxy on this machine names', async () => {
		const direct = (await (await stack.call('echo')).json()) as Echo;
		expect(direct.headers['x-forwarded-for']).toBe('127.0.0.1');
		expect(direct.headers['x-forwarded-host']).toBe(new URL(stack.url).host);
		const proxied = (await (
			await stack.call('echo', { headers: { 'x-forwarded-for': '203.0.113.9' } })
		).json()) as Echo;
		expect(proxied.headers['x-forwarded-for']).toBe('203.0.113.9, 127.0.0.1');
		expect(proxied.caller).toBe('203.0.113.9');
	});

	it('is answered by `export default { fetch }`, too, and by another entrypoint', async () => {
		expect(await (await stack.call('exported/x')).text()).toBe('exported /exported/x');
		expect(await (await stack.call('elsewhere')).text()).toBe('another entrypoint');
	});

	it.each(['nothing', '', '_shared', 'disabled', '..%2f..%2fetc', '__proto__', 'constructor'])(
		'to the unknown function "%s" gets 404',
		async (name) => {
			const answer = await stack.call(name);
			expect(answer.status).toBe(404);
			expect(await answer.text()).toBe('Function not found');
		}
	);

	it('leaves CORS to the function, preflights included', async () => {
		const preflight = await stack.call('echo', { method: 'OPTIONS' });
		expect(await preflight.text()).toBe('preflight');
		expect(preflight.headers.get('access-control-allow-origin')).toBe('https://shop.example');
		expect((await stack.call('echo')).headers.get('access-control-allow-origin')).toBeNull();
	});

	it('cannot reach the process past the gateway', async () => {
		await stack.call('echo');
		const [booted] = stack.logs().filter(({ event }) => event === 'function_booted');
		const ports = portsOf(Number(booted?.pid));
		expect(ports).toHaveLength(1);
		expect((await fetch(`http://127.0.0.1:${ports[0]}/echo`)).status).toBe(403);
	});
});

it('malformed requests are answered without a failure of ours and hurt nobody', async () => {
	const port = Number(new URL(stack.url).port);
	const methods = ['GET', 'POST', 'TRACE', 'PROPFIND', 'HEAD', 'DELETE'];
	const paths = [
		'/x\xff\x80',
		'/%zz',
		'//..//',
		'?',
		'/%00',
		'/#a',
		'/a\\b',
		'/' + 'l'.repeat(9_000)
	];
	const headers = [
		'content-length: 5\r\n\r\nab',
		'transfer-encoding: chunked\r\n\r\nzz\r\n',
		'x-forwarded-for: \xff, ,\r\n\r\n',
		'x-embedded-key: guess\r\nx-embedded-pulse: 1\r\n\r\n',
		'expect: 100-continue\r\ncontent-length: 0\r\n\r\n',
		'connection: upgrade\r\nupgrade: websocket\r\n\r\n'
	];
	const seen = new Set<string>();
	for (const method of methods) {
		const requests = paths.flatMap((path) =>
			headers.map(
				(header) => `${method} /functions/v1/echo${path} HTTP/1.1\r\nhost: a\r\n${header}`
			)
		);
		const answers = await Promise.all(requests.map((bytes) => exchangeBytes(port, bytes)));
		answers.forEach((answer) => seen.add(answer));
	}
	expect([...seen].filter((status) => /^5/.test(status))).toEqual([]);
	// an upgrade finds nothing: functions have no WebSockets here
	expect([...seen]).toEqual(expect.arrayContaining(['201', '404']));
	expect((await stack.call('echo')).status).toBe(201);
	expect(stack.functionProcesses().filter(({ name }) => name === 'echo')).toHaveLength(1);
});

describe('verify_jwt', () => {
	const asked = (headers: Record<string, string>, method = 'GET') =>
		stack.call('guarded', { headers, method });
	const bearer = (token: string) => asked({ authorization: `Bearer ${token}` });
	const sign = (expires: string, secret = stack.secrets.jwtSecret) =>
		new SignJWT({ role: 'authenticated' })
			.setProtectedHeader({ alg: 'HS256' })
			.setExpirationTime(expires)
			.sign(new TextEncoder().encode(secret));

	it('is on unless config.toml says otherwise', async () => {
		const answer = await asked({});
		expect(answer.status).toBe(401);
		expect(await answer.json()).toEqual({ msg: 'Error: Missing authorization header' });
	});

	it('lets a signed-in person, the older keys and the new keys in', async () => {
		const client = await stack.signIn('coordinator');
		const { data, error } = await client.functions.invoke('guarded', { method: 'GET' });
		expect(error).toBeNull();
		expect(data).toMatch(/^let in Bearer eyJ/);
		expect((await bearer(await sign('1h'))).status).toBe(200);
		expect((await bearer(stack.secrets.anonKey)).status).toBe(200);
		expect((await stack.anonymous().functions.invoke('guarded')).error).toBeNull();
		expect((await asked({ apikey: stack.keys.secret })).status).toBe(200);
	});

	it('refuses forged, expired, unsigned and senseless tokens', async () => {
		const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`;
		const hs512 = unsignedAs('HS512');
		const tokens = [
			await sign('1h', 'x'.repeat(48)),
			await sign('-1m'),
			none,
			hs512,
			'senseless',
			'sb_publishable_wrong'
		];
		for (const token of tokens) {
			const answer = await bearer(token);
			expect(answer.status).toBe(401);
			expect(await answer.json()).toEqual({ msg: 'Invalid JWT' });
		}
		const basic = await asked({ authorization: 'Basic Zm9vOmJhcg==' });
		expect(await basic.json()).toEqual({ msg: "Error: Auth header is not 'Bearer {token}'" });
	});

	it('lets preflights pass', async () => {
		expect((await asked({}, 'OPTIONS')).status).toBe(200);
	});

	/** signed with the right secret, by an algorithm that is not ours */
	function unsignedAs(alg: string): string {
		const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
		const content = `${encode({ alg })}.${encode({ role: 'service_role' })}`;
		const signature = createHmac('sha512', stack.secrets.jwtSecret).update(content);
		return `${content}.${signature.digest('base64url')}`;
	}
});

describe('a body', () => {
	it('streams down line by line', async () => {
		const answer = await stack.call('streams/down');
		const times: number[] = [];
		for await (const chunk of answer.body as ReadableStream<Uint8Array>) {
			expect(chunk.length).toBeGreaterThan(0);
			times.push(Date.now());
		}
		expect(times.length).toBeGreaterThanOrEqual(4);
		expect((times.at(-1) as number) - (times[0] as number)).toBeGreaterThan(200);
	});

	it('stops being made when the reader goes away', async () => {
		const reader = new AbortController();
		const answer = await stack.call('streams/down', { signal: reader.signal });
		await (answer.body as ReadableStream<Uint8Array>).getReader().read();
		reader.abort();
		await until('the function noticed', () =>
			stack.logs().some(({ message }) => message === 'the reader went away')
		);
	});

	it('of 30 MB streams up without being kept by the gateway', async () => {
		const upload = httpRequest(`${stack.url}/functions/v1/streams/up`, { method: 'POST' });
		const answered = new Promise<string>((resolve, reject) => {
			upload.on('error', reject).on('response', (response) => {
				response.setEncoding('utf8').once('data', resolve);
			});
		});
		const chunk = Buffer.alloc(1_000_000, 1);
		for (let sent = 0; sent < 30; sent++) {
			if (!upload.write(chunk)) await new Promise((drained) => upload.once('drain', drained));
		}
		upload.end();
		expect(JSON.parse(await answered)).toEqual({ bytes: 30_000_000 });
	});
});

it('its log holds lines of its own only, each tagged with its name', async () => {
	await stack.call('exported');
	await stack.call('streams/up', { method: 'POST', body: 'x' });
	const said = (name: string) =>
		stack.logs().filter((line) => line.function === name && line.event === 'function_log');
	expect(said('exported')).toEqual([]);
	expect(
		new Set(said('streams').map(({ level, message }) => `${String(level)} ${message}`))
	).toEqual(new Set(['info the reader went away']));
});

it('50 requests at once are answered by one process', async () => {
	const answers = await Promise.all(
		Array.from({ length: 50 }, async (_, at) => {
			const answer = await stack.call(`exported/${at}`);
			return answer.text();
		})
	);
	expect(answers).toEqual(Array.from({ length: 50 }, (_, at) => `exported /exported/${at}`));
	expect(stack.functionProcesses().filter(({ name }) => name === 'exported')).toHaveLength(1);
});

/** The status answered to raw bytes, or '' when the connection ends without one. */
function exchangeBytes(port: number, bytes: string): Promise<string> {
	return new Promise((resolve) => {
		const socket = connect({ port, host: '127.0.0.1' });
		const timer = setTimeout(() => socket.destroy(), 700);
		let answer = '';
		socket.on('error', () => {});
		socket.on('data', (chunk) => {
			answer += chunk.toString('latin1');
			socket.destroy();
		});
		socket.on('close', () => {
			clearTimeout(timer);
			resolve(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? '');
		});
		socket.write(Buffer.from(bytes, 'latin1'));
	});
}

/** Ports a process listens on, from /proc. */
function portsOf(pid: number): number[] {
	const table = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1);
	const sockets = new Set(
		readdirSync(`/proc/${pid}/fd`)
			.map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
			.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1])
	);
	return table
		.map((line) => line.trim().split(/\s+/))
		.filter((fields) => fields[3] === '0A' && sockets.has(fields[9] as string))
		.map((fields) => parseInt((fields[1] as string).split(':')[1] as string, 16));
}
