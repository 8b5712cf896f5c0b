// Supabase's newest lints are clean here, and each notices what it is for
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newerLints } from '../../scripts/newer-lints.ts';
import { startDatabase, type Database } from '../support/database.ts';

let db: Database;
beforeAll(async () => (db = await startDatabase()));
afterAll(() => db?.stop());

async function findings(statement: string): Promise<string[]> {
	const rollback = new Error('rollback');
	let found: string[] = [];
	await db.owner
		.begin(async (tx) => {
			await tx.unsafe(statement);
			found = await newerLints(tx);
			throw rollback;
		})
		.catch((error: unknown) => {
			if (error !== rollback) throw error;
		});
	return found;
}

it('nothing is found', async () => {
	expect(await newerLints(db.owner)).toEqual([]);
});

const bucket = `insert into storage.buckets (id, name, public) values ('x', 'x', true);`;
const listing = (condition: string, roles = 'authenticated') =>
	`${bucket} create policy "List" on storage.objects for select to ${roles} using (${condition})`;
const reading = (condition: string) =>
	`create policy "Read" on public.clients for select to authenticated using (${condition})`;

it.each([
	['0025 public bucket can be listed: x: List', listing(`bucket_id = 'x'`)],
	['0025 public bucket can be listed: x: List', listing('true', 'anon')],
	[
		'0028 strangers may call definer code: leak()',
		`create function public.leak() returns int language sql security definer as 'select 1';
		grant execute on function public.leak to anon`
	],
	[
		'0029 signed-in users may call definer code: leak()',
		`create function public.leak() returns int language sql security definer as 'select 1';
		grant execute on function public.leak to authenticated`
	],
	[
		'0030 policy is true for nobody: public.clients: Read',
		reading('auth.uid() is null or user_id = auth.uid()')
	],
	[
		'0030 policy is true for nobody: public.clients: Read',
		reading('user_id = (select auth.uid()) or (select auth.uid()) is null')
	]
])('found is %s', async (finding, statement) => {
	expect(await findings(statement)).toEqual([finding]);
});

it.each([
	listing(`bucket_id = 'x' and owner = auth.uid()`),
	reading('auth.uid() is not null and user_id = auth.uid()'),
	reading('user_id = (select auth.uid())'),
	reading('user_id = auth.uid() and (auth.uid() is null or blacklisted)')
])('not found is %s', async (statement) => {
	expect(await findings(statement)).toEqual([]);
});
