// rows with what belongs to them, in the shapes of PostgREST
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SupabaseClient } from '@supabase/supabase-js';
import postgres, { type Sql } from 'postgres';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let owner: Sql;
let admin: SupabaseClient;

beforeAll(async () => {
	stack = await startTestStack('demo');
	owner = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
	await owner`insert into public.clients (first_name, last_name) values ('Alone', 'Embedded')`;
	await stack.reloadSchema();
	admin = await stack.signIn('admin');
});
afterAll(async () => {
	await owner.end();
	await stack.dispose();
});

it('a list without rows is an empty list, an object without a row is null', async () => {
	const { data, error } = await admin
		.from('clients')
		.select('last_name, assets(id), client_phones(phone), orders(id, order_lines(id))')
		.eq('last_name', 'Embedded')
		.single();
	expect(error).toBeNull();
	expect(data).toEqual({ last_name: 'Embedded', assets: [], client_phones: [], orders: [] });
});

it('also beside every column of the table, renamed, and in lists of rows', async () => {
	const [someone] = await owner`select id, location_id from public.employees where role = 'master'
		and not exists (select from public.shifts s where s.employee_id = employees.id and s.ended_at is null) limit 1`;
	await owner`insert into public.shifts (employee_id, location_id, started_at)
		values (${someone?.id}, ${someone?.location_id}, now() - interval '1 minute')`;
	const { data, error } = await admin
		.from('shifts')
		.select('*, breaks:shift_breaks(id, started_at, ended_at)')
		.is('ended_at', null)
		.eq('employee_id', someone?.id);
	expect(error).toBeNull();
	expect(data?.map((shift: { breaks: unknown }) => shift.breaks)).toEqual([[]]);
});
