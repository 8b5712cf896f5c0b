/** Who could take an order, as `suggest_masters` ranks them, and the reasons in the person's language. */
import * as z from 'zod/mini';
import { m } from '$lib/paraglide/messages.js';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

const reasonSchema = z.object({ key: z.string(), params: z.record(z.string(), z.unknown()) });
export const suggestionsSchema = z.array(
	z.object({
		master_id: z.string(),
		score: z.number(),
		/** free and, where the service asks for it, skilled */
		suitable: z.boolean(),
		reasons: z.array(reasonSchema)
	})
);
export type Suggestion = z.infer<typeof suggestionsSchema>[number];
export type Reason = z.infer<typeof reasonSchema>;

/** every message is named here, so that the build keeps only these of the whole dictionary */
const words: Record<string, (params: Reason['params']) => string> = {
	free: () => m.dispatch_reason_free(),
	busy: () => m.dispatch_reason_busy(),
	break: () => m.dispatch_reason_break(),
	off: () => m.dispatch_reason_off(),
	skilled: () => m.dispatch_reason_skilled(),
	not_skilled: () => m.dispatch_reason_not_skilled(),
	same_location: () => m.dispatch_reason_same_location(),
	knows_client: ({ orders }) => m.dispatch_reason_knows_client({ orders: Number(orders) }),
	load: ({ active, capacity }) =>
		m.dispatch_reason_load({ active: Number(active), capacity: Number(capacity) })
};
const against: readonly string[] = ['busy', 'break', 'off', 'not_skilled'];

/** A reason as people read it, and whether it speaks for the master; null for one not known here. */
export function reasonWord({ key, params }: Reason): { text: string; speaksFor: boolean } | null {
	const text = words[key]?.(params);
	if (text === undefined) return null;
	const full = key === 'load' && Number(params.active) >= Number(params.capacity);
	return { text, speaksFor: !full && !against.includes(key) };
}
