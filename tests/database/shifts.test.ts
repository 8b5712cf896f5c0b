// shifts and breaks: four buttons, one running shift each, corrections, the forgotten ones
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeUser,
	openShift,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';

type Break = { started_at: string; ended_at: string | null };
type Shift = {
	id: number;
	started_at: string;
	ended_at: string | null;
	closed_by_rule: boolean;
	corrected_by: string | null;
	note: string | null;
	location_id: number | null;
	worked_minutes: number;
	breaks: Break[];
};
type Answer = { shift: Shift; availability: string };
type Button = 'clock_in' | 'clock_out' | 'start_break' | 'end_break';

let db: Database;
let here: number;
let there: number;
let coordinator: string;
let master: string;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	there = await makeLocation(db.owner);
	coordinator = await makeEmployee(db.owner, 'coordinator', { location: here });
});
afterAll(() => db?.stop());
beforeEach(async () => {
	master = await makeEmployee(db.owner, 'master', { location: here });
});

const press = (button: Button, who: string | null = master) =>
	db.commitAs(who, async (tx) => {
		const [row] = await tx.unsafe(`select public.${button}() as answer`);
		return row?.answer as Answer;
	});
const correct = (
	shift: number,
	start: string | null,
	end: string | null,
	{ who = coordinator, note = null }: { who?: string; note?: string | null } = {}
) =>
	db.commitAs(who, async (tx) => {
		const [row] = await tx`
			select public.correct_shift(${shift}, ${start}, ${end}, ${note}) as answer`;
		return row?.answer as Answer;
	});
const month = (who: string, day: string | null = null) =>
	db.asRole(who, async (tx) => {
		const [row] = await tx`select public.my_shifts(${day}) as answer`;
		return row?.answer as Shift[];
	});
const pastShift = async (start: string, end: string | null) => {
	const [row] = await db.owner`
		insert into public.shifts (employee_id, location_id, started_at, ended_at)
		values (${master}, ${here}, ${start}, ${end}) returning id`;
	return row?.id as number;
};

describe('the four buttons', () => {
	it('begin a shift, a break, go on and end it', async () => {
		const started = await press('clock_in');
		expect(started).toMatchObject({
			availability: 'free',
			shift: { ended_at: null, location_id: here, breaks: [], closed_by_rule: false }
		});
		expect(await press('start_break')).toMatchObject({
			availability: 'break',
			shift: { breaks: [{ ended_at: null }] }
		});
		expect(await press('end_break')).toMatchObject({ availability: 'free' });
		const ended = await press('clock_out');
		expect(ended).toMatchObject({ availability: 'off', shift: { id: started.shift.id } });
		expect(ended.shift.ended_at).not.toBeNull();
	});

	it('change nothing when pressed again', async () => {
		for (const button of ['clock_in', 'start_break', 'end_break', 'clock_out'] as Button[]) {
			const once = await press(button);
			const again = await press(button);
			expect({ ...again.shift, worked_minutes: 0 }, button).toEqual({
				...once.shift,
				worked_minutes: 0
			});
		}
	});

	it('pressed on many phones at once make one shift and one break', async () => {
		await Promise.all(Array.from({ length: 20 }, () => press('clock_in')));
		const answers = await Promise.all(Array.from({ length: 20 }, () => press('start_break')));
		expect(answers.every(({ shift }) => shift.breaks.length === 1)).toBe(true);
		const rows = await db.owner`select from public.shifts where employee_id = ${master}`;
		expect(rows).toHaveLength(1);
	});

	it('end the break with the shift', async () => {
		await press('clock_in');
		await press('start_break');
		const { shift } = await press('clock_out');
		expect(shift.breaks[0]?.ended_at).toBe(shift.ended_at);
	});

	it('refuse a break without a shift, and strangers', async () => {
		for (const button of ['start_break', 'end_break'] as Button[]) {
			expect(await refusal(press(button))).toMatchObject({
				code: 'VK422',
				message: 'no_open_shift'
			});
		}
		const dismissed = await makeEmployee(db.owner, 'master', { active: false });
		const marketer = await makeEmployee(db.owner, 'marketer');
		for (const button of ['clock_in', 'clock_out', 'start_break', 'end_break'] as Button[]) {
			expect((await refusal(press(button, await makeUser(db.owner)))).code).toBe('VK403');
			expect((await refusal(press(button, dismissed))).code).toBe('VK403');
			expect(await refusal(press(button, marketer))).toMatchObject({
				code: 'VK403',
				details: { permission: 'orders.work' }
			});
			expect((await refusal(press(button, null))).code).toBe('42501');
		}
	});
});

describe('the tables', () => {
	it('take no second running shift, no overlap and no shift that ends before it begins', async () => {
		await pastShift('2026-03-02T08:00Z', '2026-03-02T16:00Z');
		const add = (start: string, end: string | null) => refusal(pastShift(start, end));
		expect((await add('2026-03-02T15:59Z', '2026-03-02T18:00Z')).code).toBe('23P01');
		expect((await add('2026-03-01T08:00Z', null)).code).toBe('23P01');
		expect((await add('2026-03-03T08:00Z', '2026-03-03T07:00Z')).code).toMatch(/^(23514|22000)$/);
		await pastShift('2026-03-02T16:00Z', '2026-03-02T18:00Z');
		await pastShift('2026-03-04T08:00Z', null);
		expect((await add('2026-03-05T08:00Z', null)).code).toMatch(/^23(P01|505)$/);
	});

	it('take breaks only inside their shift', async () => {
		const shift = await pastShift('2026-03-02T08:00Z', '2026-03-02T16:00Z');
		const add = (start: string, end: string | null) =>
			db.owner`insert into public.shift_breaks (shift_id, started_at, ended_at)
				values (${shift}, ${start}, ${end})`;
		await add('2026-03-02T12:00Z', '2026-03-02T12:30Z');
		for (const [start, end] of [
			['2026-03-02T07:59Z', '2026-03-02T08:30Z'],
			['2026-03-02T15:00Z', '2026-03-02T16:01Z'],
			['2026-03-02T15:00Z', null]
		] as const) {
			expect(await refusal(add(start, end) as never)).toMatchObject({
				message: 'break_outside_shift'
			});
		}
		const overlap = add('2026-03-02T12:29Z', '2026-03-02T12:40Z');
		expect((await refusal(overlap as never)).code).toBe('23P01');
	});
});

