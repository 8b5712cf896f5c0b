// the outbox: one message per reason, each sent by one worker, tried again ever more seldom
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeUser,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';

let db: Database;
beforeAll(async () => (db = await startDatabase()));
afterAll(() => db?.stop());
beforeEach(() => db.owner`delete from public.notifications`);

type Message = { id: number; attempts: number; status: string };

const notify = async (key: string | null = null) =>
	(
		await db.owner`select private.notify('email', '{"email": "a@example.test"}', 'test', '{}', ${key}) as id`
	)[0]?.id as number | null;

/** as the worker calls it, through the API's role */
const claim = async (howMany: number) =>
	db.owner.begin(async (tx) => {
		await tx`set local role service_role`;
		return tx<Message[]>`select id, attempts, status from public.claim_notifications(${howMany})`;
	});

const settle = async ({ id, attempts }: Message, problem: string | null, permanent = false) => {
	const [row] = await db.owner`
		select private.settle_notification(${id}, ${attempts}, ${problem}, ${permanent}) as settled`;
	return row?.settled as boolean;
};

const state = async (id: number) =>
	(
		await db.owner`select status, attempts, last_error, sent_at is not null as sent,
			extract(epoch from next_attempt_at - now())::int as wait
			from public.notifications where id = ${id}`
	)[0];

const makeDue = () => db.owner`update public.notifications set next_attempt_at = now()`;

it('keeps one message per reason, however many ask for it at once', async () => {
	const ids = await Promise.all(Array.from({ length: 8 }, () => notify('order 7 is done')));
	expect(ids.filter((id) => id !== null)).toHaveLength(1);
	expect(await notify('order 7 is done')).toBeNull();
	expect(await notify()).not.toBeNull();
});

it('gives each message to one of four workers, and none is left', async () => {
	await db.owner`select private.notify('push', '{}', 'test', jsonb_build_object('n', n)) from generate_series(1, 400) n`;
	const taken: number[] = [];
	const worker = async () => {
		for (let batch = await claim(7); batch.length > 0; batch = await claim(7)) {
			for (const message of batch) {
				taken.push(message.id);
				expect(await settle(message, null)).toBe(true);
			}
		}
	};
	await Promise.all([worker(), worker(), worker(), worker()]);
	expect(taken).toHaveLength(400);
	expect(new Set(taken).size).toBe(400);
	const left =
		await db.owner`select from public.notifications where status <> 'sent' or attempts <> 1`;
	expect(left).toHaveLength(0);
});

describe('a message that fails', () => {
	it('is tried again ever later, and given up after eight times', async () => {
		const id = (await notify()) as number;
		const waits: number[] = [];
		for (let attempt = 1; attempt <= 8; attempt++) {
			await makeDue();
			const [message] = await claim(1);
			expect(message).toMatchObject({ id, attempts: attempt });
			expect(await claim(1)).toHaveLength(0);
			await settle(message as Message, 'mail server is away');
			waits.push((await state(id))?.wait);
		}
		expect(await state(id)).toMatchObject({ status: 'failed', last_error: 'mail server is away' });
		waits.slice(0, 7).forEach((wait, index) => {
			const least = 30 * 2 ** index;
			expect(wait, `after attempt ${index + 1}`).toBeGreaterThanOrEqual(least - 1);
			expect(wait).toBeLessThanOrEqual(least * 1.2 + 1);
		});
		await makeDue();
		expect(await claim(1)).toHaveLength(0);
	});

	it('for good is not tried again', async () => {
		const id = (await notify()) as number;
		const [message] = await claim(1);
		await settle(message as Message, 'no such address', true);
		expect(await state(id)).toMatchObject({ status: 'failed', attempts: 1, sent: false });
	});

	it('because its worker died is taken by another, and the late answer of the first counts no more', async () => {
		const id = (await notify()) as number;
		const [first] = await claim(1);
		await makeDue();
		const [second] = await claim(1);
		expect(second).toMatchObject({ id, attempts: 2 });
		expect(await settle(first as Message, 'late')).toBe(false);
		expect(await settle(second as Message, null)).toBe(true);
		expect(await settle(second as Message, 'again')).toBe(false);
		expect(await state(id)).toMatchObject({ status: 'sent', sent: true, last_error: null });
	});
});

it('is not sent once taken back, and old ones are forgotten', async () => {
	const id = (await notify('reminder')) as number;
	const cancel = () => db.owner`select private.cancel_notification('reminder') as done`;
	expect(await cancel()).toEqual([{ done: true }]);
	expect(await cancel()).toEqual([{ done: false }]);
	expect(await claim(5)).toHaveLength(0);
	const waiting = await notify();
	await db.owner`update public.notifications set created_at = now() - interval '91 days'`;
	expect(await db.owner`select private.forget_notifications() as n`).toEqual([{ n: 1 }]);
	expect(await state(id)).toBeUndefined();
	expect(await state(waiting as number)).toMatchObject({ status: 'pending' });
});

it('workers’ calls are for workers', async () => {
	const who = await makeEmployee(db.owner, 'admin');
	for (const call of ['claim_notifications(1)', 'settle_notification(1, 1)']) {
		for (const person of [who, null]) {
			const refused = db.asRole(person, (tx) => tx.unsafe(`select public.${call}`));
			expect((await refusal(refused)).code).toBe('42501');
		}
	}
});

describe('a browser', () => {
	const endpoint = () => `https://push.example.test/${randomUUID()}`;
	const subscribe = (who: string | null, url: string) =>
		db.commitAs(
			who,
			(tx) =>
				tx`select public.subscribe_to_push(${url}, ${'A'.repeat(87)}, ${'B'.repeat(22)}, 'Firefox')`
		);
	const mine = (who: string) =>
		db.asRole(who, (tx) => tx`select endpoint from public.push_subscriptions order by id`);

	it('belongs to who used it last, and only he sees it', async () => {
		const [anna, boris] = [await makeUser(db.owner), await makeUser(db.owner)];
		const url = endpoint();
		await subscribe(anna, url);
		expect(await mine(anna)).toEqual([{ endpoint: url }]);
		expect(await mine(boris)).toEqual([]);
		await subscribe(boris, url);
		expect(await mine(anna)).toEqual([]);
		await db.commitAs(boris, (tx) => tx`delete from public.push_subscriptions`);
		expect(await mine(boris)).toEqual([]);
	});

	it('is never an address inside our network', async () => {
		const who = await makeUser(db.owner);
		for (const url of [
			'http://push.example.test/x',
			'https://localhost/x',
			'https://127.0.0.1/x',
			'https://[::1]/x',
			'https://push.example.test:8443/x',
			'https://a@push.example.test/x',
			'javascript:alert(1)'
		]) {
			expect(await refusal(subscribe(who, url)), url).toMatchObject({
				message: 'invalid_argument',
				details: { field: 'endpoint' }
			});
		}
	});

	it('is one of twenty, and none once dismissed', async () => {
		const who = await makeEmployee(db.owner, 'master');
		const urls = Array.from({ length: 22 }, endpoint);
		for (const url of urls) await subscribe(who, url);
		expect(await mine(who)).toEqual(urls.slice(2).map((url) => ({ endpoint: url })));
		await db.owner`update public.employees set active = false where id = ${who}`;
		expect(await mine(who)).toEqual([]);
	});
});
