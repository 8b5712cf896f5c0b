// leads: who sees them, claims, first call, rejection; what nonsense the table refuses
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeUser,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';
import { makeLead, onLead, type LeadFace } from '../support/marketing.ts';

let db: Database;
let here: number;
let there: number;
let operator: string;
let colleague: string;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	there = await makeLocation(db.owner);
	operator = await makeEmployee(db.owner, 'operator', { location: here, name: 'Olha' });
	colleague = await makeEmployee(db.owner, 'operator', { location: here, name: 'Petro' });
});
afterAll(() => db?.stop());

const contact = async (who: string, lead: number, note: string | null = null) => {
	const [row] = await db.commitAs(
		who,
		(tx) => tx`select public.mark_lead_contacted(${lead}, ${note}) as face`
	);
	return row?.face as LeadFace;
};
const reject = (who: string | null, lead: number, reason: string | null) =>
	db.commitAs(who, (tx) => tx`select public.reject_lead(${lead}, ${reason}) as face`);

describe('a lead', () => {
	it('of a location is seen there only, one of none everywhere', async () => {
		const [mine, theirs, anybodys] = [
			await makeLead(db.owner, { location: here }),
			await makeLead(db.owner, { location: there }),
			await makeLead(db.owner)
		];
		await db.asRole(operator, async (tx) => {
			const rows =
				await tx`select id from public.leads where id = any (${[mine, theirs, anybodys]}) order by id`;
			expect(rows.map(({ id }) => id)).toEqual([mine, anybodys]);
			const faces =
				await tx`select id from public.lead_faces where id = any (${[mine, theirs, anybodys]})`;
			expect(faces).toHaveLength(2);
		});
		for (const call of ['claim_lead', 'release_lead', 'reopen_lead'] as const) {
			const missing = await refusal(onLead(db, operator, call, 999_999));
			const foreign = await refusal(onLead(db, operator, call, theirs));
			expect(foreign).toMatchObject({ code: 'VK404', message: 'lead_not_found' });
			expect({ ...foreign, details: 0 }).toEqual({ ...missing, details: 0 });
		}
	});

	it('is nobody’s business without the right: marketers, masters, clients, strangers', async () => {
		const lead = await makeLead(db.owner);
		for (const role of ['marketer', 'master', 'coordinator'] as const) {
			const who = await makeEmployee(db.owner, role);
			expect(await refusal(onLead(db, who, 'claim_lead', lead))).toMatchObject({
				code: 'VK403',
				details: { permission: 'leads.work' }
			});
			expect(await db.asRole(who, (tx) => tx`select from public.lead_faces`)).toHaveLength(0);
		}
		const client = await makeUser(db.owner);
		expect(await refusal(onLead(db, client, 'claim_lead', lead))).toMatchObject({ code: 'VK403' });
		expect((await refusal(onLead(db, null, 'claim_lead', lead))).code).toBe('42501');
	});

	it('is refused when it makes no sense', async () => {
		const nonsense = [
			`insert into public.leads (first_name) values ('Nobody')`,
			`insert into public.leads (first_name, phone) values (' ', '+380501112233')`,
			`insert into public.leads (first_name, phone) values ('X', '0501112233')`,
			`insert into public.leads (first_name, phone, status) values ('X', '+380501112233', 'rejected')`,
			`insert into public.leads (first_name, phone, status) values ('X', '+380501112233', 'converted')`,
			`insert into public.leads (first_name, phone, status) values ('X', '+380501112233', 'contacted')`,
			`insert into public.leads (first_name, phone, claimed_at) values ('X', '+380501112233', now())`,
			`insert into public.leads (first_name, phone, utm) values ('X', '+380501112233', '{"other": "x"}')`,
			`insert into public.leads (first_name, phone, utm) values ('X', '+380501112233', '{"utm_term": 1}')`,
			`insert into public.leads (first_name, phone, utm) values ('X', '+380501112233', jsonb_build_object('utm_term', repeat('x', 201)))`
		];
		for (const statement of nonsense) {
			const { code } = await refusal(db.owner.unsafe(statement));
			expect(code, statement).toBe('23514');
		}
		const utm = JSON.stringify({ utm_source: 'x'.repeat(200), utm_term: 'two\nlines' });
		await db.owner`insert into public.leads (first_name, phone, utm) values ('X', '+380501112233', ${utm}::text::jsonb)`;
	});

	it('that was converted is not deleted, others are by those who work leads', async () => {
		const lead = await makeLead(db.owner);
		const [client] =
			await db.owner`insert into public.clients (first_name) values ('C') returning id`;
		const done = await makeLead(db.owner);
		await db.owner`update public.leads set status = 'converted', client_id = ${client?.id} where id = ${done}`;
		const gone = await db.asRole(
			operator,
			(tx) => tx`delete from public.leads where id = any (${[lead, done]}) returning id`
		);
		expect(gone.map(({ id }) => id)).toEqual([lead]);
	});
});

