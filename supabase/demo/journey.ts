/**
 * What happened to one order of the demo company, step by step, as the database would have written
 * it: one version and one event a change, with the order's state after the last.
 */
import { coordinatorsOf, operatorsOf, type Person, type Place } from './people.ts';
import type { Line, Payment, StageKind, Step } from './history.ts';
import type { Random } from './random.ts';
import type { Work } from './work.ts';

/** Hundredths are kept exact by counting in them. */
export const cents = (amount: number) => Math.round(amount * 100);

/** An order on its way: each verb adds a step after some minutes. */
export class Journey {
	readonly steps: Step[] = [];
	readonly lines: Line[] = [];
	readonly payments: Payment[] = [];
	stage: StageKind = 'unassigned';
	master: string | null = null;
	total = 0;
	paid = 0;
	invoiced: number | null = null;
	/** minutes since the order was taken */
	now = 0;
	entered = 0;
	readonly marks: Partial<Record<'assigned' | 'seen' | 'accepted' | 'done' | 'closed', number>> =
		{};
	private readonly random: Random;
	private readonly place: Place;

	constructor(random: Random, place: Place) {
		this.random = random;
		this.place = place;
		this.add('created', random.pick(operatorsOf[place]), { to_stage: 'unassigned' });
	}

	get paymentState(): 'none' | 'unpaid' | 'part' | 'paid' {
		if (this.total > 0 && this.paid >= this.total) return 'paid';
		if (this.paid > 0) return 'part';
		return this.invoiced === null ? 'none' : 'unpaid';
	}

	private add(kind: string, actor: string | null, step: Partial<Step>): void {
		this.steps.push({
			kind,
			actor,
			from_stage: null,
			to_stage: null,
			was: {},
			becomes: {},
			reason: null,
			after: this.now,
			...step
		});
	}

	private enter(stage: StageKind): Pick<Step, 'from_stage' | 'to_stage'> {
		const from_stage = this.stage;
		this.stage = stage;
		this.entered = this.now;
		if (stage === 'done') this.marks.done = this.now;
		if (stage === 'closed' || stage === 'refused') this.marks.closed = this.now;
		return { from_stage, to_stage: stage };
	}

	wait(from: number, to: number): this {
		this.now += this.random.int(from, to);
		return this;
	}

	assign(master: Person): this {
		const was = { master_id: this.master };
		this.master = master.id;
		this.marks.assigned = this.now;
		this.add('assigned', this.random.pick(coordinatorsOf[this.place]), {
			...this.enter('assigned'),
			was,
			becomes: { master_id: master.id }
		});
		return this;
	}

	/** The master answers the assignment. */
	answer(): this {
		this.marks.seen = this.now;
		this.add('seen', this.master, { was: { seen_at: null }, becomes: { seen_at: true } });
		this.wait(1, 15);
		this.marks.accepted = this.now;
		this.add('accepted', this.master, {
			was: { accepted_at: null },
			becomes: { accepted_at: true }
		});
		return this;
	}

	move(stage: StageKind, actor: string | null, reason: string | null = null): this {
		this.add('moved', actor, {
			...this.enter(stage),
			reason,
			was: { master_id: this.master },
			becomes: { master_id: this.master }
		});
		return this;
	}

	/** The master writes down work and parts. */
	charge(work: Work): this {
		if (work.price === 0) return this;
		const price = Math.round((work.price * this.random.int(90, 125)) / 1000) * 10;
		this.lines.push({
			kind: 'work',
			title: work.result.slice(0, 200),
			quantity: 1,
			unit_price: price,
			cost: null,
			after: this.now
		});
		if (work.part) {
			const [title, unit_price, cost] = work.part;
			const quantity = this.random.chance(0.2) ? 2 : 1;
			this.lines.push({ kind: 'part', title, quantity, unit_price, cost, after: this.now });
		}
		this.total = this.lines.reduce((sum, line) => sum + line.quantity * line.unit_price, 0);
		this.add('lines', this.master, {
			was: { total: 0, lines: [] },
			becomes: {
				total: this.total,
				lines: this.lines.map(({ kind, title, quantity }) => ({ kind, title, quantity }))
			}
		});
		return this;
	}

	invoice(): this {
		this.invoiced = this.now;
		this.add('invoiced', this.random.pick(coordinatorsOf[this.place]), {
			was: { payment_state: 'none' },
			becomes: { payment_state: 'unpaid' }
		});
		return this;
	}

	/** Money comes; with `close` the order closes by it. */
	pay(amount: number, close: boolean): this {
		const was = { paid: this.paid, payment_state: this.paymentState };
		const method = this.random.pick(['cash', 'card', 'card', 'transfer', 'online'] as const);
		const recorded_by = method === 'online' ? null : this.random.pick(coordinatorsOf[this.place]);
		this.payments.push({
			kind: 'payment',
			amount,
			method,
			reason: null,
			recorded_by,
			after: this.now
		});
		this.paid = cents(this.paid + amount) / 100;
		this.add('paid', recorded_by, {
			...(close ? this.enter('closed') : {}),
			was,
			becomes: { paid: this.paid, payment_state: this.paymentState }
		});
		return this;
	}

	refund(amount: number, reason: string, actor: string): this {
		const was = { paid: this.paid, payment_state: this.paymentState };
		const { method } = this.payments[0] as Payment;
		this.payments.push({
			kind: 'refund',
			amount,
			method,
			reason,
			recorded_by: actor,
			after: this.now
		});
		this.paid = cents(this.paid - amount) / 100;
		this.add('changed', actor, {
			was,
			becomes: { paid: this.paid, payment_state: this.paymentState }
		});
		return this;
	}
}
