// leads from a file: the preview says what will happen, and that is what happens
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';
import { freshPhone, makeCampaign, makeLead } from '../support/marketing.ts';

type Outcome = {
	dry_run: boolean;
	created: number;
	duplicates: number;
	errors: number;
	rows: { row: number; action: string; lead_id?: number; of_row?: number; errors?: object }[];
};

let db: Database;
let manager: string;

beforeAll(async () => {
	db = await startDatabase();
	manager = await makeEmployee(db.owner, 'manager');
});
afterAll(() => db?.stop());
beforeEach(() => db.owner`delete from realtime.messages`);

async function importLeads(who: string | null, rows: unknown, dryRun: boolean): Promise<Outcome> {
	const [row] = await db.commitAs(
		who,
		(tx) =>
			tx`select public.import_leads(${JSON.stringify(rows)}::text::jsonb, ${dryRun}) as outcome`
	);
	return row?.outcome;
}
const countLeads = async () =>
	(await db.owner`select count(*) from public.leads`)[0]?.count as number;

it('previews row by row without a trace, then does the same for real', async () => {
	const campaign = await makeCampaign(db.owner);
	const [known, twice] = [freshPhone(), freshPhone()];
	const lead = await makeLead(db.owner, { phone: known, campaign });
	const rows = [
		{ first_name: 'One', phone_number: twice, advertising_company: campaign },
		{ first_name: 'Known', phone_number: known, advertising_company: String(campaign) },
		{ first_name: '', phone_number: '050', advertising_company: 999_999 },
		{ first_name: 'Again', phone_number: twice, advertising_company: campaign },
		{ first_name: 'Other campaign', phone_number: twice },
		{ first_name: 'Mail', email: 'Mail@example.test' },
		{ first_name: 'Mail', email: 'mail@example.test' }
	];
	const before = await countLeads();
	await db.owner`delete from realtime.messages`;
	const preview = await importLeads(manager, rows, true);
	expect(preview).toMatchObject({ dry_run: true, created: 3, duplicates: 3, errors: 1 });
	expect(preview.rows[1]).toMatchObject({ row: 2, action: 'duplicate', lead_id: lead });
	expect(preview.rows[2]).toMatchObject({
		row: 3,
		action: 'error',
		errors: { first_name: ['blank'], phone_number: ['invalid'], advertising_company: ['unknown'] }
	});
	expect(preview.rows[3]).toEqual({ row: 4, action: 'duplicate', of_row: 1 });
	expect(await countLeads()).toBe(before);

	const done = await importLeads(manager, rows, false);
	expect(done.rows.map(({ action }) => action)).toEqual(preview.rows.map(({ action }) => action));
	expect(await countLeads()).toBe(before + 3);
	const names =
		await db.owner`select id, first_name from public.leads where id > ${lead} order by id`;
	expect(names.map(({ id }) => id)).toEqual([0, 4, 5].map((index) => done.rows[index]?.lead_id));
	expect(names.map(({ first_name }) => first_name)).toEqual(['One', 'Other campaign', 'Mail']);
	expect(done.rows[3]).toMatchObject({ of_row: 1, lead_id: names[0]?.id });
	const told =
		await db.owner`select event, payload from realtime.messages where topic like 'leads:%'`;
	const locations = await db.owner`select from public.locations`;
	expect(told).toHaveLength(locations.count);
	for (const each of told)
		expect(each).toEqual({ event: 'leads_imported', payload: { created: 3 } });
	expect(await importLeads(manager, rows, false)).toMatchObject({ created: 0, duplicates: 6 });
});

it('a change after an import in the same transaction is told again', async () => {
	const location = await makeLocation(db.owner);
	await db.owner`delete from realtime.messages`;
	await db.commitAs(manager, async (tx) => {
		await tx`select public.import_leads('[{"first_name": "X", "email": "x1@example.test"}]', false)`;
		await tx`insert into public.leads (first_name, email, location_id) values ('Y', 'y@example.test', ${location})`;
	});
	const told =
		await db.owner`select event from realtime.messages where topic like ${`leads:${location}:%`} order by event`;
	expect(told.map(({ event }) => event)).toEqual(['lead_changed', 'leads_imported']);
});

it('takes thousands of rows, but not without end and not what is no list', async () => {
	const rows = (count: number) =>
		Array.from({ length: count }, (_, index) => ({
			first_name: 'Bulk',
			phone_number: `+38063${1_000_000 + index}`
		}));
	expect(await importLeads(manager, rows(2000), false)).toMatchObject({ created: 2000 });
	for (const wrong of [rows(2001), [], {}, null, 'x']) {
		expect(await refusal(importLeads(manager, wrong, true))).toMatchObject({
			code: 'VK422',
			details: { field: 'rows' }
		});
	}
	expect(await importLeads(manager, [1, null, 'x', []], true)).toMatchObject({ errors: 4 });
});

it('is for those who may import, and only into their own locations', async () => {
	const row = [{ first_name: 'X', email: 'z@example.test' }];
	for (const role of ['operator', 'marketer', 'master', 'coordinator'] as const) {
		const who = await makeEmployee(db.owner, role);
		expect(await refusal(importLeads(who, row, true))).toMatchObject({ code: 'VK403' });
	}
	expect((await refusal(importLeads(null, row, true))).code).toBe('42501');
	const [here, there] = [await makeLocation(db.owner), await makeLocation(db.owner)];
	const local = await makeEmployee(db.owner, 'manager', { location: here });
	const outcome = await importLeads(
		local,
		[
			{ ...row[0], location_id: there },
			{ ...row[0], location_id: here }
		],
		true
	);
	expect(outcome.rows.map(({ action }) => action)).toEqual(['error', 'create']);
});
