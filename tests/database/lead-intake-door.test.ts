// the intake's door: what repeats, who may come in, and how often
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeEmployee, startDatabase, type Database } from '../support/database.ts';
import { freshPhone, intake, makeCampaign, makeToken } from '../support/marketing.ts';

let db: Database;
let admin: string;
let token: string;

beforeAll(async () => {
	db = await startDatabase();
	admin = await makeEmployee(db.owner, 'admin');
	({ token } = await makeToken(db, admin));
});
afterAll(() => db?.stop());
// limits are counted by the minute: each test starts with none used
beforeEach(() => db.owner`delete from private.intake_attempts`);

const send = (payload: Record<string, unknown>, options: Parameters<typeof intake>[3] = {}) =>
	intake(db, token, { first_name: 'Nika', phone_number: freshPhone(), ...payload }, options);
const stored = async (id: number | undefined) =>
	(await db.owner`select * from public.leads where id = ${id ?? 0}`)[0];

describe('a repeat', () => {
	it('of phone and campaign joins the lead, is counted, and adds what was missing', async () => {
		const campaign = await makeCampaign(db.owner);
		const again = { phone_number: freshPhone(), advertising_company: campaign };
		const first = await send({ ...again, message: 'Broken neck' });
		const second = await send({
			...again,
			first_name: 'Other',
			email: 'x@example.test',
			message: 'Also strings'
		});
		const third = await send({ ...again, message: 'Also strings' });
		expect(second).toMatchObject({
			ok: true,
			created: false,
			lead: { id: first.lead?.id, submissions: 2 }
		});
		// a token reads back only what it sent
		expect(third.lead).toMatchObject({ first_name: 'Nika', email: null, submissions: 3 });
		expect(await stored(first.lead?.id)).toMatchObject({
			first_name: 'Nika',
			email: 'x@example.test',
			message: 'Broken neck',
			submissions: 3
		});
		const notes =
			await db.owner`select kind, direction, body, author_id from public.lead_notes where lead_id = ${first.lead?.id ?? 0}`;
		expect(notes).toEqual([
			{ kind: 'message', direction: 'in', body: 'Also strings', author_id: null }
		]);
		const elsewhere = await send({ phone_number: again.phone_number });
		expect(elsewhere.created).toBe(true);
	});

	it('after the window, or of a rejected lead, is a new lead', async () => {
		const phone_number = freshPhone();
		const first = await send({ phone_number });
		await db.owner`update public.leads set last_submitted_at = now() - interval '31 minutes' where id = ${first.lead?.id ?? 0}`;
		const second = await send({ phone_number });
		expect(second.created).toBe(true);
		await db.owner`update public.leads set status = 'rejected', rejected_reason = 'spam' where id = ${second.lead?.id ?? 0}`;
		expect((await send({ phone_number })).created).toBe(true);
		await db.owner`update public.settings set lead_window_minutes = 60`;
		await db.owner`update public.leads set last_submitted_at = now() - interval '31 minutes' where phone = ${phone_number}`;
		expect((await send({ phone_number })).created).toBe(false);
	});

	it('of an idempotency key joins whatever else changed, but not for another token', async () => {
		const first = await send({ idempotency_key: 'form-1' });
		await db.owner`update public.leads set last_submitted_at = now() - interval '9 days' where id = ${first.lead?.id ?? 0}`;
		const replay = await send({ idempotency_key: 'form-1' });
		expect(replay).toMatchObject({ created: false, lead: { id: first.lead?.id } });
		const other = await makeToken(db, admin);
		const theirs = await intake(db, other.token, {
			first_name: 'N',
			phone_number: freshPhone(),
			idempotency_key: 'form-1'
		});
		expect(theirs.created).toBe(true);
	});

	it('twenty times at once is one lead of twenty submissions, by phone and by key', async () => {
		for (const [index, same] of [
			{ phone_number: freshPhone() },
			{ idempotency_key: 'burst' }
		].entries()) {
			const answers = await Promise.all(
				Array.from({ length: 20 }, () => send(same, { ip: `203.0.113.${index}` }))
			);
			const ids = new Set(answers.map(({ lead }) => lead?.id));
			expect(ids.size).toBe(1);
			expect(answers.filter(({ created }) => created)).toHaveLength(1);
			expect((await stored([...ids][0]))?.submissions).toBe(20);
		}
	});
});

