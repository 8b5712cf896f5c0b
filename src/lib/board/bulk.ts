/** Many cards, one call: what is asked, and each card's own answer. */
import * as z from 'zod/mini';
import { cardSchema } from './board.ts';

/** `bulk_move` and `bulk_assign` take so many. */
export const MOST_AT_ONCE = 200;

export interface BulkCall {
	readonly mutation_id: string;
	readonly items: readonly { readonly order_id: number; readonly seen_version: number }[];
	readonly ask:
		| { readonly kind: 'move'; readonly to_stage: number; readonly reason: string | null }
		| { readonly kind: 'assign'; readonly master_id: string | null };
}

export const bulkAnswerSchema = z.array(
	z.object({
		order_id: z.number(),
		ok: z.boolean(),
		/** what undo_move takes */
		mutation_id: z.string(),
		card: z.optional(cardSchema),
		error: z.optional(z.object({ code: z.string(), message: z.string(), details: z.unknown() }))
	})
);
export type BulkAnswer = z.infer<typeof bulkAnswerSchema>;
