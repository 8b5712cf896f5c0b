// a lead becomes a client, an order, a contract, with all it brought
import { randomUUID } from 'node:crypto';
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
import { freshPhone, makeCampaign, makeLead, makeService, onLead } from '../support/marketing.ts';

type Converted = { client_id: number; order_id: number | null; contract_id: number | null };

let db: Database;
let location: number;
let manager: string;
let operator: string;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	manager = await makeEmployee(db.owner, 'manager', { name: 'Maria' });
	operator = await makeEmployee(db.owner, 'operator', { location, name: 'Olha' });
});
afterAll(() => db?.stop());

async function convert(
	who: string | null,
	lead: number,
	payload: object = {},
	mutation: string | null = null
): Promise<Converted> {
	const [row] = await db.commitAs(
		who,
		(tx) =>
			tx`select public.convert_lead(${lead}, ${JSON.stringify(payload)}::text::jsonb, ${mutation}) as answer`
	);
	return row?.answer;
}
const one = async (table: string, id: number | null) =>
	(await db.owner`select * from ${db.owner(table)} where id = ${id}`)[0];

describe('into a client', () => {
	it('makes one of the lead’s words, and carries message and notes over', async () => {
		const phone = freshPhone();
		const campaign = await makeCampaign(db.owner, { name: 'Radio' });
		const lead = await makeLead(db.owner, {
			phone,
			email: 'l@example.test',
			campaign,
			location,
			message: 'Broken'
		});
		await db.commitAs(
			operator,
			(tx) => tx`select public.mark_lead_contacted(${lead}, 'Comes on Monday')`
		);
		const { client_id } = await convert(operator, lead);
		expect(await one('public.clients', client_id)).toMatchObject({
			first_name: 'Lada',
			email: 'l@example.test'
		});
		const phones =
			await db.owner`select phone from public.client_phones where client_id = ${client_id}`;
		expect(phones).toEqual([{ phone }]);
		expect(await one('public.leads', lead)).toMatchObject({
			status: 'converted',
			client_id,
			order_id: null
		});
		const history =
			await db.owner`select kind, direction, body, template_key, params, author_id, lead_id
			from public.interactions where client_id = ${client_id} order by id`;
		expect(history).toMatchObject([
			{ kind: 'message', direction: 'in', body: 'Broken', author_id: null, lead_id: lead },
			{ kind: 'call', direction: 'out', body: 'Comes on Monday', author_id: operator },
			{
				kind: 'automatic',
				template_key: 'lead_converted',
				params: { lead_id: lead, campaign: 'Radio' }
			}
		]);
	});

	it('finds the one with the phone, or the only one with the e-mail, and overwrites nothing', async () => {
		const client = await makeClient(db.owner, 'Kept');
		await db.owner`update public.clients set email = 'own@example.test' where id = ${client}`;
		const [row] =
			await db.owner`select phone from public.client_phones where client_id = ${client}`;
		const byPhone = await makeLead(db.owner, { phone: row?.phone, email: 'new@example.test' });
		expect((await convert(manager, byPhone)).client_id).toBe(client);
		expect(await one('public.clients', client)).toMatchObject({
			last_name: 'Kept',
			email: 'own@example.test'
		});
		const byMail = await makeLead(db.owner, { phone: null, email: 'OWN@example.test' });
		expect((await convert(manager, byMail)).client_id).toBe(client);
		const twin = await makeClient(db.owner);
		await db.owner`update public.clients set email = 'own@example.test' where id = ${twin}`;
		const unclear = await makeLead(db.owner, { phone: null, email: 'own@example.test' });
		expect([client, twin]).not.toContain((await convert(manager, unclear)).client_id);
	});

	it('takes the one that was chosen, who gets the phone', async () => {
		const client = await makeClient(db.owner);
		const phone = freshPhone();
		const lead = await makeLead(db.owner, { phone });
		expect((await convert(manager, lead, { client_id: client })).client_id).toBe(client);
		const [row] = await db.owner`select client_id from public.client_phones where phone = ${phone}`;
		expect(row?.client_id).toBe(client);
	});

	it('makes one client of ten leads with one phone converted at once', async () => {
		const phone = freshPhone();
		const leads: number[] = [];
		for (let made = 0; made < 10; made++) leads.push(await makeLead(db.owner, { phone }));
		const answers = await Promise.all(leads.map((lead) => convert(manager, lead)));
		expect(new Set(answers.map(({ client_id }) => client_id)).size).toBe(1);
		const clients =
			await db.owner`select id from public.clients where first_name = 'Lada' and id = ${answers[0]?.client_id ?? 0}`;
		expect(clients).toHaveLength(1);
	});
});