describe('a claim', () => {
	it('is won by exactly one of ten who take it at once', async () => {
		const lead = await makeLead(db.owner, { location: here });
		const people = await Promise.all(
			Array.from({ length: 10 }, () => makeEmployee(db.owner, 'operator', { location: here }))
		);
		const outcomes = await Promise.allSettled(
			people.map((who) => onLead(db, who, 'claim_lead', lead))
		);
		const won = outcomes.filter(({ status }) => status === 'fulfilled');
		expect(won).toHaveLength(1);
		for (const each of outcomes) {
			if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'VK409' });
		}
	});

	it('binds colleagues, says who has it, and may be repeated and given back', async () => {
		const lead = await makeLead(db.owner, { location: here });
		const first = await onLead(db, operator, 'claim_lead', lead);
		expect(first).toMatchObject({ claimed_by: operator, claimed_by_name: 'Olha' });
		expect((await onLead(db, operator, 'claim_lead', lead)).version).toBe(first.version);
		for (const attempt of [
			() => onLead(db, colleague, 'claim_lead', lead),
			() => onLead(db, colleague, 'release_lead', lead),
			() => contact(colleague, lead),
			() => reject(colleague, lead, 'wrong number')
		]) {
			expect(await refusal(attempt())).toMatchObject({
				code: 'VK409',
				message: 'lead_claimed',
				details: { claimed_by: operator, claimed_by_name: 'Olha' }
			});
		}
		expect((await onLead(db, operator, 'release_lead', lead)).claimed_by).toBeNull();
		expect((await onLead(db, colleague, 'claim_lead', lead)).claimed_by).toBe(colleague);
	});

	it('of somebody dismissed ends with his work here, and a manager frees anybody’s', async () => {
		const leaving = await makeEmployee(db.owner, 'operator', { location: here });
		const lead = await makeLead(db.owner, { location: here });
		const ended = await makeLead(db.owner, { location: here });
		for (const one of [lead, ended]) await onLead(db, leaving, 'claim_lead', one);
		await reject(leaving, ended, 'Changed his mind');
		await db.owner`update public.employees set active = false where id = ${leaving}`;
		expect(
			await db.owner`select claimed_by, claimed_at from public.leads where id in (${lead}, ${ended}) order by id`
		).toMatchObject([
			{ claimed_by: null, claimed_at: null },
			{ claimed_by: leaving, claimed_at: expect.any(Date) }
		]);
		expect((await onLead(db, operator, 'claim_lead', lead)).claimed_by).toBe(operator);
		const manager = await makeEmployee(db.owner, 'manager');
		expect((await onLead(db, manager, 'release_lead', lead)).claimed_by).toBeNull();
	});
});

describe('work', () => {
	it('keeps the time of the first call, the notes, and who called', async () => {
		const lead = await makeLead(db.owner, { location: here });
		const first = await contact(operator, lead, ' No answer ');
		expect(first).toMatchObject({ status: 'contacted', claimed_by: operator });
		expect(first.first_call_at).toBe(first.contacted_at);
		const second = await contact(operator, lead, 'Comes on Monday');
		expect(second.first_call_at).toBe(first.first_call_at);
		expect(second.contacted_at).not.toBe(first.contacted_at);
		await contact(operator, lead, 'Comes on Monday');
		const notes =
			await db.owner`select kind, direction, body, author_id from public.lead_notes where lead_id = ${lead} order by id`;
		expect(notes.map(({ body }) => body)).toEqual(['No answer', 'Comes on Monday']);
		expect(notes[0]).toMatchObject({ kind: 'call', direction: 'out', author_id: operator });
		expect(await refusal(contact(operator, lead, 'x'.repeat(4001)))).toMatchObject({
			code: 'VK422',
			details: { field: 'note' }
		});
	});

	it('ends in a rejection with a reason, which can be taken back', async () => {
		const lead = await makeLead(db.owner, { location: here });
		for (const reason of [null, '', ' \u200b ']) {
			expect(await refusal(reject(operator, lead, reason))).toMatchObject({
				message: 'lead_reason_required'
			});
		}
		const [row] = await reject(operator, lead, ' too far ');
		expect(row?.face).toMatchObject({ status: 'rejected', rejected_reason: 'too far' });
		await reject(operator, lead, 'too far');
		for (const closed of [
			() => onLead(db, operator, 'claim_lead', lead),
			() => contact(operator, lead),
			() => reject(operator, lead, 'other')
		]) {
			expect(await refusal(closed())).toMatchObject({
				code: 'VK422',
				message: 'lead_closed',
				details: { status: 'rejected' }
			});
		}
		expect(await onLead(db, operator, 'reopen_lead', lead)).toMatchObject({
			status: 'new',
			rejected_reason: null
		});
	});

	it('never writes status, claims or references past the calls', async () => {
		const lead = await makeLead(db.owner);
		for (const column of ['status', 'claimed_by', 'client_id', 'submissions', 'first_call_at']) {
			const written = db.asRole(operator, (tx) =>
				tx.unsafe(`update public.leads set ${column} = ${column} where id = ${lead}`)
			);
			expect((await refusal(written)).code, column).toBe('42501');
		}
	});
});
