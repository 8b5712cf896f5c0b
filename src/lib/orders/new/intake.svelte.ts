/**
 * An order being taken in by phone: keeps what is typed over a reload, finds out who is calling while
 * the number is typed, and sends the order once however often it is asked to.
 */
import { newMutationId } from '$lib/board/board.ts';
import type { DomainError, Result } from '$lib/errors/domain-error.ts';
import type { Caller, Suggestion } from './intake.data.ts';
import {
	emptyOrder,
	missingIn,
	parseDraft,
	payloadOf,
	toPhone,
	type Missing,
	type NewOrder
} from './new-order.ts';

/** What taking in needs of a server; tests hand in a double. */
export interface IntakeServer {
	find(phone: string): Promise<Result<Caller | null>>;
	suggest(query: string): Promise<Suggestion[]>;
	create(payload: Record<string, unknown>, mutation: string): Promise<Result<number>>;
}

export interface IntakeOptions {
	server: IntakeServer;
	country: string;
	timeZone: string;
	location: number | null;
	/** where the draft is kept; null keeps none */
	storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
	storageKey: string;
}

const PAUSE_MS = 150;
/** digits from which on guessing makes sense */
const GUESSABLE = 4;

export class Intake {
	order = $state<NewOrder>(emptyOrder());
	#options: IntakeOptions;
	#mutation = newMutationId();
	#caller = $state.raw<Caller | null>(null);
	#suggestions = $state.raw<readonly Suggestion[]>([]);
	#unknown = $state.raw(false);
	#lookupFailed = $state.raw(false);
	#tried = $state.raw(false);
	#error = $state.raw<DomainError | null>(null);
	#busy = $state.raw(false);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#asked = '';

	constructor(options: IntakeOptions) {
		this.#options = options;
		this.order = emptyOrder(options.location);
	}

	/** The client whose number it is; null while nobody is known by it. */
	get caller(): Caller | null {
		return this.#caller;
	}

	get suggestions(): readonly Suggestion[] {
		return this.#suggestions;
	}

	/** The number is whole and nobody has it. */
	get isNewClient(): boolean {
		return this.#unknown;
	}

	get lookupFailed(): boolean {
		return this.#lookupFailed;
	}

	get busy(): boolean {
		return this.#busy;
	}

	/** The refusal of the server. */
	get error(): DomainError | null {
		return this.#error;
	}

	/** What is missing, once the person tried to send it. */
	get missing(): Missing {
		return this.#tried ? this.#missing() : {};
	}

	/** Takes up the kept draft. Call in the browser. */
	restore(): void {
		const { storage, storageKey } = this.#options;
		const kept = parseDraft(storage?.getItem(storageKey) ?? null);
		if (!kept) return;
		this.order = kept.order;
		this.#mutation = kept.mutation;
		this.lookUp();
	}

	/** Keeps the draft; call when anything was typed. */
	keep(): void {
		const { storage, storageKey } = this.#options;
		storage?.setItem(storageKey, JSON.stringify({ order: this.order, mutation: this.#mutation }));
	}

	clear(): void {
		const { storage, storageKey, location } = this.#options;
		storage?.removeItem(storageKey);
		this.order = emptyOrder(location);
		this.#mutation = newMutationId();
		this.#forget();
		this.#tried = false;
		this.#error = null;
	}

	/** The phone changed: who is it? */
	lookUp(): void {
		clearTimeout(this.#timer);
		this.#forget();
		const typed = this.order.phone.trim();
		this.#asked = typed;
		const whole = toPhone(typed, this.#options.country);
		if (!whole && typed.replace(/\D/g, '').length < GUESSABLE && typed.length < GUESSABLE) return;
		this.#timer = setTimeout(
			() => void (whole ? this.#find(whole, typed) : this.#suggest(typed)),
			PAUSE_MS
		);
	}

	/** One of the suggestions is it. */
	choose({ phone }: Suggestion): void {
		this.order.phone = phone;
		this.keep();
		this.lookUp();
	}

	/** Sends the order. @returns its number, or null if something is missing or it was refused */
	async send(): Promise<number | null> {
		this.#tried = true;
		this.#error = null;
		if (this.#busy || Object.keys(this.#missing()).length > 0) return null;
		this.#busy = true;
		const payload = payloadOf(this.order, this.#caller?.id ?? null, this.#options);
		const answer = await this.#options.server.create(payload, this.#mutation);
		this.#busy = false;
		if (answer.ok) {
			this.clear();
			return answer.value;
		}
		this.#error = answer.error;
		return null;
	}

	destroy(): void {
		clearTimeout(this.#timer);
	}

	#missing(): Missing {
		return missingIn(this.order, this.#caller !== null, this.#options.country);
	}

	async #find(phone: string, typed: string): Promise<void> {
		const answer = await this.#options.server.find(phone);
		if (this.#asked !== typed) return;
		this.#lookupFailed = !answer.ok;
		if (!answer.ok) return;
		this.#caller = answer.value;
		this.#unknown = answer.value === null;
		const known = answer.value?.assets.some(({ id }) => String(id) === this.order.asset);
		if (!known && this.order.asset !== 'new') this.order.asset = '';
	}

	async #suggest(typed: string): Promise<void> {
		const found = await this.#options.server.suggest(typed);
		if (this.#asked === typed) this.#suggestions = found;
	}

	#forget(): void {
		this.#caller = null;
		this.#suggestions = [];
		this.#unknown = false;
		this.#lookupFailed = false;
	}
}