it('ends forgotten shifts at the longest length, marks them, and breaks with them', async () => {
	const shift = await pastShift('2026-03-02T08:00Z', null);
	await db.owner`insert into public.shift_breaks (shift_id, started_at)
		values (${shift}, '2026-03-02T12:00Z')`;
	const fresh = await makeEmployee(db.owner, 'master', { location: here });
	const running = await openShift(db.owner, fresh);
	await db.owner`select private.close_forgotten_shifts()`;
	const [row] = await db.owner`select s.ended_at, s.closed_by_rule, b.ended_at as break_ended
		from public.shifts s join public.shift_breaks b on b.shift_id = s.id where s.id = ${shift}`;
	expect(row).toEqual({
		ended_at: new Date('2026-03-02T20:00Z'),
		closed_by_rule: true,
		break_ended: new Date('2026-03-02T20:00Z')
	});
	const [open] = await db.owner`select ended_at from public.shifts where id = ${running}`;
	expect(open?.ended_at).toBeNull();
	const [job] = await db.owner`
		select command from private.scheduled_jobs where name = 'close_forgotten_shifts'`;
	expect(job?.command).toBe('select private.close_forgotten_shifts()');
});

it('begins a new day though yesterday was forgotten', async () => {
	await pastShift('2026-03-02T08:00Z', null);
	const { shift } = await press('clock_in');
	expect(Date.parse(shift.started_at)).toBeGreaterThan(Date.now() - 60_000);
});

describe('a correction', () => {
	const day = (hours: string) => `2026-03-02T${hours}Z`;

	it('moves the ends, cuts breaks to them and says who and why', async () => {
		const shift = await pastShift(day('08:00'), day('20:00'));
		await db.owner`insert into public.shift_breaks (shift_id, started_at, ended_at) values
			(${shift}, ${day('08:10')}, ${day('08:20')}), (${shift}, ${day('12:00')}, ${day('12:30')}),
			(${shift}, ${day('16:45')}, ${day('17:15')}), (${shift}, ${day('18:00')}, ${day('18:10')})`;
		const note = 'Left at five';
		const answer = await correct(shift, day('09:00'), day('17:00'), { note });
		expect(answer.shift).toMatchObject({ note, corrected_by: coordinator, worked_minutes: 435 });
		expect(answer.shift.breaks).toHaveLength(2);
		expect(answer.shift.breaks[1]?.ended_at).toBe('2026-03-02T17:00:00+00:00');
	});

	it('is refused where it makes no sense', async () => {
		const first = await pastShift(day('08:00'), day('12:00'));
		const second = await pastShift(day('13:00'), day('17:00'));
		expect(await refusal(correct(second, day('11:00'), day('17:00')))).toMatchObject({
			code: 'VK409',
			message: 'shift_overlaps'
		});
		const future = new Date(Date.now() + 3_600_000).toISOString();
		for (const [start, end, field] of [
			[null, null, 'started_at'],
			[future, null, 'started_at'],
			[day('08:00'), day('08:00'), 'ended_at'],
			[day('08:00'), future, 'ended_at']
		] as const) {
			expect(await refusal(correct(first, start, end))).toMatchObject({ details: { field } });
		}
	});

	it('is for those of the location who may', async () => {
		const shift = await pastShift(day('08:00'), day('12:00'));
		const elsewhere = await makeEmployee(db.owner, 'coordinator', { location: there });
		for (const id of [shift, 999_999]) {
			const foreign = correct(id, day('08:00'), day('11:00'), { who: elsewhere });
			expect(await refusal(foreign)).toMatchObject({ code: 'VK404', message: 'shift_not_found' });
		}
		for (const who of [master, await makeEmployee(db.owner, 'operator')]) {
			expect(await refusal(correct(shift, day('08:00'), day('11:00'), { who }))).toMatchObject({
				code: 'VK403',
				details: { permission: 'shifts.correct' }
			});
		}
	});
});

it('shows a month in the company’s time, and to a master nobody else’s', async () => {
	// the last evening of February in UTC is the first of March in Kyiv
	const shift = await pastShift('2026-02-28T22:30Z', '2026-03-01T06:30Z');
	const other = await makeEmployee(db.owner, 'master', { location: here });
	await openShift(db.owner, other);
	expect(await month(master, '2026-03-15')).toMatchObject([{ id: shift, worked_minutes: 480 }]);
	expect(await month(master, '2026-02-15')).toEqual([]);
	await db.asRole(master, async (tx) => {
		expect(await tx`select distinct employee_id from public.shifts`).toEqual([
			{ employee_id: master }
		]);
	});
	const elsewhere = await makeEmployee(db.owner, 'coordinator', { location: there });
	for (const [who, rows] of [
		[coordinator, 1],
		[elsewhere, 0]
	] as const) {
		const seen = await db.asRole(who, (tx) => tx`select from public.shifts where id = ${shift}`);
		expect(seen).toHaveLength(rows);
	}
	expect((await refusal(month(await makeUser(db.owner)))).code).toBe('VK403');
});
