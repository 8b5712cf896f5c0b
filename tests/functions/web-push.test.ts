// web push: RFC 8291's own example, and the whole way from an assignment to a decrypted message
import {
	createDecipheriv,
	createECDH,
	createPublicKey,
	hkdfSync,
	randomBytes,
	verify
} from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
	encryptPush,
	fromBase64Url,
	toBase64Url
} from '../../supabase/functions/_shared/web-push.ts';
import { demoEmail, startTestStack, type TestStack } from '../support/stack.ts';

const FUNCTIONS = fileURLToPath(new URL('../../supabase/functions', import.meta.url));

/** A browser's half of RFC 8291, written from the RFC with Node's own crypto. */
function makeBrowser() {
	const keys = createECDH('prime256v1');
	const point = keys.generateKeys();
	const auth = randomBytes(16);
	const open = (body: Buffer): Record<string, unknown> => {
		const [salt, ours] = [body.subarray(0, 16), body.subarray(21, 86)];
		expect([body.readUInt32BE(16), body[20]]).toEqual([4096, 65]);
		const shared = keys.computeSecret(ours);
		const info = Buffer.concat([Buffer.from('WebPush: info\0'), point, ours]);
		const secret = Buffer.from(hkdfSync('sha256', shared, auth, info, 32));
		const derive = (what: string, length: number) =>
			Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${what}\0`, length));
		const cipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
		cipher.setAuthTag(body.subarray(-16));
		const plain = Buffer.concat([cipher.update(body.subarray(86, -16)), cipher.final()]);
		expect(plain.at(-1)).toBe(2);
		return JSON.parse(plain.subarray(0, -1).toString('utf8'));
	};
	return { p256dh: point.toString('base64url'), auth: auth.toString('base64url'), open };
}

type Delivery = { path: string; headers: IncomingHttpHeaders; body: Buffer };

let stack: TestStack;
let sql: Sql;
let service: Server;
let origin: string;
let master: string;
let order: number;
let answer = 201;
let deliveries: Delivery[] = [];

beforeAll(async () => {
	service = createServer(async (request, response) => {
		const parts: Buffer[] = [];
		for await (const part of request) parts.push(part as Buffer);
		const { url: path = '', headers } = request;
		deliveries.push({ path, headers, body: Buffer.concat(parts) });
		response.writeHead(answer).end();
	}).listen(0, '127.0.0.1');
	await once(service, 'listening');
	origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
	stack = await startTestStack('demo', { functions: { directory: FUNCTIONS } });
	sql = postgres(stack.dbUrl, { max: 2, onnotice: () => {} });
	// the test calls the worker itself, and its push service is on this machine
	await sql`update private.scheduled_jobs set active = false where name = 'notify'`;
	await sql`alter table public.push_subscriptions drop constraint push_subscriptions_endpoint_check`;
	const [user] = await sql`select id from auth.users where email = ${demoEmail('master')}`;
	master = user?.id;
	await sql`update public.employees set capacity = 90 where id = ${master}`;
}, 120_000);
afterAll(async () => {
	await sql?.end();
	await stack?.dispose();
	service?.close();
});
beforeEach(async () => {
	answer = 201;
	deliveries = [];
	await sql`delete from public.push_subscriptions`;
	await sql`update public.notifications set status = 'cancelled' where status = 'pending'`;
	const [free] = await sql`
		select o.id from public.orders o join public.stages s on s.id = o.stage_id
		where s.kind = 'unassigned' and o.location_id = 1 order by o.id limit 1`;
	order = Number(free?.id);
});

async function listen(path = '/browser') {
	const browser = makeBrowser();
	await sql`insert into public.push_subscriptions (user_id, endpoint, p256dh, auth)
		values (${master}, ${origin + path}, ${browser.p256dh}, ${browser.auth})`;
	return browser;
}
const assign =
	() => sql`update public.orders set master_id = ${master}, problem = 'Тріснув гриф', stage_id = (
	select id from public.stages where kind = 'assigned' order by position limit 1) where id = ${order}`;
const work = (key = stack.keys.secret) =>
	fetch(`${stack.url}/functions/v1/notify`, {
		method: 'POST',
		headers: {
			apikey: key,
			authorization: `Bearer ${key === stack.keys.secret ? stack.secrets.serviceRoleKey : stack.secrets.anonKey}`
		}
	});
const outbox = async () => {
	const [row] = await sql`select status, last_error, attempts from public.notifications
		where channel = 'push' order by id desc limit 1`;
	return row;
};

it('encrypts as the example of RFC 8291, appendix A, does', async () => {
	const ours =
		'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8';
	const point = fromBase64Url(ours);
	const curve = { name: 'ECDH', namedCurve: 'P-256' };
	const jwk = {
		kty: 'EC',
		crv: 'P-256',
		x: toBase64Url(point.slice(1, 33)),
		y: toBase64Url(point.slice(33)),
		d: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'
	};
	const keys = {
		privateKey: await crypto.subtle.importKey('jwk', jwk, curve, true, ['deriveBits']),
		publicKey: await crypto.subtle.importKey('raw', point, curve, true, [])
	};
	const body = await encryptPush(
		'When I grow up, I want to be a watermelon',
		{
			endpoint: 'https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV',
			p256dh:
				'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
			auth: 'BTBZMqHH6r4Tts7J_aSIgg'
		},
		{ salt: fromBase64Url('DGv6ra1nlYgDCS1FRnbzlw'), keys }
	);
	expect(toBase64Url(body)).toBe(
		'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN'
	);
});

it('an assignment reaches the browser, encrypted for it and signed by us', async () => {
	const browser = await listen();
	await assign();
	expect(await (await work()).json()).toMatchObject({ claimed: 1, sent: 1 });
	const [{ path, headers, body }] = deliveries as [Delivery];
	expect(path).toBe('/browser');
	expect(body.includes('гриф')).toBe(false);
	const message = browser.open(body);
	expect(message).toMatchObject({
		template: 'order_assigned',
		order_id: order,
		problem: 'Тріснув гриф'
	});
	expect(message.badge).toBeGreaterThan(0);
	expect(headers).toMatchObject({
		'content-encoding': 'aes128gcm',
		ttl: '21600',
		urgency: 'high',
		topic: `order_assigned-${order}`
	});
	expect(await outbox()).toMatchObject({ status: 'sent' });

	const [, token = '', key = ''] =
		/^vapid t=([^,]+), k=(.+)$/.exec(headers.authorization ?? '') ?? [];
	expect(key).toBe(stack.secrets.vapid.publicKey);
	const [head = '', claims = '', signature = ''] = token.split('.');
	const point = Buffer.from(key, 'base64url');
	const x = point.subarray(1, 33).toString('base64url');
	const y = point.subarray(33).toString('base64url');
	const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
	const signed = Buffer.from(`${head}.${claims}`);
	const raw = Buffer.from(signature, 'base64url');
	expect(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
	const { aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
	expect(aud).toBe(origin);
	expect(exp - Date.now() / 1000).toBeLessThan(24 * 3600);
});

it('a browser that is gone is forgotten, one that stumbles is tried again', async () => {
	await listen();
	await assign();
	answer = 503;
	await work();
	expect(await outbox()).toMatchObject({ status: 'pending', last_error: 'push_service_503' });
	await sql`update public.notifications set next_attempt_at = now() where status = 'pending'`;
	answer = 410;
	await work();
	expect(await sql`select id from public.push_subscriptions`).toHaveLength(0);
	expect(await outbox()).toMatchObject({ status: 'failed', last_error: 'push_service_410' });
});

it('one of two browsers is enough, and neither is told twice', async () => {
	const first = await listen('/one');
	const second = await listen('/two');
	await assign();
	await work();
	await work();
	expect(deliveries.map(({ path }) => path).sort()).toEqual(['/one', '/two']);
	for (const { path, body } of deliveries) {
		expect((path === '/one' ? first : second).open(body).order_id).toBe(order);
	}
});

it('strangers cannot make the worker work', async () => {
	await listen();
	await assign();
	expect((await work(stack.keys.publishable)).status).toBe(403);
	expect(deliveries).toHaveLength(0);
});
