/** Sends a table of leads to the database, part by part, because it takes so many rows at once. */
import { ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import { checked } from '../leads.data.ts';
import { joinOutcomes, outcomeSchema, type Outcome } from './table.ts';

/** as many as one call takes: a preview sees repeated rows only within a part */
const PREVIEW_PART = 2000;
/** small enough for the progress to move */
const IMPORT_PART = 250;

export type Row = Record<string, string>;

/** What would happen to each row. */
export const previewLeads = (client: Client, rows: readonly Row[]): Promise<Result<Outcome>> =>
	send(client, rows, { dry: true, size: PREVIEW_PART });

/**
 * Adds the leads. @param onProgress how many rows are done. A failure leaves what was added before it;
 * to send the table again adds the rest, because duplicates of open leads are left out.
 */
export const importLeads = (
	client: Client,
	rows: readonly Row[],
	onProgress: (done: number) => void
): Promise<Result<Outcome>> => send(client, rows, { dry: false, size: IMPORT_PART, onProgress });

type How = { dry: boolean; size: number; onProgress?: (done: number) => void };

async function send(
	client: Client,
	rows: readonly Row[],
	{ dry, size, onProgress }: How
): Promise<Result<Outcome>> {
	const parts: Outcome[] = [];
	const sizes: number[] = [];
	for (let start = 0; start < rows.length; start += size) {
		const part = rows.slice(start, start + size);
		const answer = checked(
			outcomeSchema,
			await client.rpc('import_leads', { rows: part as never, dry_run: dry })
		);
		if (!answer.ok) return answer;
		parts.push(answer.value);
		sizes.push(part.length);
		onProgress?.(start + part.length);
	}
	return ok(joinOutcomes(parts, sizes));
}
