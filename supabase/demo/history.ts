/** What is written down of an order of the demo company: its steps, lines and payments. */
export type StageKind =
	'unassigned' | 'assigned' | 'in_progress' | 'waiting' | 'done' | 'closed' | 'refused';

export type Step = {
	kind: string;
	from_stage: StageKind | null;
	to_stage: StageKind | null;
	was: Record<string, unknown>;
	becomes: Record<string, unknown>;
	actor: string | null;
	reason: string | null;
	/** minutes since the order was taken */
	after: number;
};

export type Line = {
	kind: 'work' | 'part';
	title: string;
	quantity: number;
	unit_price: number;
	cost: number | null;
	/** minutes since the order was taken */
	after: number;
};

export type Payment = {
	kind: 'payment' | 'refund';
	amount: number;
	method: 'cash' | 'card' | 'transfer' | 'online';
	reason: string | null;
	recorded_by: string | null;
	after: number;
};
