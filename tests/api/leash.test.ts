// lite grants everything to everybody unless it is held; this is the test every upgrade must pass
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let owner: Sql;

beforeAll(async () => {
	stack = await startTestStack('demo');
	owner = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
	await owner.unsafe(`
		create table public.plain_secret (id int);
		insert into public.plain_secret values (1);
		create table public.policied_secret (id int);
		alter table public.policied_secret enable row level security;
		create policy "everybody sees everything" on public.policied_secret for select using (true);
		insert into public.policied_secret values (1);
		create function public.ungranted_function() returns int language sql set search_path = '' as 'select 1';
	`);
	await stack.reloadSchema();
});
afterAll(async () => {
	await owner.end();
	await stack.dispose();
});

const grantsToApiRoles = () => owner`
	select grantee, table_schema, table_name, privilege_type from information_schema.role_table_grants
	where grantee in ('anon', 'authenticated') order by 1, 2, 3, 4`;

describe('a table without grants', () => {
	it.each(['plain_secret', 'policied_secret'])(
		'%s is unreadable with the publishable key',
		async (table) => {
			const { data, error, status } = await stack.anonymous().from(table).select('*');
			expect(data).toBeNull();
			expect(status).toBe(401);
			expect(error?.code).toBe('42501');
		}
	);

	it.each(['plain_secret', 'policied_secret'])('%s is unreadable when signed in', async (table) => {
		const client = await stack.signIn('coordinator');
		const { data, error, status } = await client.from(table).select('*');
		expect(data).toBeNull();
		expect(status).toBe(403);
		expect(error?.code).toBe('42501');
	});

	it('cannot be written either', async () => {
		const client = await stack.signIn('coordinator');
		const { status } = await client.from('plain_secret').insert({ id: 2 });
		expect(status).toBe(403);
		expect(await owner`select id from public.plain_secret`).toHaveLength(1);
	});

	it('is readable with the secret key only when granted to service_role', async () => {
		const answer = await fetch(`${stack.url}/rest/v1/plain_secret`, {
			headers: { apikey: stack.keys.secret }
		});
		expect(answer.status).toBe(403);
	});
});

it('requests of every kind leave the grants as the migrations made them', async () => {
	const before = await grantsToApiRoles();
	const client = await stack.signIn('coordinator');
	await client.from('orders').select('id').limit(1);
	await stack.anonymous().from('settings').select('*');
	await client.rpc('my_permissions');
	expect(await grantsToApiRoles()).toEqual(before);
	const defaults = await owner`
		select defaclacl::text as acl from pg_default_acl
		where defaclacl::text ~ '(^|[{,])"?(anon|authenticated)='`;
	expect(defaults).toHaveLength(0);
});

it('a function is not executable until a migration says so', async () => {
	const client = await stack.signIn('coordinator');
	const { error, status } = await client.rpc('ungranted_function');
	expect(status).toBe(403);
	expect(error?.code).toBe('42501');
});

it('no schema besides public can be reached', async () => {
	const answer = await fetch(`${stack.url}/rest/v1/users`, {
		headers: { apikey: stack.keys.publishable, 'accept-profile': 'auth' }
	});
	expect(answer.status).toBe(406);
});

it('a request without any key is refused', async () => {
	const answer = await fetch(`${stack.url}/rest/v1/orders`);
	expect(answer.status).toBe(401);
});

it('a document goes into a column whose type is a domain over jsonb, and comes back', async () => {
	const client = await stack.signIn('manager');
	const name = { en: 'Setup', ru: 'Отстройка "под ключ"', uk: "Від'ємна" };
	const made = await client.from('services').insert({ name, description: name }).select().single();
	expect(made.error).toBeNull();
	expect(made.data).toMatchObject({ name, description: name });
	const changed = await client
		.from('services')
		.update({ name: { ...name, en: 'Other' }, description: null })
		.eq('id', made.data.id)
		.select('name, description')
		.single();
	expect(changed.data).toEqual({ name: { ...name, en: 'Other' }, description: null });
	// the domain's own check still speaks
	const half = await client.from('services').insert({ name: { en: 'Only' } });
	expect(half.error?.code).toBe('23514');
});
