// availability: one rule, and every cause is told to the boards
import type { Sql } from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	refusal,
	stageOf,
	startDatabase,
	type Database
} from '../support/database.ts';

let db: Database;
let here: number;
let master: string;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
});
afterAll(() => db?.stop());
beforeEach(async () => {
	master = await makeEmployee(db.owner, 'master', { location: here, capacity: 1, name: 'Oleg' });
});

const press = (button: string, who = master) =>
	db.commitAs(who, async (tx) => {
		const [row] = await tx.unsafe(`select public.${button}() as answer`);
		return row?.answer.availability as string;
	});
const availability = async () =>
	(await db.owner`select private.availability(${master}) as now`)[0]?.now as string;

/** What boards are told of the master while something happens. */
async function told(change: () => Promise<unknown>) {
	await db.owner`delete from realtime.messages`;
	const [epoch] = await db.owner`select private.current_epoch() as now`;
	await change();
	const rows = await db.owner`select topic, payload from realtime.messages
		where event = 'master_changed' and payload ->> 'id' = ${master}`;
	for (const { topic } of rows) expect(topic).toBe(`masters:${here}:${epoch?.now}`);
	return rows.map(({ payload }) => payload.availability as string);
}
const assigned = async (sql: Sql) =>
	makeOrder(sql, { location: here, master, stage: await stageOf(sql, 'assigned') });

describe('availability', () => {
	it('is off without a shift, break over busy, busy at capacity, else free', async () => {
		expect(await availability()).toBe('off');
		await assigned(db.owner);
		expect(await availability()).toBe('off');
		expect(await press('clock_in')).toBe('busy');
		expect(await press('start_break')).toBe('break');
		await db.owner`update public.employees set capacity = 2 where id = ${master}`;
		expect(await availability()).toBe('break');
		expect(await press('end_break')).toBe('free');
		await db.owner`update public.employees set active = false where id = ${master}`;
		expect(await availability()).toBe('off');
	});

	it('is the same on the board', async () => {
		const coordinator = await makeEmployee(db.owner, 'coordinator', { location: here });
		const shown = () =>
			db.asRole(coordinator, async (tx) => {
				const [row] = await tx`select public.board_snapshot() as board`;
				const masters = row?.board.masters as { id: string; availability: string }[];
				return masters.find(({ id }) => id === master)?.availability;
			});
		expect(await shown()).toBe('off');
		for (const button of ['clock_in', 'start_break', 'end_break', 'clock_out']) {
			const now = await press(button);
			expect(await shown(), button).toBe(now);
		}
	});
});

describe('boards hear of', () => {
	it('each press of a button once, and of none that changes nothing', async () => {
		for (const [button, now] of [
			['clock_in', 'free'],
			['start_break', 'break'],
			['end_break', 'free'],
			['start_break', 'break'],
			['clock_out', 'off']
		] as const) {
			expect(await told(() => press(button)), button).toEqual([now]);
			expect(await told(() => press(button)), `${button} again`).toEqual([]);
		}
	});

	it('orders, capacity and activity', async () => {
		await press('clock_in');
		expect(await told(() => assigned(db.owner))).toEqual(['busy']);
		expect(
			await told(() => db.owner`update public.employees set capacity = 2 where id = ${master}`)
		).toEqual(['free']);
		expect(await told(() => assigned(db.owner))).toEqual(['busy']);
		const waiting = await stageOf(db.owner, 'waiting');
		expect(
			await told(
				() => db.owner`update public.orders set stage_id = ${waiting} where master_id = ${master}
					and id = (select min(id) from public.orders where master_id = ${master})`
			)
		).toEqual(['free']);
		expect(
			await told(() => db.owner`update public.employees set active = false where id = ${master}`)
		).toEqual(['off']);
	});

	it('the rule that ends a forgotten shift, and a shift taken away by a console', async () => {
		const started = new Date(Date.now() - 20 * 3_600_000);
		await db.owner`insert into public.shifts (employee_id, location_id, started_at)
			values (${master}, ${here}, ${started})`;
		expect(await told(() => db.owner`select private.close_forgotten_shifts()`)).toEqual(['off']);
		await press('clock_in');
		expect(
			await told(
				() => db.owner`delete from public.shifts where employee_id = ${master} and ended_at is null`
			)
		).toEqual(['off']);
	});

	it('a correction that opens a shift again', async () => {
		await press('clock_in');
		await press('clock_out');
		const coordinator = await makeEmployee(db.owner, 'coordinator', { location: here });
		const [shift] = await db.owner`
			select id, started_at from public.shifts where employee_id = ${master}`;
		const reopen = () =>
			db.commitAs(
				coordinator,
				(tx) => tx`select public.correct_shift(${shift?.id}, ${shift?.started_at}, null)`
			);
		expect(await told(reopen)).toEqual(['free']);
	});
});

it('is asked by nobody directly: strangers have no such call', async () => {
	for (const who of [null, await makeUser(db.owner), master]) {
		const call = db.asRole(who, (tx) => tx`select private.availability(${master})`);
		expect((await refusal(call)).code).toBe('42501');
	}
});
