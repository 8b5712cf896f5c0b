// what the pages of leads read: the list by filters and words, one lead with all about it, first calls
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	makeUser,
	refusal,
	startDatabase,
	type Database,
	type Who
} from '../support/database.ts';
import { freshPhone, makeCampaign, makeLead, onLead, type LeadFace } from '../support/marketing.ts';

type Page = { leads: LeadFace[]; next: Record<string, unknown> | null };

let db: Database;
let here: number;
let there: number;
let operator: string;
let local: string;

beforeAll(async () => {
	db = await startDatabase();
	[here, there] = [await makeLocation(db.owner), await makeLocation(db.owner)];
	operator = await makeEmployee(db.owner, 'operator', { name: 'Olha' });
	local = await makeEmployee(db.owner, 'operator', { location: there });
});
afterAll(() => db?.stop());

async function find(
	filters: object = {},
	options: { who?: Who; after?: object | null; rows?: number } = {}
): Promise<Page> {
	const { who = operator, after = null, rows = 50 } = options;
	return db.asRole(who, async (tx) => {
		const [row] = await tx`select public.find_leads(${JSON.stringify(filters)}::text::jsonb,
			${after && JSON.stringify(after)}::text::jsonb, ${rows}) as page`;
		return row?.page as Page;
	});
}
const ids = ({ leads }: Page) => leads.map(({ id }) => id);
const ask = async (who: Who, statement: string) =>
	db.asRole(who, async (tx) => (await tx.unsafe(`select ${statement} as answer`))[0]?.answer);

describe('the list', () => {
	it('comes page by page, each lead once, the newest first', async () => {
		const made: number[] = [];
		for (let n = 0; n < 5; n++) made.unshift(await makeLead(db.owner));
		await db.owner`update public.leads set created_at = '2026-01-05' where id = any (${made})`;
		const within = { created_from: '2026-01-01', created_to: '2026-01-06' };
		const first = await find(within, { rows: 2 });
		const second = await find(within, { rows: 2, after: first.next });
		const third = await find(within, { rows: 2, after: second.next });
		expect([...ids(first), ...ids(second), ...ids(third)]).toEqual(made);
		expect(third.next).toBe(null);
	});

	it('is narrowed by every filter', async () => {
		const campaign = await makeCampaign(db.owner);
		const [plain, claimed, lost] = [
			await makeLead(db.owner, { campaign, location: here }),
			await makeLead(db.owner, { campaign, location: there }),
			await makeLead(db.owner, { campaign })
		];
		await db.owner`update public.leads set source = 'radio' where id = ${plain}`;
		await onLead(db, operator, 'claim_lead', claimed);
		await db.commitAs(operator, (tx) => tx`select public.reject_lead(${lost}, 'Moved away')`);
		const of = async (filters: object, who: Who = operator) =>
			ids(await find({ campaign_ids: [campaign], ...filters }, { who }));
		expect(await of({})).toEqual([lost, claimed, plain]);
		expect(await of({ statuses: ['new', 'contacted'] })).toEqual([claimed, plain]);
		expect(await of({ mine: true })).toEqual([claimed]);
		expect(await of({ unclaimed: true, statuses: ['new'] })).toEqual([plain]);
		expect(await of({ source: 'radio' })).toEqual([plain]);
		expect(await of({ location_id: here })).toEqual([plain]);
		expect(await of({ created_to: '2020-01-01' })).toEqual([]);
		// a location's operator sees its leads and those of none
		expect(await of({}, local)).toEqual([lost, claimed]);
		expect(await ask(operator, 'public.lead_sources()')).toContain('radio');
	});

	it('finds names in either alphabet, e-mails and any part of a number', async () => {
		const phone = freshPhone();
		const lead = await makeLead(db.owner, { phone, email: 'rango.adik@example.test' });
		await db.owner`update public.leads set first_name = 'Едуард', last_name = 'Щербаков' where id = ${lead}`;
		for (const words of [
			'Shcherbakov',
			'щербаков эдуард',
			'rango',
			phone.slice(4),
			'0' + phone.slice(4)
		])
			expect(ids(await find({ words })), words).toContain(lead);
		expect(ids(await find({ words: 'Shcherbakov Petro' }))).toEqual([]);
		expect(ids(await find({ words: '%' }))).toEqual([]);
	});

	it('refuses nonsense by the field’s name', async () => {
		const nonsense: [object, string][] = [
			[{ statuses: ['lost'] }, 'statuses'],
			[{ statuses: 'new' }, 'statuses'],
			[{ mine: 'perhaps' }, 'mine'],
			[{ words: ' ' }, 'words'],
			[{ created_from: 'tomorrow' }, 'created_from'],
			[{ rank: 1 }, 'rank']
		];
		for (const [filters, field] of nonsense) {
			expect(await refusal(find(filters)), field).toMatchObject({
				code: 'VK422',
				details: { field }
			});
		}
		expect(await refusal(find({}, { after: { id: 'x' } }))).toMatchObject({
			details: { field: 'id' }
		});
	});
});

