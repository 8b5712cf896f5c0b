// what the leads topic says, where, and what a face knows about duplicates and the blacklist
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	startDatabase,
	type Database
} from '../support/database.ts';
import { freshPhone, makeCampaign, makeLead, onLead, type LeadFace } from '../support/marketing.ts';

type Message = { topic: string; event: string; payload: Record<string, unknown> };

let db: Database;
let here: number;
let there: number;
let operator: string;
let epoch: number;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	there = await makeLocation(db.owner);
	operator = await makeEmployee(db.owner, 'operator', { location: here, name: 'Olha' });
	epoch = (await db.owner`select private.current_epoch() as epoch`)[0]?.epoch;
});
afterAll(() => db?.stop());

async function told(change: () => Promise<unknown>): Promise<Message[]> {
	await db.owner`delete from realtime.messages`;
	await change();
	const rows = await db.owner<Message[]>`
		select topic, event, payload from realtime.messages where topic like 'leads:%' and private order by inserted_at, topic`;
	return [...rows];
}
const topic = (location: number) => `leads:${location}:${epoch}`;
const faceOf = async (id: number): Promise<LeadFace> =>
	(await db.owner`select private.lead_face(${id}) as face`)[0]?.face;

it('a new lead is told to its location, one of none to all', async () => {
	const campaign = await makeCampaign(db.owner, { name: 'Radio' });
	let lead = 0;
	const messages = await told(async () => {
		lead = await makeLead(db.owner, { location: here, campaign });
	});
	expect(messages).toEqual([
		{
			topic: topic(here),
			event: 'lead_changed',
			payload: {
				id: lead,
				version: 1,
				event: 'created',
				actor_id: null,
				at: expect.any(String),
				lead: await faceOf(lead)
			}
		}
	]);
	expect(messages[0]?.payload.lead).toMatchObject({ campaign_name: 'Radio', duplicates: 0 });
	const everywhere = await told(() => makeLead(db.owner));
	expect(everywhere.map((each) => each.topic).sort()).toEqual([topic(here), topic(there)].sort());
});

it('the face is what those who read leads select, and says no secrets of the intake', async () => {
	const lead = await makeLead(db.owner, { location: here });
	const [row] = await db.asRole(
		operator,
		(tx) => tx`select to_jsonb(f) as face from public.lead_faces f where id = ${lead}`
	);
	expect(row?.face).toEqual(await faceOf(lead));
	for (const hidden of ['idempotency_key', 'api_token_id', 'conversion_id']) {
		expect(row?.face).not.toHaveProperty(hidden);
	}
});

it('a claim is told with who it was, a repeated one is not', async () => {
	const lead = await makeLead(db.owner, { location: here });
	const messages = await told(() => onLead(db, operator, 'claim_lead', lead));
	expect(messages).toMatchObject([
		{ payload: { event: 'changed', actor_id: operator, lead: { claimed_by_name: 'Olha' } } }
	]);
	expect(await told(() => onLead(db, operator, 'claim_lead', lead))).toEqual([]);
});

it('a lead that goes elsewhere disappears from those who see it no more, and only from them', async () => {
	const lead = await makeLead(db.owner, { location: here });
	const move = (to: number | null) => () =>
		db.owner`update public.leads set location_id = ${to} where id = ${lead}`;
	const summary = (messages: Message[]) =>
		messages.map((each) => [each.topic, each.payload.lead !== null]).sort();
	expect(summary(await told(move(there)))).toEqual(
		[
			[topic(here), false],
			[topic(there), true]
		].sort()
	);
	expect(summary(await told(move(null)))).toEqual(
		[
			[topic(here), true],
			[topic(there), true]
		].sort()
	);
	expect(summary(await told(move(here)))).toEqual(
		[
			[topic(here), true],
			[topic(there), false]
		].sort()
	);
	const gone = await told(() => db.owner`delete from public.leads where id = ${lead}`);
	expect(gone).toMatchObject([
		{ topic: topic(here), payload: { id: lead, event: 'removed', lead: null } }
	]);
});

it('duplicates are counted on every face of the same phone or e-mail, and told anew', async () => {
	const phone = freshPhone();
	const first = await makeLead(db.owner, { location: here, phone, email: 'Same@example.test' });
	const messages = await told(() => makeLead(db.owner, { location: here, phone }));
	const again = messages.find(({ payload }) => payload.id === first);
	expect(again?.payload).toMatchObject({ version: 2, lead: { duplicates: 1 } });
	const third = await makeLead(db.owner, { phone: null, email: 'same@EXAMPLE.test' });
	expect((await faceOf(first)).duplicates).toBe(2);
	expect((await faceOf(third)).duplicates).toBe(1);
	await db.owner`delete from public.leads where id = ${third}`;
	expect((await faceOf(first)).duplicates).toBe(1);
});

it('a known client and the blacklist show, also when they come later', async () => {
	const client = await makeClient(db.owner);
	const [row] = await db.owner`select phone from public.client_phones where client_id = ${client}`;
	const lead = await makeLead(db.owner, { location: here, phone: row?.phone });
	expect(await faceOf(lead)).toMatchObject({ known_client_id: client, blacklisted: false });
	const listed = await told(
		() =>
			db.owner`insert into public.client_blacklist (client_id, reason) values (${client}, 'rude')`
	);
	expect(listed).toMatchObject([{ payload: { id: lead, lead: { blacklisted: true } } }]);
	const phone = freshPhone();
	const other = await makeLead(db.owner, { location: here, phone });
	const adopted = await told(
		() => db.owner`insert into public.client_phones (client_id, phone) values (${client}, ${phone})`
	);
	expect(adopted).toMatchObject([
		{ payload: { id: other, lead: { known_client_id: client, blacklisted: true } } }
	]);
});
