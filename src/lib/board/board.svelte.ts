/**
 * The state of one open board: owns the model, the person's wishes and the live topics, and
 * repaints only the columns that changed, remote changes at most once a frame. Components read
 * getters and call methods; nothing else writes.
 */
import type { DomainError } from '$lib/errors/domain-error.ts';
import type { LiveEvent, LiveOptions, LiveState } from '$lib/realtime/live-topics.ts';
import { BoardColumn } from './board-column.svelte.ts';
import { BoardModel } from './board-model.ts';
import type { BoardOptions, Live } from './board-options.ts';
import { isDenial, isFault, isUnreached } from './board-server.ts';
import {
	masterSchema,
	orderChangedSchema,
	type Card,
	type Master,
	type OrderChanged,
	type Page,
	type Place,
	type Stage
} from './board.ts';
import type { Preview } from './optimistic.ts';
import { OwnHand } from './own-hand.svelte.ts';
import { Wishes, type Saving, type WishOptions } from './wishes.svelte.ts';

const CLOCK_MS = 10_000;

export class BoardState {
	readonly columns: readonly BoardColumn[];
	/** what this person holds; changes to it by others are told */
	readonly hand = new OwnHand();
	#options: BoardOptions;
	#model: BoardModel;
	#wishes: Wishes;
	#live: Live | null = null;
	#frame: number | null = null;
	#clock: ReturnType<typeof setInterval> | undefined;
	#skew = 0;
	#outdated = false;
	#liveState = $state.raw<LiveState>('connecting');
	#masters = $state.raw<ReadonlyMap<string, Master>>(new Map());
	#denied = $state.raw<DomainError | null>(null);
	#now = $state.raw(0);

