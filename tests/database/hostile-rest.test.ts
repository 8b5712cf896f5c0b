// the Data API, Storage and their doors as somebody sees them who means harm
import { randomUUID } from 'node:crypto';
import type { SupabaseClient } from '@supabase/supabase-js';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack, type DemoName, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let sql: Sql;
const people = {} as Record<DemoName | 'stranger', SupabaseClient>;
const names: DemoName[] = ['marketer', 'master', 'operator', 'coordinator2', 'client', 'manager'];

beforeAll(async () => {
	stack = await startTestStack('demo');
	sql = postgres(stack.dbUrl, { max: 2, onnotice: () => {} });
	for (const name of names) people[name] = await stack.signIn(name);
	people.stranger = stack.anonymous();
});
afterAll(async () => {
	await sql?.end();
	await stack?.dispose();
});

/** A request as it goes over the wire; answers {status, body}. */
async function raw(who: DemoName | 'stranger', path: string, init: RequestInit = {}) {
	const session = who === 'stranger' ? null : (await people[who].auth.getSession()).data.session;
	const response = await fetch(`${stack.url}${path}`, {
		...init,
		headers: {
			apikey: stack.keys.publishable,
			authorization: `Bearer ${session?.access_token ?? stack.keys.publishable}`,
			'content-type': 'application/json',
			...(init.headers as Record<string, string>)
		}
	});
	return { status: response.status, body: await response.text() };
}

describe('a marketer finds no client', () => {
	it.each([
		['by an embed', '/rest/v1/orders?select=id,clients(full_name,client_phones(phone))'],
		[
			'from campaigns on',
			'/rest/v1/campaigns?select=id,orders(id,clients(full_name)),leads(phone)'
		],
		[
			'by a filter on what is embedded',
			'/rest/v1/campaigns?select=id,leads!inner(id)&leads.phone=like.*380*'
		],
		['from services on', '/rest/v1/services?select=id,contracts(amount,clients(full_name))'],
		['by an order of columns', '/rest/v1/clients?select=count()'],
		['by their phones', '/rest/v1/client_phones?select=phone'],
		['by payments', '/rest/v1/payments?select=amount,client_id'],
		['by history', '/rest/v1/row_changes?select=*&table_name=eq.clients']
	])('%s', async (_, path) => {
		const { status, body } = await raw('marketer', path);
		expect(status, body).toBeLessThan(500);
		expect(body).not.toMatch(/380|full_name":"|"amount":\d/);
	});
});

describe('schemas but public', () => {
	const profiles = [
		'private',
		'auth',
		'storage',
		'realtime',
		'pg_catalog',
		'information_schema',
		'extensions'
	];
	it.each(profiles)('%s cannot be asked for', async (profile) => {
		for (const path of ['mutations', 'users', 'objects', 'pg_authid', 'tables']) {
			const read = await raw('manager', `/rest/v1/${path}?select=*`, {
				headers: { 'accept-profile': profile }
			});
			expect(read.status, `${profile} ${path}: ${read.body}`).toBeGreaterThanOrEqual(400);
			expect(read.status).toBeLessThan(500);
		}
		const call = await raw('manager', '/rest/v1/rpc/lead_flags', {
			method: 'POST',
			body: '{"lead_id": 1}',
			headers: { 'content-profile': profile }
		});
		expect(call.status, call.body).toBeGreaterThanOrEqual(400);
	});

	it('nor reached by a name with a dot, or a function that is not for people', async () => {
		for (const path of [
			'private.mutations',
			'auth.users',
			'pg_user',
			'rpc/notify',
			'rpc/apply_provider_payment',
			'rpc/intake_lead',
			'rpc/claim_notifications',
			'rpc/pg_sleep',
			'rpc/set_config'
		]) {
			const { status, body } = await raw(
				'manager',
				`/rest/v1/${path}`,
				path.startsWith('rpc') ? { method: 'POST', body: '{}' } : {}
			);
			expect(status, `${path}: ${body}`).toBeGreaterThanOrEqual(400);
			expect(status, `${path}: ${body}`).toBeLessThan(500);
		}
	});
});

describe('writing what is not one’s own', () => {
	const refusals: [DemoName | 'stranger', string, string, unknown][] = [
		['operator', 'PATCH', 'orders?id=gt.0', { master_id: null }],
		['operator', 'PATCH', 'employees?id=not.is.null', { role: 'admin' }],
		['manager', 'POST', 'employees', { id: randomUUID(), full_name: 'X', role: 'admin' }],
		['manager', 'POST', 'role_permissions', { role: 'manager', permission: 'roles.manage' }],
		[
			'operator',
			'POST',
			'role_permissions?on_conflict=role,permission',
			[{ role: 'operator', permission: 'roles.manage' }]
		],
		['coordinator2', 'POST', 'orders', { location_id: 1, client_id: 1, problem: 'x', version: 99 }],
		['operator', 'POST', 'clients?on_conflict=id', { id: 1, first_name: 'Taken over' }],
		['operator', 'PATCH', 'clients?id=eq.1', { user_id: randomUUID() }],
		['client', 'PATCH', 'clients?id=gt.0', { first_name: 'X' }],
		['client', 'POST', 'client_phones', { client_id: 1, phone: '+380991112277' }],
		['client', 'POST', 'interactions', { client_id: 1, body: 'x' }],
		['master', 'POST', 'order_events', { order_id: 1, version: 9, kind: 'changed' }],
		['master', 'DELETE', 'order_events?id=gt.0', undefined],
		['manager', 'DELETE', 'row_changes?id=gt.0', undefined],
		['manager', 'PATCH', 'settings', { company_name: 'X' }],
		['stranger', 'POST', 'leads', { first_name: 'X', phone: '+380991112277' }],
		['stranger', 'PATCH', 'settings', { company_name: 'X' }],
		['operator', 'POST', 'payments', { invoice_id: 1, amount: 1, method: 'cash' }],
		['operator', 'POST', 'shifts', { employee_id: randomUUID() }]
	];
	it.each(refusals)('%s: %s %s', async (who, method, path, body) => {
		const before = await everything();
		const { status, body: said } = await raw(who, `/rest/v1/${path}`, {
			method,
			body: body === undefined ? undefined : JSON.stringify(body),
			headers: { prefer: 'return=minimal,resolution=merge-duplicates' }
		});
		expect(status, said).toBeLessThan(500);
		expect(await everything()).toEqual(before);
	});

	const everything = async () =>
		(
			await sql`select (select md5(string_agg(c::text, '' order by id)) from public.clients c) as clients,
			(select md5(string_agg(o::text, '' order by id)) from public.orders o) as orders,
			(select md5(string_agg(e::text, '' order by id)) from public.employees e) as employees,
			(select md5(string_agg(p::text, '' order by role, permission)) from public.role_permissions p) as rights,
			(select md5(string_agg(s::text, '')) from public.settings s) as settings,
			(select count(*) from public.order_events) as events, (select count(*) from public.payments) as payments,
			(select count(*) from public.client_phones) as phones, (select count(*) from public.leads) as leads`
		)[0];
});