describe('one lead', () => {
	it('comes with its notes, its twins and the client it would become', async () => {
		const phone = freshPhone();
		const client = await makeClient(db.owner, 'Ткач');
		await db.owner`insert into public.client_phones (client_id, phone) values (${client}, ${phone})`;
		const [twin, lead] = [
			await makeLead(db.owner, { phone, location: here }),
			await makeLead(db.owner, { phone })
		];
		await db.commitAs(
			operator,
			(tx) => tx`select public.mark_lead_contacted(${lead}, 'Will think')`
		);
		const details = await ask(operator, `public.lead_details(${lead})`);
		expect(details).toMatchObject({
			lead: { id: lead, status: 'contacted', duplicates: 1, known_client_id: client },
			notes: [{ kind: 'call', direction: 'out', body: 'Will think', author: 'Olha' }],
			twins: [{ id: twin, status: 'new' }],
			client: { id: client, blacklisted: false, by: 'phone', orders: 0 }
		});
		// a twin of another location is not this one's business
		expect((await ask(local, `public.lead_details(${lead})`)).twins).toEqual([]);
	});

	it('of another location is like one that does not exist', async () => {
		const lead = await makeLead(db.owner, { location: here });
		const foreign = await refusal(ask(local, `public.lead_details(${lead})`));
		const missing = await refusal(ask(local, 'public.lead_details(999999)'));
		expect(foreign).toMatchObject({ code: 'VK404', message: 'lead_not_found' });
		expect({ ...foreign, details: 0 }).toEqual({ ...missing, details: 0 });
	});

	it('says nothing of clients to those who may not read them', async () => {
		const lead = await makeLead(db.owner);
		await db.owner`delete from public.role_permissions where role = 'operator' and permission = 'clients.read'`;
		expect((await ask(operator, `public.lead_details(${lead})`)).client).toBe(null);
		await db.owner`insert into public.role_permissions values ('operator', 'clients.read')`;
	});

	it('tells those who see it that something was written about it', async () => {
		const lead = await makeLead(db.owner, { location: here });
		await db.owner`delete from realtime.messages`;
		await db.commitAs(
			operator,
			(tx) => tx`insert into public.lead_notes (lead_id, body) values (${lead}, 'After six')`
		);
		const told =
			await db.owner`select topic, payload from realtime.messages where event = 'lead_noted'`;
		expect([...told]).toEqual([
			{ topic: expect.stringMatching(`^leads:${here}:`), payload: { id: lead } }
		]);
	});
});

it('first calls are averaged over the leads that came today and in seven days', async () => {
	const place = await makeLocation(db.owner);
	const who = await makeEmployee(db.owner, 'operator', { location: place });
	const before = await ask(who, 'public.lead_summary()');
	const [fast, slow, old] = [1, 2, 3].map(() => makeLead(db.owner, { location: place }));
	const waited = async (lead: number, ago: string, seconds: number) =>
		db.owner`update public.leads set created_at = now() - ${ago}::interval,
			first_call_at = now() - ${ago}::interval + make_interval(secs => ${seconds}) where id = ${lead}`;
	await waited((await fast) as number, '0 seconds', 60);
	await waited((await slow) as number, '3 days', 240);
	await waited((await old) as number, '9 days', 9000);
	await makeLead(db.owner, { location: place });
	const summary = await ask(who, 'public.lead_summary()');
	expect(before.today.leads + 2).toBe(summary.today.leads);
	// leads of no location belong to everybody, and nobody called them yet
	expect(summary.today).toMatchObject({ called: before.today.called + 1 });
	expect(before.today.called === 0 ? summary.today.seconds : 60).toBe(60);
	expect(summary.week.leads).toBe(before.week.leads + 3);
	expect(summary.new).toBe(before.new + 4);
});

it('strangers, clients, masters and marketers learn nothing', async () => {
	const lead = await makeLead(db.owner);
	const calls = ['find_leads()', `lead_details(${lead})`, 'lead_summary()', 'lead_sources()'];
	const others = [
		await makeUser(db.owner),
		await makeEmployee(db.owner, 'master'),
		await makeEmployee(db.owner, 'marketer')
	];
	for (const call of calls) {
		for (const who of others)
			expect((await refusal(ask(who, `public.${call}`))).code, call).toBe('VK403');
		expect((await refusal(ask(null, `public.${call}`))).code, call).toBe('42501');
	}
});