describe('a token', () => {
	it('that is missing, wrong, expired or revoked is refused alike', async () => {
		const payload = { first_name: 'N', phone_number: freshPhone() };
		const expired = await makeToken(db, admin, { expiresAt: '2999-01-01' });
		await db.owner`update public.api_tokens set expires_at = now() where id = ${expired.id}`;
		const revoked = await makeToken(db, admin);
		expect(await intake(db, revoked.token, payload)).toMatchObject({ ok: true });
		await db.commitAs(admin, (tx) => tx`select public.revoke_api_token(${revoked.id})`);
		for (const bad of [
			null,
			'',
			'vk_wrong',
			`${token} `,
			token.slice(0, -1),
			expired.token,
			revoked.token
		]) {
			expect(await intake(db, bad, payload)).toEqual({
				ok: false,
				code: 'VK401',
				message: 'token_invalid',
				details: {}
			});
		}
	});

	it('shows when it was used last, and comes before the fields', async () => {
		const { id, token: fresh } = await makeToken(db, admin);
		await intake(db, fresh, {});
		const [row] =
			await db.owner`select last_used_at <= now() and last_used_at > now() - interval '2 minutes' as used
			from public.api_tokens where id = ${id}`;
		expect(row?.used).toBe(true);
		expect(await intake(db, 'wrong', {})).toMatchObject({ code: 'VK401' });
	});
});

describe('a flood', () => {
	it('from one address is stopped after 60 a minute, whatever the tokens; others go on', async () => {
		for (let sent = 0; sent < 60; sent++) await intake(db, 'guess', {}, { ip: '192.0.2.7' });
		const stopped = await send({}, { ip: '192.0.2.7' });
		expect(stopped).toMatchObject({
			ok: false,
			code: 'VK429',
			details: { limit: 'address', retry_after: 60 }
		});
		expect(await send({}, { ip: '192.0.2.8' })).toMatchObject({ ok: true });
		const [row] =
			await db.owner`select count(*) from private.intake_attempts where who::text like '%192.0.2%'`;
		expect(row?.count).toBe(0);
	});

	it('from one /64 of IPv6 is one address', async () => {
		for (let sent = 0; sent < 60; sent++)
			await intake(db, 'guess', {}, { ip: `2001:db8::${sent.toString(16)}` });
		expect(await send({}, { ip: '2001:db8::ffff' })).toMatchObject({ code: 'VK429' });
		expect(await send({}, { ip: '2001:db8:0:1::1' })).toMatchObject({ ok: true });
		expect(await send({}, { ip: 'nonsense' })).toMatchObject({ ok: true });
	});

	it('by one token from many addresses is stopped after 300', async () => {
		const { token: busy, id } = await makeToken(db, admin);
		await db.owner`insert into private.intake_attempts (who, minute, attempts)
			select sha256(convert_to('token:' || ${String(id)}::text, 'UTF8')), m, 300
			from generate_series(date_trunc('minute', now()), now() + interval '1 minute', '1 minute') m`;
		expect(await intake(db, busy, {}, { ip: '192.0.2.50' })).toMatchObject({
			code: 'VK429',
			details: { limit: 'token' }
		});
	});

	it('is forgotten by the scheduler', async () => {
		await db.owner`insert into private.intake_attempts (who, minute) values (sha256('x'), now() - interval '1 hour'), (sha256('y'), now())`;
		const [row] = await db.owner`select private.forget_intake_attempts() as gone`;
		expect(row?.gone).toBe(1);
		const [job] =
			await db.owner`select active from private.scheduled_jobs where name = 'forget_intake_attempts'`;
		expect(job?.active).toBe(true);
	});
});
