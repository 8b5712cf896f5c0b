/**
 * The state of a master's open page: the own orders by version, the queue of what he did, the
 * running shift and the live topic. What is shown is what the server said with the queue on top.
 */
import type { DomainError } from '$lib/errors/domain-error.ts';
import type { LiveEvent, LiveOptions, LiveState, LiveTopics } from '$lib/realtime/live-topics.ts';
import { newMutationId, type Master } from '$lib/board/board.ts';
import type { Action, Entry, ShiftButton, Wish } from './action.ts';
import type { WorkServer, WorkStart } from './my-work.data.ts';
import {
	workEventSchema,
	WorkRules,
	workOrders,
	type Contact,
	type WorkCard,
	type WorkEvent,
	type WorkOrder
} from './my-work.ts';
import type { WorkNotice } from './notice.ts';
import type { Shift, ShiftAnswer } from './shift.ts';
import { WorkQueue, type ActionStore } from './work-queue.ts';

export interface WorkOptions {
	start: WorkStart;
	me: string;
	permissions: readonly string[];
	server: WorkServer;
	store: ActionStore;
	onNotice(notice: WorkNotice): void;
	/** the columns themselves changed: load the page anew */
	onOutdated(): void;
}

type Live = Pick<LiveTopics, 'start' | 'destroy' | 'gap'>;

const CLOCK_MS = 10_000;

export class MyWork {
	readonly rules: WorkRules;
	#options: WorkOptions;
	#queue: WorkQueue<WorkCard | ShiftAnswer | null>;
	#live: Live | null = null;
	#clock: ReturnType<typeof setInterval> | undefined;
	#skew = 0;
	#gone = new Map<number, number>();
	#cards = $state.raw<ReadonlyMap<number, WorkCard>>(new Map());
	#entries = $state.raw<readonly Entry[]>([]);
	#contacts = $state.raw<ReadonlyMap<number, Contact>>(new Map());
	#shift = $state.raw<Shift | null>(null);
	#master = $state.raw<Master | null>(null);
	#liveState = $state.raw<LiveState>('connecting');
	#now = $state.raw(0);

