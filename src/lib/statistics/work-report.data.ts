/** Queries of the work reports. What may fail as expected comes back as a value. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import type { Range } from './period.ts';
import type { OrderFigures } from './statistics.ts';
import type { Refusals, WorkQuery } from './work-report.ts';

export async function fetchWork(
	client: Client,
	query: WorkQuery,
	range: Range
): Promise<Result<OrderFigures[]>> {
	const { by, location, campaign, service, type, master } = query;
	const asked = { ...range, by, location, campaign, service, type, master };
	const filters = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null));
	const { data, error, status } = await client.rpc('order_report', { filters });
	return error ? failed(error, status) : ok(data);
}

/** Why orders were refused; reasons are counted by days and location only. */
export async function fetchRefusals(
	client: Client,
	{ location }: WorkQuery,
	{ from, to }: Range
): Promise<Result<Refusals>> {
	const { data, error, status } = await client.rpc('refusal_report', {
		from_day: from,
		to_day: to,
		...(location === null ? {} : { location })
	});
	return error ? failed(error, status) : ok(data);
}
