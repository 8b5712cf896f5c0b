// somebody of one workshop against the other: every call and table, with the other's things
import type { TransactionSql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	become,
	makeEmployee,
	makeLocation,
	refusal,
	startDatabase,
	type Database,
	type Role
} from '../support/database.ts';
import { bind } from '../support/rights/needs.ts';
import { attempts, calls, makeThings, type Things } from '../support/rights/rights.ts';

let db: Database;
let here: number;
let there: number;
let things: Things;
const staff = {} as Record<Role, string>;
const local: Role[] = ['operator', 'coordinator', 'manager', 'admin', 'marketer', 'master'];

beforeAll(async () => {
	db = await startDatabase();
	[here, there] = [await makeLocation(db.owner), await makeLocation(db.owner)];
	things = await makeThings(db.owner, there);
	await db.owner`update public.leads set location_id = ${there}`;
	await db.owner`update public.contracts set location_id = ${there}`;
	await db.owner`update public.campaigns set location_id = ${there}`;
	await db.owner`update public.services set location_id = ${there}`;
	for (const table of ['employees', 'invitations'])
		await db.owner.unsafe(`update public.${table} set location_id = ${there}`);
	for (const role of local) staff[role] = await makeEmployee(db.owner, role, { location: here });
});
afterAll(() => db?.stop());

const ofThere =
	'orders order_lines order_photos invoices payments leads lead_notes contracts campaigns campaign_spend services shifts shift_breaks employees invitations'.split(
		' '
	);
const state = async (tx: TransactionSql) =>
	(
		await tx.unsafe(
			`select ${ofThere.map((table) => `(select md5(string_agg(t::text, '' order by t::text)) from public.${table} t) as ${table}`).join(', ')}`
		)
	)[0];

/** Runs a statement as somebody and tells which tables it changed; rolls back. */
async function changedBy(
	who: string,
	statement: string
): Promise<{ changed: string[]; answer: string }> {
	const rollback = new Error('rollback');
	const found = { changed: [] as string[], answer: '' };
	await db.owner
		.begin(async (tx) => {
			const before = await state(tx);
			await tx
				.savepoint(async (point) => {
					await become(point, who);
					found.answer = JSON.stringify(await point.unsafe(statement));
				})
				.catch(() => {});
			await tx`reset role`;
			const after = await state(tx);
			found.changed = ofThere.filter((table) => before?.[table] !== after?.[table]);
			throw rollback;
		})
		.catch((error: unknown) => {
			if (error !== rollback) throw error;
		});
	return found;
}

/** One's own shift; what belongs to no place; and clients, who are the network's: their cards get a new version. */
const OWN = new Set([
	'clock_in',
	'clock_out',
	'invite_employee',
	'import_leads',
	'merge_clients',
	'set_blacklist',
	'submit_public_lead'
]);

describe.each(local)('%s of the one', (role) => {
	it('changes nothing of the other by any call', async () => {
		const wrong: string[] = [];
		for (const { name, statement } of calls.filter(({ name }) => !OWN.has(name))) {
			const { changed } = await changedBy(staff[role], bind(statement, things));
			if (changed.length > 0) wrong.push(`${name}: ${changed}`);
		}
		expect(wrong).toEqual([]);
	}, 60_000);

	it('reads and writes no row of the other in any table', async () => {
		const wrong: string[] = [];
		for (const { table, verb, statement } of attempts.filter(
			({ table }) => ofThere.includes(table) && !/promotions/.test(table)
		)) {
			if (/insert into public\.(leads|services|campaigns|contracts) /.test(statement)) continue;
			const { changed, answer } = await changedBy(staff[role], bind(statement, things));
			const seen = verb === 'select' && answer !== '' && answer !== '[]';
			if (changed.length > 0 || (seen && table !== 'services'))
				wrong.push(`${verb} ${table}: ${changed} ${answer}`);
		}
		expect(wrong).toEqual([]);
	}, 60_000);

	it('is told no figures of the other, however he asks', async () => {
		const wrong: string[] = [];
		for (const call of ['order_report', 'stage_report', 'refusal_report']) {
			const ask = (place: number) =>
				call === 'order_report'
					? `select to_jsonb(r) as r from public.order_report('{"location_ids": [${place}], "location_id": ${place}}') r`
					: `select to_jsonb(r) as r from public.${call}(null, null, ${place}) r`;
			const { answer } = await changedBy(staff[role], ask(there));
			if (/"(created|orders|refused|exits|done)":"?[1-9]/.test(answer))
				wrong.push(`${call}: ${answer}`);
		}
		for (const call of [
			`public.board_snapshot(${there})`,
			`public.board_more(${things.waiting}, null, null, ${there})`,
			`public.find_orders('{"location_id": ${there}}')`,
			`public.board_changes('{}', ${there})`
		]) {
			const { answer } = await changedBy(staff[role], `select ${call} as a`);
			if (answer.includes(`"location_id":${there}`)) wrong.push(`${call}: ${answer.slice(0, 200)}`);
		}
		expect(wrong).toEqual([]);
	});
});

describe('what one may not read', () => {
	it('is not in the notes about a client either: terms of contracts', async () => {
		const [note] =
			await db.owner`select id from public.interactions where template_key = 'contract_created' limit 1`;
		const reads = async (role: Role) =>
			(
				await db.asRole(
					staff[role],
					(tx) => tx`select params from public.interactions where id = ${note?.id}`
				)
			).length;
		expect(await reads('manager')).toBe(1);
		expect(await reads('operator')).toBe(0);
		expect(await reads('coordinator')).toBe(0);
	});

	it('is not in the columns one may write', async () => {
		for (const column of [
			'total',
			'paid',
			'payment_state',
			'tracking_token',
			'created_by',
			'lead_id',
			'closed_at',
			'created_at'
		]) {
			const written = db.asRole(staff.admin, (tx) =>
				tx.unsafe(
					`insert into public.orders (location_id, client_id, problem, ${column}) select ${here}, ${things.client}, 'x', o.${column} from public.orders o limit 1`
				)
			);
			expect((await refusal(written)).code, column).toBe('42501');
		}
	});
});
