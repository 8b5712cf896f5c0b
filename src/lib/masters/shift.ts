/** Shifts and breaks as they arrive from SQL, and what people read of them. */
import * as z from 'zod/mini';
import { availabilities } from '$lib/board/board.ts';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

const time = z.nullable(z.string());

export const shiftSchema = z.object({
	id: z.number(),
	employee_id: z.string(),
	started_at: z.string(),
	ended_at: time,
	closed_by_rule: z.boolean(),
	corrected_by: time,
	note: time,
	breaks: z.array(z.object({ id: z.number(), started_at: z.string(), ended_at: time }))
});
export type Shift = z.infer<typeof shiftSchema>;

/** With the whole minutes worked, breaks not counted, as `my_shifts` and `team` say. */
export const workedShiftSchema = z.extend(shiftSchema, { worked_minutes: z.number() });
export type WorkedShift = z.infer<typeof workedShiftSchema>;

/** Answer of clock_in, clock_out, start_break, end_break and correct_shift. */
export const shiftAnswerSchema = z.object({
	shift: z.nullable(workedShiftSchema),
	availability: z.enum(availabilities)
});
export type ShiftAnswer = z.infer<typeof shiftAnswerSchema>;

export type ShiftState = 'off' | 'working' | 'break';

export function shiftState(shift: Pick<Shift, 'ended_at' | 'breaks'> | null): ShiftState {
	if (shift === null || shift.ended_at !== null) return 'off';
	return shift.breaks.some(({ ended_at }) => ended_at === null) ? 'break' : 'working';
}

/** 'YYYY-MM' of `months` before or after another. */
export function monthFrom(month: string, months: number): string {
	const [year = 0, number = 1] = month.split('-').map(Number);
	return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7);
}

/** The month of an instant in a time zone, as 'YYYY-MM'. */
export const monthOf = (instant: Date, timeZone: string): string =>
	wallTime(instant, timeZone).slice(0, 7);

/** What a clock on the wall of that zone shows, as `<input type="datetime-local">` writes it. */
export function wallTime(instant: Date, timeZone: string): string {
	const parts = new Intl.DateTimeFormat('sv-SE', {
		timeZone,
		dateStyle: 'short',
		timeStyle: 'short'
	});
	return parts.format(instant).replace(' ', 'T');
}

/**
 * The instant at which that clock shows `wall`. Of an hour that comes twice in autumn the one this
 * computes is good enough: who corrects a shift then can see what came of it.
 */
export function instantOf(wall: string, timeZone: string): Date {
	const asUtc = Date.parse(`${wall}Z`);
	let guess = asUtc;
	for (let round = 0; round < 2; round++) {
		const shown = Date.parse(`${wallTime(new Date(guess), timeZone)}Z`);
		guess += asUtc - shown;
	}
	return new Date(guess);
}
