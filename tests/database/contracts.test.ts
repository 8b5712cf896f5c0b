// contracts: numbers, states, stale PDFs, notes in the client's history, who may
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	makeUser,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';
import { makeService } from '../support/marketing.ts';

type Contract = {
	id: number;
	number: string;
	version: number;
	state: string;
	pdf_stale: boolean;
} & Record<string, unknown>;

let db: Database;
let manager: string;
let service: number;
let client: number;

beforeAll(async () => {
	db = await startDatabase();
	manager = await makeEmployee(db.owner, 'manager');
	service = await makeService(db.owner);
	client = await makeClient(db.owner);
});
afterAll(() => db?.stop());

async function make(who = manager, location: number | null = null): Promise<Contract> {
	const [row] = await db.commitAs(
		who,
		(tx) => tx<
			Contract[]
		>`insert into public.contracts (service_id, client_id, location_id, amount, starts_on, ends_on)
			values (${service}, ${client}, ${location}, 900, '2026-01-01', '2026-06-30') returning *`
	);
	return row as Contract;
}
const step = async (
	call: string,
	who: string | null,
	...values: (number | string | null)[]
): Promise<Contract> => {
	const [row] = await db.commitAs(
		who,
		(tx) =>
			tx`select to_jsonb(c) as contract from ${tx(`public.${call}`)}(${tx.unsafe(values.map((value) => (value === null ? 'null' : `'${value}'`)).join(', '))}) c`
	);
	return row?.contract;
};
const notes = async (contract: Contract) =>
	db.owner`select template_key, params, author_id, contract_id, client_id from public.interactions
		where params ->> 'number' = ${contract.number} order by id`;

describe('a number', () => {
	it('runs within the year without a gap or a double, however many are made at once', async () => {
		const made = await Promise.all(Array.from({ length: 10 }, () => make()));
		const numbers = made.map(({ number }) => number).sort();
		expect(new Set(numbers).size).toBe(10);
		for (const number of numbers) expect(number).toMatch(/^20\d\d-\d{5}$/);
		const last = Number(numbers.at(-1)?.slice(5));
		expect(last - Number(numbers[0]?.slice(5))).toBe(9);
		expect(Number((await make()).number.slice(5))).toBe(last + 1);
	});
});

describe('a contract', () => {
	it('goes from draft to signed to closed, and no other way', async () => {
		const contract = await make();
		expect(contract).toMatchObject({ state: 'draft', signed_at: null, pdf_stale: false });
		expect(await refusal(step('close_contract', manager, contract.id))).toMatchObject({
			code: 'VK422',
			message: 'contract_state',
			details: { from: 'draft', to: 'closed' }
		});
		const signed = await step('sign_contract', manager, contract.id);
		expect(signed).toMatchObject({
			state: 'signed',
			pdf_stale: true,
			signed_at: expect.any(String)
		});
		expect((await step('sign_contract', manager, contract.id)).version).toBe(signed.version);
		await step('close_contract', manager, contract.id);
		expect(await refusal(step('cancel_contract', manager, contract.id, 'late'))).toMatchObject({
			message: 'contract_state'
		});
		const direct = db.owner`update public.contracts set state = 'draft' where id = ${contract.id}`;
		expect(await refusal(direct as never)).toMatchObject({ message: 'contract_state' });
	});

	it('is cancelled with a reason only', async () => {
		const contract = await make();
		for (const reason of [null, ' ']) {
			expect(await refusal(step('cancel_contract', manager, contract.id, reason))).toMatchObject({
				details: { field: 'reason' }
			});
		}
		expect(await step('cancel_contract', manager, contract.id, 'moved away')).toMatchObject({
			state: 'cancelled',
			cancelled_reason: 'moved away'
		});
	});

	it('that somebody changed meanwhile is not signed unseen', async () => {
		const contract = await make();
		await db.owner`update public.contracts set amount = 950 where id = ${contract.id}`;
		expect(await refusal(step('sign_contract', manager, contract.id, 1))).toMatchObject({
			code: 'VK409',
			message: 'contract_changed',
			details: { version: 2 }
		});
		expect(await step('sign_contract', manager, contract.id, 2)).toMatchObject({ state: 'signed' });
	});

	it('once signed asks for a new PDF whenever its terms change, not when its notes do', async () => {
		const { id } = await make();
		await step('sign_contract', manager, id);
		const printed = () =>
			db.owner`update public.contracts set pdf_path = 'x.pdf', pdf_version = pdf_version + 1, pdf_stale = false where id = ${id} returning pdf_stale`;
		const edit = (change: string) =>
			db.commitAs(manager, (tx) =>
				tx.unsafe(`update public.contracts set ${change} where id = ${id} returning pdf_stale`)
			);
		expect(await printed()).toEqual([{ pdf_stale: false }]);
		expect(await edit(`notes = 'pays in cash'`)).toEqual([{ pdf_stale: false }]);
		for (const change of [
			'amount = amount + 1',
			`ends_on = '2026-12-31'`,
			`starts_on = '2026-02-01'`
		]) {
			await printed();
			expect(await edit(change), change).toEqual([{ pdf_stale: true }]);
		}
	});

	it('closed or cancelled is edited no more, signed is not deleted', async () => {
		const contract = await make();
		await step('sign_contract', manager, contract.id);
		const removed = db.commitAs(
			manager,
			(tx) => tx`delete from public.contracts where id = ${contract.id}`
		);
		expect(await refusal(removed)).toMatchObject({ message: 'contract_signed' });
		await step('close_contract', manager, contract.id);
		for (const change of [
			'amount = 1',
			`notes = 'x'`,
			'location_id = null, campaign_id = null, ends_on = ends_on + 1'
		]) {
			const edited = db.commitAs(manager, (tx) =>
				tx.unsafe(`update public.contracts set ${change} where id = ${contract.id}`)
			);
			expect(await refusal(edited), change).toMatchObject({ message: 'contract_closed' });
		}
	});

	it('never changes state, number, client or PDF past the calls', async () => {
		for (const column of ['state', 'number', 'client_id', 'signed_at', 'pdf_path', 'pdf_stale']) {
			const written = db.asRole(manager, (tx) =>
				tx.unsafe(`update public.contracts set ${column} = ${column}`)
			);
			expect((await refusal(written)).code, column).toBe('42501');
		}
	});

	it('with a blacklisted client needs the right to override, unless the company only warns', async () => {
		const bad = await makeClient(db.owner);
		await db.owner`insert into public.client_blacklist (client_id, reason) values (${bad}, 'never pays')`;
		const attempt = () =>
			db.asRole(
				manager,
				(tx) => tx`insert into public.contracts (service_id, client_id, amount, ends_on)
			values (${service}, ${bad}, 5, '2030-01-01') returning id`
			);
		expect(await attempt()).toHaveLength(1);
		await db.owner`delete from public.role_permissions where role = 'manager' and permission = 'clients.override_blacklist'`;
		expect(await refusal(attempt())).toMatchObject({
			message: 'client_blacklisted',
			details: { reason: 'never pays' }
		});
		await db.owner`update public.settings set blacklist_policy = 'warn'`;
		expect(await attempt()).toHaveLength(1);
	});
});