	constructor(options: WorkOptions) {
		const { start, me } = options;
		this.#options = options;
		this.rules = new WorkRules(start.snapshot.stages, start.transitions, options.permissions);
		this.#cards = new Map(this.#mine(start.snapshot.cards).map((card) => [card.id, card]));
		this.#master = start.snapshot.masters.find(({ id }) => id === me) ?? null;
		this.#contacts = start.contacts;
		this.#shift = start.shift;
		this.#now = Date.parse(start.snapshot.at);
		this.#queue = new WorkQueue({
			store: options.store,
			send: (action) => options.server.send(action),
			onDone: (action, answer) => this.#done(action, answer),
			onRefused: (action, error) => this.#refused(action, error),
			onChange: () => (this.#entries = this.#queue.entries)
		});
	}

	/** by urgency */
	readonly orders: readonly WorkOrder[] = $derived.by(() =>
		workOrders(this.#cards.values(), this.#unsent, this.rules)
	);

	get live(): LiveState {
		return this.#liveState;
	}

	/** The server's clock in milliseconds, moved on every few seconds. */
	get now(): number {
		return this.#now;
	}

	get master(): Master | null {
		return this.#master;
	}

	get shift(): Shift | null {
		return this.#shift;
	}

	/** The shift button that was pressed and is still on its way. */
	get pressed(): ShiftButton | null {
		const last = this.#unsent.findLast((action) => action.kind === 'shift');
		return last?.kind === 'shift' ? last.button : null;
	}

	get waiting(): number {
		return this.#unsent.length;
	}

	/** Actions the server refused, until they are dismissed. */
	get refused(): readonly Entry[] {
		return this.#entries.filter(({ refusal }) => refusal !== null);
	}

	contact(card: WorkCard): Contact | undefined {
		return card.client_id === null ? undefined : this.#contacts.get(card.client_id);
	}

	/** Takes up the queue and joins the live topic. Call once, in the browser. */
	start(connect: (options: LiveOptions) => Live): void {
		this.#skew = this.#now - Date.now();
		this.#clock = setInterval(() => (this.#now = Date.now() + this.#skew), CLOCK_MS);
		void this.#queue.open();
		this.#live = connect({
			fetchTopics: () => this.#options.server.topics(),
			onEvent: (event) => this.receive(event),
			onGap: () => this.repair(),
			onState: (state) => (this.#liveState = state)
		});
		this.#live.start();
	}

	destroy(): void {
		this.#live?.destroy();
		this.#queue.destroy();
		clearInterval(this.#clock);
	}

	/** Does what a button says: shown at once, sent as soon as the server can be reached. */
	async act(...wishes: Wish[]): Promise<void> {
		const at = new Date().toISOString();
		const actions = wishes.map((wish): Action => {
			const seen_version = this.#cards.get(wish.order_id ?? 0)?.version ?? 0;
			return { ...wish, id: newMutationId(), at, seen_version };
		});
		await this.#queue.add(...actions);
	}

	async dismiss(action: Action): Promise<void> {
		await this.#queue.dismiss(action.id);
	}

	/** Asks once more, now knowing what the server said meanwhile. */
	async again(action: Action): Promise<void> {
		const seen_version = this.#cards.get(action.order_id ?? 0)?.version ?? action.seen_version;
		await this.#queue.again({ ...action, seen_version });
	}

	/** Tells the coordinator that the assignment is before somebody's eyes. */
	async see(card: WorkCard): Promise<boolean> {
		return this.#options.server.markSeen(card.id);
	}

	/** Fetches what was missed. Rejects when the server could not be reached. */
	async repair(): Promise<void> {
		const known = Object.fromEntries([...this.#cards].map(([id, { version }]) => [id, version]));
		const answer = await this.#options.server.changes(known);
		if (!answer.ok) throw answer.error;
		const { cards, removed, masters, at } = answer.value;
		this.#skew = Date.parse(at) - Date.now();
		this.#master = masters.find(({ id }) => id === this.#options.me) ?? this.#master;
		for (const card of this.#mine(cards)) this.#take(card, null);
		for (const id of removed) this.#lose(id, known[id] ?? 0, null);
		if (cards.some((card) => !this.rules.stage(card.stage_id))) this.#options.onOutdated();
		if (this.#lacksContact()) this.#contacts = await this.#options.server.contacts();
		this.#queue.retryNow();
	}

	/** Takes a live event; one that is not understood counts as a gap. */
	receive({ event, payload }: LiveEvent): void {
		if (event !== 'order_changed') return;
		const change = workEventSchema.safeParse(payload);
		if (!change.success) return this.#live?.gap();
		const { id, version, card } = change.data;
		if (card === null || card.master_id !== this.#options.me) this.#lose(id, version, change.data);
		else this.#take(card, change.data);
		// availability and contacts come with the repair
		if (this.#lacksContact() || change.data.event !== 'seen') this.#live?.gap();
	}

	#take(card: WorkCard, event: WorkEvent | null): void {
		const before = this.#cards.get(card.id);
		if ((before?.version ?? this.#gone.get(card.id) ?? -1) >= card.version) return;
		this.#cards = new Map(this.#cards).set(card.id, card);
		const own = event?.actor_id === this.#options.me;
		const had = before !== undefined && this.rules.isInHand(before);
		const has = this.rules.isInHand(card);
		const actor = event?.actor_name ?? null;
		if (has && !had && !own) this.#options.onNotice({ kind: 'assigned', card, actor });
		if (had && !has && !own && !this.#expected(card.id)) {
			this.#options.onNotice({ kind: 'ended', card, actor });
		}
	}

	#lose(id: number, version: number, event: WorkEvent | null): void {
		const card = this.#cards.get(id);
		if (card && card.version > version) return;
		this.#gone.set(id, version);
		if (!card) return;
		const cards = new Map(this.#cards);
		cards.delete(id);
		this.#cards = cards;
		const own = event?.actor_id === this.#options.me || this.#expected(id);
		if (own || !this.rules.isInHand(card)) return;
		this.#options.onNotice({ kind: 'withdrawn', card, actor: event?.actor_name ?? null });
	}

	/** The order leaves because the master himself said so. */
	#expected(id: number): boolean {
		return this.#unsent.some(
			({ order_id, kind }) => order_id === id && (kind === 'decline' || kind === 'finish')
		);
	}

	#done(action: Action, answer: WorkCard | ShiftAnswer | null): void {
		if (answer === null) return;
		if ('availability' in answer) {
			this.#shift = answer.shift?.ended_at === null ? answer.shift : null;
			if (this.#master) this.#master = { ...this.#master, availability: answer.availability };
		} else if (answer.master_id === this.#options.me) this.#take(answer, null);
		else this.#lose(answer.id, answer.version, null);
	}

	#refused(action: Action, error: DomainError): void {
		this.#live?.gap();
		this.#options.onNotice({ kind: 'refused', action, error });
	}

	get #unsent(): readonly Action[] {
		return this.#entries.flatMap(({ action, refusal }) => (refusal === null ? [action] : []));
	}

	#lacksContact(): boolean {
		return [...this.#cards.values()].some(
			(card) => this.rules.isInHand(card) && card.client_id !== null && !this.contact(card)
		);
	}

	#mine(cards: readonly WorkCard[]): WorkCard[] {
		return cards.filter(({ master_id }) => master_id === this.#options.me);
	}
}
