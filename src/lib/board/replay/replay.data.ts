/** Queries of time travel. Answers are checked here; expected failures are values. */
import type * as z from 'zod/mini';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import { pastDaySchema, pastSchema, type Past, type PastDay } from './replay.ts';

/** A day of a board and the board as that day began. `day`: YYYY-MM-DD of the company's calendar. */
export async function loadPast(
	client: Client,
	day: string,
	location: number | null
): Promise<Result<{ past: Past; day: PastDay }>> {
	const place = location === null ? {} : { location };
	const told = await client.rpc('board_day', { day, ...place });
	if (told.error) return failed(told.error, told.status);
	const happened = checked(pastDaySchema, told.data);
	if (!happened.ok) return happened;
	const began = await client.rpc('board_at', { at: happened.value.from, ...place });
	if (began.error) return failed(began.error, began.status);
	const past = checked(pastSchema, began.data);
	return past.ok ? ok({ past: past.value, day: happened.value }) : past;
}

function checked<Schema extends z.ZodMiniType>(
	schema: Schema,
	data: unknown
): Result<z.output<Schema>> {
	const parsed = schema.safeParse(data);
	return parsed.success ? ok(parsed.data) : failed(parsed.error);
}
