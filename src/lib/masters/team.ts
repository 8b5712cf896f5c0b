/** The team as coordinators watch it. */
import * as z from 'zod/mini';
import { masterSchema, stageKinds } from '$lib/board/board.ts';
import { workedShiftSchema } from './shift.ts';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

const text = z.nullable(z.string());

export const memberSchema = z.extend(masterSchema, {
	shift: z.nullable(workedShiftSchema),
	orders: z.array(
		z.object({
			id: z.number(),
			problem: text,
			stage_kind: z.enum(stageKinds),
			promised_at: text,
			client_name: z.string(),
			accepted_at: text
		})
	)
});
export type Member = z.infer<typeof memberSchema>;

const ranks = { free: 0, busy: 1, break: 2, off: 3 };

/** Who can take work comes first, then by load and name. */
export function byReadiness(a: Member, b: Member): number {
	return (
		ranks[a.availability] - ranks[b.availability] ||
		a.active_count / Math.max(a.capacity, 1) - b.active_count / Math.max(b.capacity, 1) ||
		a.full_name.localeCompare(b.full_name)
	);
}