it('every step leaves a note in the client’s history, by whom and what', async () => {
	const contract = await make();
	await db.commitAs(
		manager,
		(tx) => tx`update public.contracts set amount = 1000, notes = 'new' where id = ${contract.id}`
	);
	await db.commitAs(
		manager,
		(tx) => tx`update public.contracts set amount = amount where id = ${contract.id}`
	);
	await step('sign_contract', manager, contract.id);
	await step('cancel_contract', manager, contract.id, 'moved away');
	const told = await notes(contract);
	expect(told.map(({ template_key }) => template_key)).toEqual([
		'contract_created',
		'contract_changed',
		'contract_signed',
		'contract_cancelled'
	]);
	for (const note of told) {
		expect(note).toMatchObject({ author_id: manager, client_id: client, contract_id: contract.id });
	}
	expect(told[1]?.params).toMatchObject({ changes: { amount: [900, 1000], notes: [null, 'new'] } });
	expect(told[3]?.params).toMatchObject({ reason: 'moved away', service: { en: 'Setup' } });
	const long = 'ж'.repeat(4000);
	const wordy = await make();
	for (const text of [long, `${long.slice(1)}x`]) {
		await db.commitAs(
			manager,
			(tx) => tx`update public.contracts set notes = ${text} where id = ${wordy.id}`
		);
	}
	expect(await notes(wordy)).toHaveLength(3);
	const draft = await make();
	await db.commitAs(manager, (tx) => tx`delete from public.contracts where id = ${draft.id}`);
	const gone = await notes(draft);
	expect(gone.map(({ template_key, contract_id }) => [template_key, contract_id])).toEqual([
		['contract_created', null],
		['contract_deleted', null]
	]);
});

it('is seen and signed in its location only, and by nobody without the right', async () => {
	const [here, there] = [await makeLocation(db.owner), await makeLocation(db.owner)];
	const local = await makeEmployee(db.owner, 'manager', { location: here });
	const [mine, theirs] = [await make(local, here), await make(manager, there)];
	const seen = await db.asRole(
		local,
		(tx) => tx`select id from public.contracts where id = any (${[mine.id, theirs.id]})`
	);
	expect(seen).toEqual([{ id: mine.id }]);
	expect(await refusal(step('sign_contract', local, theirs.id))).toMatchObject({ code: 'VK404' });
	expect((await refusal(make(local, there))).code).toBe('42501');
	for (const role of ['operator', 'marketer', 'coordinator', 'master'] as const) {
		const who = await makeEmployee(db.owner, role);
		for (const call of ['sign_contract', 'close_contract']) {
			expect(await refusal(step(call, who, mine.id))).toMatchObject({ code: 'VK403' });
		}
		expect(await refusal(step('cancel_contract', who, mine.id, 'x'))).toMatchObject({
			code: 'VK403'
		});
	}
	expect(await refusal(step('sign_contract', await makeUser(db.owner), mine.id))).toMatchObject({
		code: 'VK403'
	});
	expect((await refusal(step('sign_contract', null, mine.id))).code).toBe('42501');
});

it('counts signed contracts of a service for every employee, and nobody else', async () => {
	const counted = await makeService(db.owner);
	for (const signed of [true, true, false]) {
		const [row] =
			await db.owner`insert into public.contracts (service_id, client_id, amount, ends_on)
			values (${counted}, ${client}, 5, '2030-01-01') returning id`;
		if (signed) await step('sign_contract', manager, row?.id);
	}
	const marketer = await makeEmployee(db.owner, 'marketer');
	const count = (who: string) =>
		db.asRole(
			who,
			(tx) => tx`select signed from public.service_contract_counts where service_id = ${counted}`
		);
	expect(await count(marketer)).toEqual([{ signed: 2 }]);
	expect(await count(await makeUser(db.owner))).toEqual([]);
});
