/** Shifts: one's own month, and corrections by those who may. */
import * as z from 'zod/mini';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import {
	shiftAnswerSchema,
	shiftSchema,
	workedShiftSchema,
	type Shift,
	type WorkedShift
} from './shift.ts';

/** Own shifts that began in a month ('YYYY-MM'), oldest first. @throws the request's error */
export async function listMyShifts(client: Client, month: string): Promise<WorkedShift[]> {
	const { data } = await client.rpc('my_shifts', { month: `${month}-01` }).throwOnError();
	return z.array(workedShiftSchema).parse(data);
}

/** The latest shifts of somebody. @throws the request's error */
export async function listShifts(client: Client, employee: string): Promise<Shift[]> {
	const { data } = await client
		.from('shifts')
		.select('*, breaks:shift_breaks(id, started_at, ended_at)')
		.eq('employee_id', employee)
		.order('started_at', { ascending: false })
		.limit(14)
		.throwOnError();
	return z.array(shiftSchema).parse(data);
}

/** `ended_at` null: the shift still runs. Times are ISO. */
export async function correctShift(
	client: Client,
	shift_id: number,
	to: { started_at: string; ended_at: string | null; note: string }
): Promise<Result<null>> {
	const { data, error, status } = await client.rpc('correct_shift', {
		shift_id,
		...to,
		// the generated types do not know that it may be null
		ended_at: to.ended_at as string
	});
	if (error) return failed(error, status);
	const parsed = shiftAnswerSchema.safeParse(data);
	return parsed.success ? ok(null) : failed(parsed.error);
}
