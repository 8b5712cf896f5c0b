// Thousands of random requests against everything behind the gateway: nothing crashes, nothing leaks,
// and whoever got a 5xx can be told why. VERSTAK_RANDOM_REQUESTS=10000 sends more of them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFunctionsStack, type FunctionsStack } from '../functions/support.ts';
import { requests, send, type Answer } from './random-requests.ts';

const COUNT = Number(process.env.VERSTAK_RANDOM_REQUESTS ?? 2_000);
const SEED = Number(process.env.VERSTAK_RANDOM_SEED ?? 20_261_121);
const AT_ONCE = 24;
const PATIENCE_MS = 20_000;

/** stack traces, places of files, SQL */
const LEAK =
	/\n\s+at .+:\d+|\/(home|root|tmp|work|usr|var)\/|node_modules|\.(ts|js):\d+|\bselect .+ from |insert into |\bset_config\b/i;

let stack: FunctionsStack;
let token: string;

beforeAll(async () => {
	stack = await startFunctionsStack();
	const client = await stack.signIn('coordinator');
	token = (await client.auth.getSession()).data.session?.access_token ?? '';
});
afterAll(() => stack.dispose());

type Outcome = { line: string; waited: boolean; answer: Answer | null };

async function sendAll(): Promise<Outcome[]> {
	const { publishable, secret } = stack.keys;
	const { anonKey, serviceRoleKey } = stack.secrets;
	const forged = `${token.slice(0, -4)}AAAA`;
	const source = requests(SEED, {
		keys: [publishable, publishable, anonKey, secret],
		tokens: [token, token, publishable, serviceRoleKey, forged, 'a.b.c']
	});
	const outcomes: Outcome[] = [];
	const worker = async () => {
		while (outcomes.length < COUNT) {
			const { value: request } = source.next() as { value: Parameters<typeof send>[1] };
			const answer = await send(stack.ports.api, request, PATIENCE_MS);
			outcomes.push({ line: request.line, waited: request.then === 'wait', answer });
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return outcomes;
}

type LogLine = { event: string; request_id?: string; cause?: string };

function causes(): Map<string | undefined, string | undefined> {
	const lines = readFileSync(join(stack.home, 'logs/stack.log'), 'utf8').trim().split('\n');
	const failed = lines.map((line) => JSON.parse(line) as LogLine);
	return new Map(
		failed
			.filter(({ event }) => event === 'request_failed')
			.map(({ request_id, cause }) => [request_id, cause])
	);
}

it(`${COUNT} random requests`, async () => {
	const outcomes = await sendAll();
	await sleep(200);
	const known = causes();
	const answered = outcomes.flatMap(({ line, answer }) => (answer ? [{ line, ...answer }] : []));
	const failed = answered.filter(({ status }) => status >= 500);
	if (process.env.VERSTAK_RANDOM_REPORT) {
		writeFileSync(
			process.env.VERSTAK_RANDOM_REPORT,
			JSON.stringify({
				sent: outcomes.length,
				statuses: Object.fromEntries(
					Map.groupBy(answered, ({ status }) => status)
						.entries()
						.map(([status, list]) => [status, list.length])
				),
				failed: failed.map((each) => ({ ...each, cause: known.get(each.requestId ?? '') }))
			})
		);
	}
	expect(outcomes.filter(({ waited, answer }) => waited && !answer)).toEqual([]);
	const unexplained = failed.filter(
		({ requestId }) => (known.get(requestId ?? '') ?? 'unknown') === 'unknown'
	);
	expect(unexplained).toEqual([]);
	expect(answered.filter(({ body }) => LEAK.test(body))).toEqual([]);
	const health = await fetch(`${stack.url}/health`);
	expect(await health.json()).toMatchObject({ ok: true });
}, 120_000);

// found by the requests above
it.each([
	['an operator that every object has', 'GET', '/rest/v1/stages?id=__proto__'],
	['another one', 'GET', '/rest/v1/stages?id=not.constructor.1'],
	['an encoding that is none', 'GET', '/rest/v1/%zz'],
	['an open quote', 'GET', '/rest/v1/stages?select="'],
	['a broken form for the OAuth callback', 'POST', '/auth/v1/callback?code=x&state=y'],
	['a zero byte in the name of a file', 'DELETE', '/storage/v1/object/b/n/%00'],
	['an address that is none', 'GET', '//']
])('%s is the caller’s mistake', async (_what, method, path) => {
	const head = [
		`${method} ${path} HTTP/1.1`,
		'Host: localhost',
		`apikey: ${stack.keys.publishable}`,
		`Authorization: Bearer ${token}`,
		'Content-Type: multipart/form-data',
		'Content-Length: 2',
		'Connection: close'
	];
	const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n{}`);
	const answer = await send(stack.ports.api, { line: path, bytes, then: 'wait' }, PATIENCE_MS);
	expect(answer?.status).toBe(400);
	expect(answer?.requestId).toMatch(/^[0-9a-f-]{36}$/);
});

it('an upgrade of anything but realtime is refused, however it ends', async () => {
	const bytes = Buffer.from(
		'GET /rest/v1/stages HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'
	);
	for (const then of ['wait', 'half-close', 'abort'] as const) {
		const answer = await send(stack.ports.api, { line: 'upgrade', bytes, then }, PATIENCE_MS);
		if (then !== 'abort') expect(answer?.status).toBe(404);
	}
});
