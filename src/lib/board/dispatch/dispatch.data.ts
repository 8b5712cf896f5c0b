/** What dispatch asks for beside the board. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import { factsSchema, type Facts, type Span } from './schedule.ts';

/** Shifts that touch the day, skills and norms. `location` null: all that the person may see. */
export async function loadFacts(
	client: Client,
	{ from, to }: Span,
	location: number | null
): Promise<Result<Facts>> {
	const { data, error, status } = await client.rpc('dispatch_day', {
		since: new Date(from).toISOString(),
		until: new Date(to).toISOString(),
		...(location === null ? {} : { location })
	});
	if (error) return failed(error, status);
	const parsed = factsSchema.safeParse(data);
	return parsed.success ? ok(parsed.data) : failed(parsed.error);
}
