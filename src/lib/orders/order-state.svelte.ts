/**
 * The state of one open order: what the server last said, and what the person has typed and not
 * saved. A colleague's change never takes typed words away; it is told beside them, and the person
 * decides. Components read getters and call methods.
 */
import { SvelteMap } from 'svelte/reactivity';
import { newMutationId } from '$lib/board/board.ts';
import type { DomainError, Result } from '$lib/errors/domain-error.ts';
import type { Edited } from './order.data.ts';
import { changedBy, type EditableField, type Order, type OrderDetails } from './order-details.ts';

export type FieldValue = Order[EditableField];

/** Words typed and not saved. */
export interface Draft {
	readonly value: FieldValue;
	/** what the field showed when the person began */
	readonly seen: FieldValue;
	/** what somebody made of it meanwhile, and who */
	readonly theirs: { readonly value: FieldValue; readonly by: string | null } | null;
}

/** What the state needs of a server; tests hand in a double. */
export interface OrderServer {
	load(id: number): Promise<Result<OrderDetails>>;
	edit(edit: {
		id: number;
		field: EditableField;
		value: FieldValue;
		seen: FieldValue;
		mutation: string;
	}): Promise<Edited>;
}

export class OrderState {
	#server: OrderServer;
	#onError: (error: DomainError) => void;
	#details = $state.raw() as OrderDetails;
	#drafts = new SvelteMap<EditableField, Draft>();
	#saving = new SvelteMap<EditableField, true>();
	#gone = $state.raw(false);
	#refreshing: Promise<void> | null = null;
	#again = false;

	constructor(details: OrderDetails, server: OrderServer, onError: (error: DomainError) => void) {
		this.#details = details;
		this.#server = server;
		this.#onError = onError;
	}

	get details(): OrderDetails {
		return this.#details;
	}

	get order(): Order {
		return this.#details.order;
	}

	/** The order left this person's sight while it was open. */
	get gone(): boolean {
		return this.#gone;
	}

	get unsaved(): boolean {
		return this.#drafts.size > 0;
	}

	/** The field as the person left it; also an emptied one. */
	shown(field: EditableField): FieldValue {
		const draft = this.#drafts.get(field);
		return draft ? draft.value : this.order[field];
	}

	draft(field: EditableField): Draft | undefined {
		return this.#drafts.get(field);
	}

	isSaving(field: EditableField): boolean {
		return this.#saving.has(field);
	}

	/** The person typed; nothing is sent yet. */
	type(field: EditableField, value: FieldValue): void {
		const { seen = this.order[field], theirs = null } = this.#drafts.get(field) ?? {};
		if (value === seen && !theirs) this.#drafts.delete(field);
		else this.#drafts.set(field, { value, seen, theirs });
	}

	/** Forgets what was typed: the field shows what the server has. */
	revert(field: EditableField): void {
		this.#drafts.delete(field);
	}

	/** Sends a field. Its words stay until the server has them. */
	async save(field: EditableField): Promise<void> {
		const draft = this.#drafts.get(field);
		// with a colleague's change beside it the person must choose first
		if (!draft || draft.theirs || this.#saving.has(field)) return;
		this.#saving.set(field, true);
		const { value, seen } = draft;
		const answer = await this.#server.edit({
			id: this.order.id,
			field,
			value,
			seen,
			mutation: newMutationId()
		});
		this.#saving.delete(field);
		if (answer.ok) {
			// unless the person typed on while it was sent
			if (this.#drafts.get(field) === draft) this.#drafts.delete(field);
			else this.#rebase(field, value);
			const order = { ...this.order, [field]: value, version: answer.value };
			this.#details = { ...this.#details, order };
		} else if ('changed' in answer) {
			const { theirs, by_name } = answer.changed;
			this.#conflict(field, theirs as FieldValue, by_name);
		} else this.#onError(answer.error);
		void this.refresh();
	}

	/** Theirs stays. */
	keepTheirs(field: EditableField): void {
		this.#drafts.delete(field);
	}

	/** Mine replaces theirs, knowingly. */
	async keepMine(field: EditableField): Promise<void> {
		const draft = this.#drafts.get(field);
		if (!draft?.theirs) return;
		this.#drafts.set(field, { value: draft.value, seen: draft.theirs.value, theirs: null });
		await this.save(field);
	}

	/** Fetches the order anew; calls while one is under way become one more. */
	refresh(): Promise<void> {
		this.#again = true;
		this.#refreshing ??= this.#fetch().finally(() => (this.#refreshing = null));
		return this.#refreshing;
	}

	async #fetch(): Promise<void> {
		while (this.#again) {
			this.#again = false;
			const answer = await this.#server.load(this.order.id);
			if (answer.ok) this.#take(answer.value);
			else if (answer.error.key === 'order_not_found') this.#gone = true;
		}
	}

	#take(details: OrderDetails): void {
		if (details.order.version < this.order.version) return;
		this.#details = details;
		this.#gone = false;
		for (const [field, draft] of this.#drafts) {
			const now = details.order[field];
			if (this.#saving.has(field) || now === draft.seen) continue;
			if (now === draft.value) this.#drafts.delete(field);
			else this.#conflict(field, now, changedBy(details, field));
		}
	}

	#rebase(field: EditableField, seen: FieldValue): void {
		const draft = this.#drafts.get(field);
		if (draft) this.#drafts.set(field, { ...draft, seen });
	}

	#conflict(field: EditableField, value: FieldValue, by: string | null): void {
		const draft = this.#drafts.get(field);
		if (draft) this.#drafts.set(field, { ...draft, theirs: { value, by } });
	}
}
