// spend from a file: the preview says what would happen, and the import does just that; and what a
// service did
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	refusal,
	roles,
	startDatabase,
	type Database,
	type Who
} from '../support/database.ts';
import { makeCampaign, makeService } from '../support/marketing.ts';

let db: Database;
let here: number;
let marketer: string;
beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	marketer = await makeEmployee(db.owner, 'marketer');
});
afterAll(() => db?.stop());

type Outcome = {
	dry_run: boolean;
	created: number;
	changed: number;
	errors: number;
	rows: { row: number; action: string }[];
};
const run = (campaign: number, rows: unknown, dryRun: boolean | null, who: Who = marketer) =>
	db.commitAs(who, async (tx) => {
		const [row] =
			await tx`select public.import_campaign_spend(${campaign}, ${JSON.stringify(rows)}::text::jsonb, ${dryRun}) as answer`;
		return row?.answer as Outcome;
	}) as Promise<Outcome>;
const spendOf = (campaign: number) =>
	db.owner`select day::text, amount::float, note from public.campaign_spend where campaign_id = ${campaign} order by day`;

it('a preview writes nothing and says of each row what the import then does', async () => {
	const campaign = await makeCampaign(db.owner);
	await db.owner`insert into public.campaign_spend (campaign_id, day, amount, note)
		values (${campaign}, '2026-05-01', 10, 'kept'), (${campaign}, '2026-05-02', 20, 'gone')`;
	const rows = [
		{ day: '2026-05-01', amount: '10.00' },
		{ day: '2026-05-02', amount: 25, note: '' },
		{ day: '2026-05-03', amount: '30.5', note: ' new\u200b ' },
		{ day: '2026-05-03', amount: '99' },
		{ day: '2026-02-30', amount: '1' },
		{ day: 'yesterday', amount: '1,50' },
		{ day: '1999-12-31', amount: '99999999999' },
		{ day: '2026-05-04', amount: -1 },
		{ day: '2026-05-05', amount: 1, note: 'x'.repeat(301) },
		'nonsense',
		null
	];
	const preview = await run(campaign, rows, null);
	expect(preview).toMatchObject({ dry_run: true, created: 1, changed: 1, errors: 8 });
	expect(preview.rows.map(({ action }) => action)).toEqual(
		'same change create duplicate error error error error error error error'.split(' ')
	);
	expect(preview.rows[1]).toEqual({
		row: 2,
		action: 'change',
		day: '2026-05-02',
		amount: 25,
		before: 20
	});
	expect(preview.rows[3]).toMatchObject({ of_row: 3 });
	expect(preview.rows[4]).toMatchObject({ errors: { day: 'invalid' } });
	expect(preview.rows[5]).toMatchObject({ errors: { day: 'invalid', amount: 'invalid' } });
	expect(preview.rows[6]).toMatchObject({ errors: { day: 'invalid', amount: 'too_large' } });
	expect(preview.rows[8]).toMatchObject({ errors: { note: 'too_long' } });
	expect(await spendOf(campaign)).toHaveLength(2);

	const done = await run(campaign, rows, false);
	expect(done).toEqual({ ...preview, dry_run: false });
	expect(await spendOf(campaign)).toEqual([
		{ day: '2026-05-01', amount: 10, note: 'kept' },
		{ day: '2026-05-02', amount: 25, note: null },
		{ day: '2026-05-03', amount: 30.5, note: 'new' }
	]);
	expect(await run(campaign, rows.slice(0, 3), false)).toMatchObject({ created: 0, changed: 0 });
});

it('only those who manage the campaign import, and files have an end', async () => {
	const campaign = await makeCampaign(db.owner, { location: here });
	const rows = [{ day: '2026-05-01', amount: 1 }];
	for (const role of roles) {
		const who = await makeEmployee(db.owner, role, { location: here });
		const tried = run(campaign, rows, false, who);
		if (['marketer', 'admin'].includes(role)) await tried;
		else expect(await refusal(tried), role).toMatchObject({ code: 'VK403' });
	}
	const elsewhere = await makeEmployee(db.owner, 'marketer', {
		location: await makeLocation(db.owner)
	});
	for (const [id, who] of [
		[campaign, elsewhere],
		[999_999, marketer]
	] as const) {
		expect(await refusal(run(id, rows, false, who))).toMatchObject({
			code: 'VK404',
			message: 'campaign_not_found'
		});
	}
	expect((await refusal(run(campaign, rows, false, await makeUser(db.owner)))).code).toBe('VK403');
	expect((await refusal(run(campaign, rows, false, null))).code).toBe('42501');
	const many = Array.from({ length: 1001 }, () => rows[0]);
	for (const wrong of [[], {}, 'x', null, many])
		expect(await refusal(run(campaign, wrong, true))).toMatchObject({ details: { field: 'rows' } });
	expect((await run(campaign, many.slice(1), true)).rows).toHaveLength(1000);
});

it('a service tells its signed contracts, orders and masters to employees, and nothing to others', async () => {
	const service = await makeService(db.owner);
	const client = await makeClient(db.owner);
	const master = await makeEmployee(db.owner, 'master', { location: here });
	const gone = await makeEmployee(db.owner, 'master', { location: here, active: false });
	for (const who of [master, gone])
		await db.owner`insert into public.employee_skills (employee_id, service_id) values (${who}, ${service})`;
	for (const [state, at] of [
		['draft', null],
		['signed', '2026-05-01'],
		['closed', '2026-05-01']
	] as const) {
		await db.owner`insert into public.contracts (number, service_id, client_id, amount, starts_on, ends_on, state, signed_at)
			values (${`T-${state}`}, ${service}, ${client}, 100, '2026-05-01', '2026-06-01', ${state}, ${at})`;
	}
	const order = await makeOrder(db.owner, { location: here });
	await db.owner`update public.orders set service_id = ${service} where id = ${order.id}`;
	const statsFor = async (who: Who) =>
		(
			await db.asRole(
				who,
				(tx) => tx`select * from public.service_stats() where service_id = ${service}`
			)
		)[0];
	const expected = { service_id: service, contracts: 2, orders: 1, masters: 1 };
	for (const role of roles)
		expect(await statsFor(await makeEmployee(db.owner, role)), role).toEqual(expected);
	const reader = await makeEmployee(db.owner, 'coordinator');
	await db.owner`delete from public.role_permissions where role = 'coordinator' and permission = 'statistics.read'`;
	expect(await statsFor(reader)).toEqual({ ...expected, orders: null });
	expect(await statsFor(await makeUser(db.owner))).toBeUndefined();
	expect((await refusal(statsFor(null))).code).toBe('42501');
});