	constructor(options: BoardOptions) {
		this.#options = options;
		this.#model = new BoardModel(options.snapshot, options.location);
		this.#wishes = new Wishes(
			this.#model,
			options.server,
			() => this.#paint(),
			(notice) => options.onNotice(notice),
			() => Date.now() + this.#skew
		);
		this.columns = this.#model.stages.map((stage) => new BoardColumn(stage));
		this.#masters = new Map(options.snapshot.masters.map((master) => [master.id, master]));
		this.#now = Date.parse(options.snapshot.at);
		this.#skew = this.#now - Date.now();
		this.#paint();
	}

	get live(): LiveState {
		return this.#liveState;
	}

	get masters(): ReadonlyMap<string, Master> {
		return this.#masters;
	}

	/** Orders with a wish the server has not confirmed. */
	get saving(): ReadonlyMap<number, Saving> {
		return this.#wishes.saving;
	}

	/** Why this board may no longer be read; null while it may. */
	get denied(): DomainError | null {
		return this.#denied;
	}

	/** The server's clock in milliseconds, moved on every few seconds. */
	get now(): number {
		return this.#now;
	}

	card(id: number): Card | undefined {
		return this.#model.card(id);
	}

	/** The column an order stands in, one it is only carried over not counted. */
	stageOf(id: number): Stage | undefined {
		return this.#model.stageOf(id);
	}

	column(stage: number): BoardColumn | undefined {
		return this.columns.find((column) => column.stage.id === stage);
	}

	placeOf(id: number): (Place & { index: number }) | null {
		return this.#model.placeOf(id);
	}

	/** The version of an order the server last told us; 0 if it is gone. */
	version(id: number): number {
		return this.#model.confirmed(id)?.version ?? 0;
	}

	/** Joins the live topics. Call once, in the browser; `connect` builds the connection. */
	start(connect: (options: LiveOptions) => Live): void {
		const { server } = this.#options;
		this.#skew = this.#now - Date.now();
		this.#clock = setInterval(() => (this.#now = Date.now() + this.#skew), CLOCK_MS);
		this.#live = connect({
			fetchTopics: () => server.topics(),
			onEvent: (event) => this.receive(event),
			onGap: (again) => this.repair(again),
			onState: (state) => (this.#liveState = state)
		});
		this.#live.start();
	}

	destroy(): void {
		this.#live?.destroy();
		this.#wishes.destroy();
		clearInterval(this.#clock);
		if (this.#frame !== null) cancelAnimationFrame(this.#frame);
	}

	/** Shows a card where it would land without asking for it; null puts it back. */
	preview(preview: Preview | null): void {
		this.#model.setPreview(preview);
		this.#paint();
	}

	/** Moves an order at once and asks the server. False if it is gone or already there. */
	move(id: number, place: Place, options?: WishOptions): boolean {
		this.#model.setPreview(null);
		const moved = this.#wishes.move(id, place, options);
		if (!moved) this.#paint();
		return moved;
	}

	/** Gives an order to a master, or to nobody (null). False if it is already so. */
	assign(id: number, master: string | null, options?: WishOptions): boolean {
		return this.#wishes.assign(id, master, options);
	}

	/** What this person asks for together, again, or back. */
	get wishes(): Wishes {
		return this.#wishes;
	}

	/** Shows older cards of a column that is not loaded whole; of `page` what is not here yet. */
	showOlder(page: Page): void {
		this.#model.acceptOlder(page.cards);
		this.#paint();
	}

	/** Fetches what was missed; `again` keeps older pages. Rejects when the server could not be reached. */
	async repair(again = false): Promise<void> {
		const known = this.#model.known();
		const answer = await this.#options.server.changes(known);
		if (!answer.ok && (isUnreached(answer.error) || isFault(answer.error))) throw answer.error;
		this.#denied = !answer.ok && isDenial(answer.error) ? answer.error : null;
		if (!answer.ok) {
			// what we hold is nothing the server can compare with: begin again from a snapshot
			if (!this.#denied) this.#outdate();
			return;
		}
		const changes = answer.value;
		this.#skew = Date.parse(changes.at) - Date.now();
		this.#masters = new Map(changes.masters.map((master) => [master.id, master]));
		// what has aged would be missing between the newest and the older pages
		const deep = again && changes.aged.length === 0 ? null : this.#model.dropOlder();
		this.#model.repair(changes, known);
		this.#options.onRepair?.(changes, deep);
		if (changes.cards.some((card) => !this.#model.stage(card.stage_id))) this.#outdate();
		this.#options.onNews?.(null);
		this.#wishes.retryNow();
		this.#schedule();
	}

	/** Takes a live event; one that is not understood counts as a gap. */
	receive({ topic, event, payload }: LiveEvent): void {
		if (event === 'columns_changed') this.#outdate();
		else if (event === 'master_changed') {
			const master = masterSchema.safeParse(payload);
			if (master.success) this.#meet(master.data);
			else this.#live?.gap();
		} else if (event === 'order_changed') {
			const change = orderChangedSchema.safeParse(payload);
			if (change.success)
				this.#apply(change.data, topic.scope === 'board' ? topic.location_id : null);
			else this.#live?.gap();
		}
	}

	#apply(change: OrderChanged, location: number | null): void {
		const before = this.#model.confirmed(change.id);
		const mine = this.#model.pending.some((wish) => wish.mutation_id === change.mutation_id);
		if (this.#model.isUnclear(change, location)) this.#live?.gap();
		const news = this.#model.apply(change, location);
		if (change.mutation_id) this.#wishes.confirmed(change.mutation_id);
		this.#options.onNews?.(change.id);
		if (news && !mine && before && change.id === this.hand.order) this.#warn(change, before);
		if (change.card && !this.#model.stage(change.card.stage_id) && news) this.#outdate();
		this.#schedule();
	}

	#warn(change: OrderChanged, before: Card): void {
		const card = this.#model.confirmed(change.id);
		const moved = card && card.stage_id !== before.stage_id;
		const fate = card ? (moved ? 'moved' : 'changed') : 'removed';
		const told = { change: fate, card: card ?? before, actor: change.actor_name } as const;
		this.#options.onNotice({ kind: 'carried', ...told });
	}

	#meet(master: Master): void {
		const { location } = this.#options;
		if (location !== null && master.location_id !== null && master.location_id !== location) return;
		this.#masters = new Map(this.#masters).set(master.id, master);
	}

	/** A new board knows nothing of this one's wishes: what was asked for is answered first. */
	#outdate(): void {
		this.#outdated = true;
		this.#giveWay();
	}

	#giveWay(): void {
		if (!this.#outdated || this.#wishes.saving.size > 0) return;
		this.#outdated = false;
		this.#options.onOutdated();
	}

	#schedule(): void {
		this.#frame ??= requestAnimationFrame(() => this.#paint());
	}

	#paint(): void {
		if (this.#frame !== null) cancelAnimationFrame(this.#frame);
		this.#frame = null;
		for (const [stage, view] of this.#model.flush()) this.column(stage)?.show(view);
		this.#giveWay();
	}
}