describe('into an order', () => {
	it('gives it client, campaign, service, place and words of the lead', async () => {
		const service = await makeService(db.owner);
		const campaign = await makeCampaign(db.owner, { service });
		const lead = await makeLead(db.owner, { campaign, location, message: 'No sound' });
		await db.owner`update public.leads set service_id = ${service} where id = ${lead}`;
		const { client_id, order_id } = await convert(operator, lead, { order: {} });
		expect(await one('public.orders', order_id)).toMatchObject({
			client_id,
			location_id: location,
			campaign_id: campaign,
			service_id: service,
			lead_id: lead,
			problem: 'No sound'
		});
		expect(await one('public.leads', lead)).toMatchObject({ order_id, client_id });
	});

	it('that is refused leaves the lead and makes no client', async () => {
		const phone = freshPhone();
		const lead = await makeLead(db.owner, { phone, location });
		expect(await refusal(convert(operator, lead, { order: {} }))).toMatchObject({
			code: 'VK422',
			details: { field: 'problem' }
		});
		expect(await one('public.leads', lead)).toMatchObject({ status: 'new', client_id: null });
		expect(await db.owner`select from public.client_phones where phone = ${phone}`).toHaveLength(0);
	});
});

describe('into a contract', () => {
	const terms = (service: number) => ({
		service_id: service,
		amount: 1500,
		starts_on: '2026-01-01',
		ends_on: '2026-12-31'
	});

	it('makes a draft credited to the campaign', async () => {
		const service = await makeService(db.owner);
		const campaign = await makeCampaign(db.owner);
		const lead = await makeLead(db.owner, { campaign, location });
		const { client_id, contract_id } = await convert(manager, lead, { contract: terms(service) });
		expect(await one('public.contracts', contract_id)).toMatchObject({
			client_id,
			service_id: service,
			campaign_id: campaign,
			location_id: location,
			amount: '1500.00',
			state: 'draft'
		});
		expect(await one('public.leads', lead)).toMatchObject({ contract_id });
	});

	it('needs the right to make contracts and terms that make sense', async () => {
		const service = await makeService(db.owner);
		const lead = await makeLead(db.owner);
		expect(await refusal(convert(operator, lead, { contract: terms(service) }))).toMatchObject({
			code: 'VK403',
			details: { permission: 'contracts.manage' }
		});
		for (const [change, field] of [
			[{ service_id: 999_999 }, 'service_id'],
			[{ amount: 0 }, 'amount'],
			[{ amount: 'much' }, 'contract'],
			[{ ends_on: '2025-01-01' }, 'ends_on'],
			[{ ends_on: null }, 'ends_on'],
			[{ campaign_id: 999_999 }, 'campaign_id'],
			[{ location_id: 999_999 }, 'location_id']
		] as const) {
			const tried = convert(manager, lead, { contract: { ...terms(service), ...change } });
			expect(await refusal(tried), field).toMatchObject({ code: 'VK422', details: { field } });
		}
	});
});

describe('a conversion', () => {
	it('repeated with its mutation id answers the same, with another is refused', async () => {
		const lead = await makeLead(db.owner, { location, message: 'x' });
		const mutation = randomUUID();
		const first = await convert(operator, lead, { order: {} }, mutation);
		const again = await convert(operator, lead, { order: {} }, mutation);
		expect(again).toMatchObject({ client_id: first.client_id, order_id: first.order_id });
		expect(await refusal(convert(operator, lead, {}, randomUUID()))).toMatchObject({
			message: 'lead_closed',
			details: { status: 'converted', client_id: first.client_id }
		});
		expect(await refusal(convert(operator, lead))).toMatchObject({ message: 'lead_closed' });
	});

	it('is refused to those without the right, for foreign and for claimed leads, and of nonsense', async () => {
		const lead = await makeLead(db.owner);
		for (const who of [await makeEmployee(db.owner, 'marketer'), await makeUser(db.owner)]) {
			expect(await refusal(convert(who, lead))).toMatchObject({ code: 'VK403' });
		}
		expect((await refusal(convert(null, lead))).code).toBe('42501');
		const elsewhere = await makeLead(db.owner, { location: await makeLocation(db.owner) });
		expect(await refusal(convert(operator, elsewhere))).toMatchObject({ code: 'VK404' });
		await onLead(db, operator, 'claim_lead', lead);
		expect(await refusal(convert(manager, lead))).toMatchObject({
			code: 'VK409',
			message: 'lead_claimed'
		});
		for (const [payload, field] of [
			[{ client_id: 999_999 }, 'client_id'],
			[{ client_id: 'x' }, 'client_id'],
			[{ order: 1 }, 'order'],
			[{ contract: [] }, 'contract'],
			[{ order: {}, contract: {} }, 'contract'],
			[[], 'payload']
		] as const) {
			expect(await refusal(convert(operator, lead, payload))).toMatchObject({
				code: 'VK422',
				details: { field }
			});
		}
	});
});
