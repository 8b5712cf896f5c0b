// an administrator with a second factor is nobody until he used it: rows, calls and sockets alike
import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js';
import { TOTP } from 'otpauth';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack, type DemoName, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let owner: Sql;

beforeAll(async () => {
	stack = await startTestStack();
	owner = postgres(stack.urls.owner, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
	await owner.end();
	await stack.dispose();
});

type Topic = { scope: string; topic: string };

const topicsOf = async (client: SupabaseClient): Promise<Topic[]> => {
	const { data, error } = await client.rpc('my_topics');
	expect(error).toBeNull();
	return data as Topic[];
};

/** What a join ends in, and the events heard afterwards. */
async function join(client: SupabaseClient, topic: string) {
	const heard: string[] = [];
	await client.realtime.setAuth();
	const channel: RealtimeChannel = client.channel(topic, { config: { private: true } });
	channel.on('broadcast', { event: '*' }, ({ event }) => heard.push(event));
	const status = await new Promise<string>((resolve) => {
		channel.subscribe((state) => {
			if (state === 'SUBSCRIBED' || state === 'CHANNEL_ERROR') resolve(state);
		});
	});
	if (status !== 'SUBSCRIBED') await client.removeChannel(channel);
	return { status, heard };
}

async function boardTopic(client: SupabaseClient): Promise<string> {
	const board = (await topicsOf(client)).find(({ scope }) => scope === 'board');
	return board?.topic ?? '';
}

/** Sets up a factor and uses it, so that this session is aal2. */
async function useSecondFactor(client: SupabaseClient): Promise<string> {
	const { data, error } = await client.auth.mfa.enroll({ factorType: 'totp' });
	if (error || data.type !== 'totp') throw error ?? new Error('not totp');
	const code = new TOTP({ secret: data.totp.secret }).generate();
	const verified = await client.auth.mfa.challengeAndVerify({ factorId: data.id, code });
	expect(verified.error).toBeNull();
	return data.id;
}

const tables = ['orders', 'clients', 'employees', 'locations', 'role_permissions', 'audit_log'];
const rowsSeen = (client: SupabaseClient) =>
	Promise.all(
		tables.map(async (table) => {
			const { data, error } = await client.from(table).select('*').limit(1);
			expect(error, table).toBeNull();
			return data?.length;
		})
	);

const audited = (action: string, name: DemoName) =>
	owner`select host(a.ip) as ip, a.details from public.audit_log a
		join auth.users u on u.id::text = a.subject and u.id = a.actor_id
		where a.action = ${action} and u.email = ${`${name}@demo.verstak.test`} order by a.id`;

describe('an administrator', () => {
	let before: SupabaseClient;
	let after: SupabaseClient;
	let oldTopic: string;
	let factor: string;
	let old: Awaited<ReturnType<typeof join>>;

	beforeAll(async () => {
		before = await stack.signIn('admin');
		after = await stack.signIn('admin');
		oldTopic = await boardTopic(before);
		old = await join(before, oldTopic);
		factor = await useSecondFactor(after);
	});

	it('without the factor he has set up sees nothing', async () => {
		expect(await rowsSeen(before)).toEqual(tables.map(() => 0));
		expect((await before.rpc('my_permissions')).data).toEqual([]);
		expect(
			(await before.from('settings').update({ details: 'x' }).eq('id', true).select()).data
		).toEqual([]);
	});

	it('is told what is missing by calls', async () => {
		for (const call of [
			before.rpc('board_snapshot'),
			before.rpc('board_changes', { known: {} }),
			before.rpc('record_export', { subject: 'orders' }),
			before.rpc('revoke_invitation', { invitation_id: 1 })
		]) {
			const { error } = await call;
			expect(error).toMatchObject({ code: 'VK403', message: 'second_factor_needed' });
		}
	});

	it('is refused by sockets, and hears nothing more on the one he had', async () => {
		expect(old.status).toBe('SUBSCRIBED');
		expect(await topicsOf(before)).toEqual([]);
		const newTopic = await boardTopic(after);
		expect(newTopic).not.toBe(oldTopic);
		const stranger = await stack.signIn('admin');
		expect((await join(stranger, newTopic)).status).toBe('CHANNEL_ERROR');
		expect((await join(stranger, oldTopic)).status).toBe('CHANNEL_ERROR');

		const seeing = await join(after, newTopic);
		expect(seeing.status).toBe('SUBSCRIBED');
		const location = newTopic.split(':')[1] as string;
		await owner`update public.orders set priority = 2 - priority
			where id = (select id from public.orders where location_id = ${location} and priority <> 1 limit 1)`;
		await expect.poll(() => seeing.heard).toEqual(['order_changed']);
		expect(old.heard).toEqual(['access_changed']);
	});

	it('with it sees everything', async () => {
		expect(await rowsSeen(after)).toEqual(tables.map(() => 1));
		expect((await after.rpc('board_snapshot')).error).toBeNull();
		const { data } = await after.rpc('my_permissions');
		expect(data).toContain('audit.read');
	});

	it('is in the audit log with sign-ins and factor, and works without it once it is gone', async () => {
		const signedIn = await audited('employee.signed_in', 'admin');
		expect(signedIn.map(({ details }) => details.method)).toEqual([
			'password',
			'password',
			'totp',
			'password'
		]);
		for (const { ip, details } of signedIn) {
			expect(ip).toMatch(/127\.0\.0\.1$|^::1$/);
			expect(details.user_agent).toMatch(/\S/);
		}
		expect(await audited('factor.enrolled', 'admin')).toHaveLength(1);
		expect((await after.auth.mfa.unenroll({ factorId: factor })).error).toBeNull();
		expect(await audited('factor.removed', 'admin')).toHaveLength(1);
		const again = await stack.signIn('admin');
		expect(await rowsSeen(again)).toEqual(tables.map(() => 1));
	});
});

it('an unfinished factor asks nothing of anybody', async () => {
	const client = await stack.signIn('admin');
	expect((await client.auth.mfa.enroll({ factorType: 'totp' })).error).toBeNull();
	const { data } = await client.rpc('my_permissions');
	expect(data).toContain('audit.read');
});

it('others may set one up and still work without', async () => {
	await useSecondFactor(await stack.signIn('coordinator'));
	const client = await stack.signIn('coordinator');
	expect((await client.rpc('board_snapshot')).error).toBeNull();
});

it('a client’s sign-in is not the company’s business', async () => {
	await stack.signIn('client');
	expect(await audited('employee.signed_in', 'client')).toEqual([]);
});
