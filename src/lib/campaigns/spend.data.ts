/** Money spent on a campaign: a day, a file of days, a day taken back. */
import * as z from 'zod/mini';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import type { SpendRow } from './spend-csv.ts';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

const outcomeSchema = z.object({
	created: z.number(),
	changed: z.number(),
	errors: z.number(),
	rows: z.array(
		z.object({
			row: z.number(),
			action: z.enum(['create', 'change', 'same', 'duplicate', 'error']),
			day: z.optional(z.string()),
			amount: z.optional(z.number()),
			before: z.optional(z.number()),
			note: z.optional(z.string()),
			of_row: z.optional(z.number()),
			errors: z.optional(z.record(z.string(), z.string()))
		})
	)
});
/** What an import comes to, row by row. */
export type Outcome = z.infer<typeof outcomeSchema>;

/** @param dryRun only say what would happen */
export async function importSpend(
	client: Client,
	campaign: number,
	rows: readonly SpendRow[],
	dryRun: boolean
): Promise<Result<Outcome>> {
	const { data, error, status } = await client.rpc('import_campaign_spend', {
		campaign_id: campaign,
		rows: rows as never,
		dry_run: dryRun
	});
	if (error) return failed(error, status);
	const outcome = outcomeSchema.safeParse(data);
	return outcome.success ? ok(outcome.data) : failed(outcome.error);
}

export async function removeSpend(client: Client, id: number): Promise<Result<null>> {
	const { error, status } = await client.from('campaign_spend').delete().eq('id', id);
	return error ? failed(error, status) : ok(null);
}
