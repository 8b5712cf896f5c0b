// services, campaigns and tokens: who sees what of them, and what makes no sense
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeUser,
	refusal,
	roles,
	startDatabase,
	type Database
} from '../support/database.ts';
import { makeCampaign, makeService, makeToken } from '../support/marketing.ts';

let db: Database;
let here: number;
let there: number;
let admin: string;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	there = await makeLocation(db.owner);
	admin = await makeEmployee(db.owner, 'admin');
});
afterAll(() => db?.stop());

const idsOf = async (who: string | null, table: string, ids: number[]) => {
	const rows = await db.asRole(who, (tx) =>
		tx.unsafe(`select id from public.${table} where id in (${ids.join()}) order by id`)
	);
	return rows.map(({ id }) => id as number);
};

it('names and dates of campaigns are every employee’s, budgets only those’ who read campaigns', async () => {
	const ids = [
		await makeCampaign(db.owner),
		await makeCampaign(db.owner, { location: here }),
		await makeCampaign(db.owner, { location: there })
	];
	for (const role of roles) {
		const who = await makeEmployee(db.owner, role, { location: here });
		expect(await idsOf(who, 'campaign_names', ids), role).toEqual(ids.slice(0, 2));
		const whole = ['marketer', 'manager', 'admin'].includes(role) ? ids.slice(0, 2) : [];
		expect(await idsOf(who, 'campaigns', ids), role).toEqual(whole);
	}
	const [columns] = await db.asRole(admin, (tx) => tx`select * from public.campaign_names limit 1`);
	expect(Object.keys(columns ?? {})).not.toContain('budget');
	expect(await idsOf(await makeUser(db.owner), 'campaign_names', ids)).toEqual([]);
	const dismissed = await makeEmployee(db.owner, 'admin', { active: false });
	expect(await idsOf(dismissed, 'campaign_names', ids)).toEqual([]);
	expect((await refusal(idsOf(null, 'campaign_names', ids))).code).toBe('42501');
});

it('spend is entered once a day, corrected by an upsert, and only in campaigns one manages', async () => {
	const [mine, theirs] = [
		await makeCampaign(db.owner, { location: here }),
		await makeCampaign(db.owner, { location: there })
	];
	const marketer = await makeEmployee(db.owner, 'marketer', { location: here });
	const enter = (campaign: number, amount: number) =>
		db.commitAs(
			marketer,
			(tx) => tx`insert into public.campaign_spend (campaign_id, day, amount)
			values (${campaign}, '2026-05-01', ${amount})
			on conflict (campaign_id, day) do update set amount = excluded.amount returning amount`
		);
	await enter(mine, 100);
	expect(await enter(mine, 150)).toEqual([{ amount: '150.00' }]);
	expect((await refusal(enter(theirs, 1))).code).toBe('42501');
	expect((await refusal(enter(mine, -1))).code).toBe('23514');
	const moved = db.commitAs(
		marketer,
		(tx) => tx`update public.campaign_spend set campaign_id = ${theirs} where campaign_id = ${mine}`
	);
	expect((await refusal(moved)).code).toBe('42501');
	const whole = await makeEmployee(db.owner, 'operator');
	expect(await db.asRole(whole, (tx) => tx`select from public.campaign_spend`)).toHaveLength(0);
});

it('what makes no sense is refused: dates backwards, negative money, unknown channels, blank names', async () => {
	for (const statement of [
		`insert into public.campaigns (name, starts_on, ends_on) values ('x', '2026-02-01', '2026-01-01')`,
		`insert into public.campaigns (name, budget) values ('x', -1)`,
		`insert into public.campaigns (name, channel) values ('x', 'sky')`,
		`insert into public.campaigns (name) values (' ')`,
		`insert into public.promotions (title, starts_on, ends_on) values ('{"en":"a","ru":"a","uk":"a"}', '2026-02-01', '2026-01-01')`,
		`insert into public.services (name, price) values ('{"en":"a","ru":"a","uk":"a"}', -1)`,
		`insert into public.services (name, norm_minutes) values ('{"en":"a","ru":"a","uk":"a"}', 0)`,
		`insert into public.services (name, description) values ('{"en":"a","ru":"a","uk":"a"}', '{"en":"a"}')`,
		`insert into public.api_tokens (name, prefix, hash, scopes) values ('x', 'vk_12345', sha256('q'), '{everything.do}')`
	]) {
		expect((await refusal(db.owner.unsafe(statement))).code, statement).toBe('23514');
	}
});