describe('counting what one may not see', () => {
	it('is nothing: neither rows nor an exact number, nor a plan', async () => {
		for (const [who, table] of [
			['marketer', 'orders'],
			['client', 'orders'],
			['master', 'clients'],
			['client', 'employees'],
			['operator', 'audit_log']
		] as const) {
			const { count } = await people[who].from(table).select('*', { count: 'exact', head: true });
			expect(count ?? 0, `${who} ${table}`).toBe(0);
			const plan = await raw(who, `/rest/v1/${table}?select=*`, {
				headers: { accept: 'application/vnd.pgrst.plan+json' }
			});
			expect(plan.body).not.toMatch(/Plan Rows|rows=/);
		}
	});
});

describe('files of orders', () => {
	const file = new Blob([new Uint8Array([0xff, 0xd8, 0xff])], { type: 'image/jpeg' });
	const name = (order: string | number) => `${order}/${randomUUID()}.jpg`;
	it('go only where one may change the order, by a name that is one', async () => {
		const [foreign] =
			await sql`select o.id from public.orders o where o.location_id = 2 and o.master_id is null limit 1`;
		const paths = [
			name(foreign?.id),
			name('0'),
			name('-1'),
			name('99999999999999999999'),
			`${foreign?.id}/../${foreign?.id}/x.jpg`,
			name(`${foreign?.id}/..`),
			`x.jpg`,
			`${foreign?.id}/${randomUUID()}.svg`,
			name(`${foreign?.id} or 1=1`)
		];
		for (const who of ['coordinator2', 'master', 'marketer', 'client', 'stranger'] as const)
			for (const path of paths) {
				const { error } = await people[who].storage
					.from('order-photos')
					.upload(path, file, { contentType: 'image/jpeg', upsert: path.length % 2 === 0 });
				expect(error, `${who} ${path}`).not.toBeNull();
			}
		const { data } = await people.manager.storage
			.from('order-photos')
			.upload(name(foreign?.id), file, { contentType: 'image/jpeg' });
		expect(data?.path).toBeTruthy();
		const path = data?.path as string;
		for (const who of ['coordinator2', 'master', 'marketer', 'client', 'stranger'] as const) {
			const bucket = people[who].storage.from('order-photos');
			expect((await bucket.download(path)).data, who).toBeNull();
			expect((await bucket.createSignedUrl(path, 60)).data, who).toBeNull();
			expect((await bucket.list(String(foreign?.id))).data ?? [], who).toEqual([]);
			expect((await bucket.remove([path])).data ?? [], who).toEqual([]);
			expect((await bucket.move(path, name(foreign?.id))).error, who).not.toBeNull();
			expect((await bucket.copy(path, name(foreign?.id))).error, who).not.toBeNull();
			expect(
				(await raw(who, `/storage/v1/object/public/order-photos/${path}`)).status
			).toBeGreaterThanOrEqual(400);
		}
		expect((await people.manager.storage.from('order-photos').download(path)).error).toBeNull();
	});
});

describe('guessing', () => {
	it('an address one gives oneself neither opens nor spends another’s allowance', async () => {
		const headers = { 'cf-connecting-ip': '203.0.113.9', 'x-forwarded-for': '203.0.113.8' };
		for (const prefer of ['', 'count=exact'])
			await raw('stranger', '/rest/v1/rpc/track_order', {
				method: 'POST',
				body: JSON.stringify({ token: 'x'.repeat(24) }),
				headers: { ...headers, ...(prefer && { prefer }) }
			});
		const rows = await sql`select from private.rate_limits where subject in (
			encode(sha256('203.0.113.9'), 'hex'), encode(sha256('203.0.113.8'), 'hex'))`;
		expect(rows).toHaveLength(0);
	});

	it('ends after a few tries an order, whatever is tried beside', async () => {
		const [order] = await sql`select id from public.orders limit 1`;
		const answers: string[] = [];
		for (let i = 0; i < 8; i++) {
			const { body } = await raw('stranger', '/rest/v1/rpc/find_payable_order', {
				method: 'POST',
				body: JSON.stringify({ number: ` №0${order?.id}`, phone_last4: String(1000 + i) })
			});
			answers.push(/VK429/.exec(body)?.[0] ?? body.replaceAll(' ', ''));
		}
		expect(answers.slice(0, 5)).toEqual(Array(5).fill('{"found":false}'));
		expect(answers.slice(5)).toEqual(Array(3).fill('VK429'));
	});
});
