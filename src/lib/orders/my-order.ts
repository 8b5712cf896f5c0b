/** A master's own orders, as the list shows them. */
import * as z from 'zod/mini';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

const closed = ['done', 'closed', 'refused'];

const boardSchema = z.object({
	stages: z.array(
		z.object({
			id: z.number(),
			name: z.record(z.string(), z.string()),
			kind: z.string(),
			colour: z.string()
		})
	),
	cards: z.array(
		z.object({
			id: z.number(),
			stage_id: z.number(),
			master_id: z.nullable(z.string()),
			client_name: z.string(),
			address: z.nullable(z.string()),
			problem: z.nullable(z.string()),
			promised_at: z.nullable(z.string())
		})
	)
});

export type MyOrder = {
	id: number;
	clientName: string;
	address: string | null;
	problem: string | null;
	promisedAt: string | null;
	stage: { name: Record<string, string>; colour: string };
};

/** Picks the master's open orders out of board_snapshot's answer, the earliest promise first. */
export function myOrdersOf(snapshot: unknown, masterId: string): MyOrder[] {
	const { stages, cards } = boardSchema.parse(snapshot);
	const open = new Map(stages.filter(({ kind }) => !closed.includes(kind)).map((s) => [s.id, s]));
	return cards
		.flatMap((card) => {
			const stage = open.get(card.stage_id);
			if (!stage || card.master_id !== masterId) return [];
			return [
				{
					id: card.id,
					clientName: card.client_name,
					address: card.address,
					problem: card.problem,
					promisedAt: card.promised_at,
					stage: { name: stage.name, colour: stage.colour }
				}
			];
		})
		.sort((a, b) => promise(a) - promise(b) || a.id - b.id);
}

/** without a promise: after those that have one */
const promise = ({ promisedAt }: MyOrder) => (promisedAt ? Date.parse(promisedAt) : 8.64e15);