it('services of other locations are not seen, skills belong to who manages the employee', async () => {
	const [everywhere, elsewhere] = [await makeService(db.owner), await makeService(db.owner)];
	await db.owner`update public.services set location_id = ${there} where id = ${elsewhere}`;
	const master = await makeEmployee(db.owner, 'master', { location: here });
	expect(await idsOf(master, 'services', [everywhere, elsewhere])).toEqual([everywhere]);
	const manager = await makeEmployee(db.owner, 'manager', { location: here });
	const stranger = await makeEmployee(db.owner, 'master', { location: there });
	const teach = (who: string) =>
		db.commitAs(
			manager,
			(tx) =>
				tx`insert into public.employee_skills (employee_id, service_id) values (${who}, ${everywhere})`
		);
	await teach(master);
	expect((await refusal(teach(stranger))).code).toBe('42501');
	const own = await db.asRole(master, (tx) => tx`select service_id from public.employee_skills`);
	expect(own).toEqual([{ service_id: everywhere }]);
	expect(await db.asRole(stranger, (tx) => tx`select from public.employee_skills`)).toHaveLength(0);
	await db.owner`update public.employees set active = false where id = ${master}`;
	expect(await db.asRole(master, (tx) => tx`select from public.employee_skills`)).toHaveLength(0);
});

it('a token is shown once, kept as a hash, and made and revoked only by those who manage tokens', async () => {
	const campaign = await makeCampaign(db.owner);
	const made = await makeToken(db, admin, { campaign, source: 'Landing', expiresAt: '2999-01-01' });
	expect(made.token).toMatch(/^vk_[A-Za-z0-9_-]{43}$/);
	const [row] =
		await db.owner`select t.*, t.hash = sha256(convert_to(${made.token}, 'UTF8')) as matches from public.api_tokens t where id = ${made.id}`;
	expect(row).toMatchObject({
		prefix: made.token.slice(0, 8),
		matches: true,
		campaign_id: campaign,
		source: 'Landing',
		created_by: admin
	});
	expect(JSON.stringify(row)).not.toContain(made.token);
	const revoke = (who: string | null, id: number) =>
		db.commitAs(who, (tx) => tx`select public.revoke_api_token(${id}) as row`);
	for (const role of roles.filter((each) => each !== 'admin')) {
		const who = await makeEmployee(db.owner, role);
		expect(await refusal(makeToken(db, who))).toMatchObject({
			code: 'VK403',
			details: { permission: 'tokens.manage' }
		});
		expect(await refusal(revoke(who, made.id))).toMatchObject({ code: 'VK403' });
	}
	expect((await refusal(revoke(null, made.id))).code).toBe('42501');
	const [first] = await revoke(admin, made.id);
	expect(first?.row.revoked_at).not.toBeNull();
	expect(first?.row).not.toHaveProperty('hash');
	const [second] = await revoke(admin, made.id);
	expect(second?.row.revoked_at).toBe(first?.row.revoked_at);
	const audited = await db.owner`
		select action, actor_id from public.audit_log where details ->> 'token_id' = ${String(made.id)} order by id`;
	expect(audited).toEqual([
		{ action: 'token.created', actor_id: admin },
		{ action: 'token.revoked', actor_id: admin }
	]);
	expect(await refusal(revoke(admin, 999_999))).toMatchObject({
		code: 'VK404',
		message: 'token_not_found'
	});
});

it('a token of nonsense is refused by field', async () => {
	for (const [call, field] of [
		[`' ', '{leads.create}'`, 'name'],
		[`'x', '{}'`, 'scopes'],
		[`'x', null`, 'scopes'],
		[`'x', '{leads.create,all.all}'`, 'scopes'],
		[`'x', '{leads.create}', 999999`, 'campaign_id'],
		[`'x', '{leads.create}', null, repeat('x', 81)`, 'source'],
		[`'x', '{leads.create}', null, null, '2020-01-01'`, 'expires_at']
	] as const) {
		const tried = db.asRole(admin, (tx) => tx.unsafe(`select public.create_api_token(${call})`));
		expect(await refusal(tried), call).toMatchObject({ code: 'VK422', details: { field } });
	}
});
