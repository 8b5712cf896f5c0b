/**
 * The desk of those who work leads: the live list, what is being asked about which lead, and the
 * deeds. One belongs to one page (context); the list and the lead beside it share it.
 */
import { createContext } from 'svelte';
import type { DomainError, Result } from '$lib/errors/domain-error.ts';
import { m } from '$lib/paraglide/messages.js';
import type {
	LiveEvent,
	LiveOptions,
	LiveState,
	LiveTopics,
	Topic
} from '$lib/realtime/live-topics.ts';
import type { LeadList } from './lead-list.svelte.ts';
import { changeSchema, isOpen, wholeName, type Lead, type LeadSummary } from './lead.ts';

type Live = Pick<LiveTopics, 'start' | 'destroy' | 'gap'>;
type News = (lead: number | null) => void;

export interface DeskServer {
	topics(): Promise<readonly Topic[]>;
	summary(): Promise<Result<LeadSummary>>;
	claim(lead: number): Promise<Result<Lead>>;
	release(lead: number): Promise<Result<Lead>>;
	contact(lead: number, note: string): Promise<Result<Lead>>;
	reject(lead: number, reason: string): Promise<Result<Lead>>;
	reopen(lead: number): Promise<Result<Lead>>;
}

export interface DeskOptions {
	server: DeskServer;
	summary: LeadSummary | null;
	/** the list that is shown now; another filter makes another one */
	list: () => LeadList;
	say(text: string, undo?: () => void): void;
	complain(error: DomainError): void;
}

/** What a dialog asks about, and whom. */
export type Question = {
	readonly about: 'contact' | 'reject' | 'convert' | 'correct';
	readonly lead: Lead;
};

/** the figures on top follow the events, but not each of a burst */
const SUMMARY_MS = 400;

export class LeadDesk {
	#options: DeskOptions;
	#live: Live | null = null;
	#liveState = $state.raw<LiveState>('connecting');
	#summary = $state.raw<LeadSummary | null>(null);
	#summaryTimer: ReturnType<typeof setTimeout> | undefined;
	#question = $state.raw<Question | null>(null);
	#busy = $state.raw<ReadonlySet<number>>(new Set());
	#listeners = new Set<News>();

	constructor(options: DeskOptions) {
		this.#options = options;
		this.#summary = options.summary;
	}

	get live(): LiveState {
		return this.#liveState;
	}

	get summary(): LeadSummary | null {
		return this.#summary;
	}

	get question(): Question | null {
		return this.#question;
	}

	/** something about this lead is on its way */
	isBusy(lead: number): boolean {
		return this.#busy.has(lead);
	}

	start(connect: (options: LiveOptions) => Live): void {
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
		clearTimeout(this.#summaryTimer);
	}

	async repair(): Promise<void> {
		await this.#options.list().repair();
		this.#tell(null);
	}

	/** Calls back with the lead that changed, or null when any may have. @returns the undo */
	listen(news: News): () => void {
		this.#listeners.add(news);
		return () => this.#listeners.delete(news);
	}

	receive({ event, payload }: LiveEvent): void {
		if (event === 'leads_imported') return this.#live?.gap();
		if (event === 'lead_noted') return this.#tell(idOf(payload));
		if (event !== 'lead_changed') return;
		const change = changeSchema.safeParse(payload);
		if (!change.success) return this.#live?.gap();
		const { id, version, lead } = change.data;
		this.#take(id, version, lead);
	}

	ask(about: Question['about'], lead: Lead): void {
		this.#question = { about, lead };
	}

	answered = (): void => {
		this.#question = null;
	};

	claim(lead: Lead): Promise<boolean> {
		const { server } = this.#options;
		return this.#do(lead, server.claim(lead.id), m.leads_claimed({ name: wholeName(lead) }), () =>
			server.release(lead.id)
		);
	}

	release(lead: Lead): Promise<boolean> {
		const { server } = this.#options;
		return this.#do(lead, server.release(lead.id), m.leads_released({ name: wholeName(lead) }));
	}

	contact(lead: Lead, note: string): Promise<boolean> {
		const { server } = this.#options;
		return this.#do(lead, server.contact(lead.id, note), null);
	}

	reject(lead: Lead, reason: string): Promise<boolean> {
		const { server } = this.#options;
		return this.#do(
			lead,
			server.reject(lead.id, reason),
			m.leads_rejected({ name: wholeName(lead) }),
			() => server.reopen(lead.id)
		);
	}

	reopen(lead: Lead): Promise<boolean> {
		const { server } = this.#options;
		return this.#do(lead, server.reopen(lead.id), m.leads_reopened({ name: wholeName(lead) }));
	}

	/** Somebody is about to call: nobody else should. */
	calling(lead: Lead): void {
		if (isOpen(lead) && lead.claimed_by === null && !this.isBusy(lead.id)) void this.claim(lead);
	}

	async #do(
		{ id }: Lead,
		deed: Promise<Result<Lead>>,
		done: string | null,
		undo?: () => Promise<Result<Lead>>
	): Promise<boolean> {
		this.#busy = new Set([...this.#busy, id]);
		const answer = await deed;
		this.#busy = new Set([...this.#busy].filter((other) => other !== id));
		if (answer.ok) {
			this.#take(id, answer.value.version, answer.value);
			if (done) {
				this.#options.say(done, undo && (() => void this.#do(answer.value, undo(), null)));
			}
		} else {
			this.#options.complain(answer.error);
			// the refusal says that the lead is not as it is shown
			this.#live?.gap();
		}
		return answer.ok;
	}

	#take(id: number, version: number, lead: Lead | null): void {
		if (!this.#options.list().accept(id, version, lead)) this.#live?.gap();
		this.#tell(id);
	}

	#tell(lead: number | null): void {
		for (const news of this.#listeners) news(lead);
		this.#summaryTimer ??= setTimeout(() => void this.#count(), SUMMARY_MS);
	}

	async #count(): Promise<void> {
		this.#summaryTimer = undefined;
		const answer = await this.#options.server.summary();
		if (answer.ok) this.#summary = answer.value;
	}
}

export const [getLeadDesk, setLeadDesk] = createContext<LeadDesk>();

const idOf = (payload: unknown): number | null => {
	const { id } = (payload ?? {}) as { id?: unknown };
	return typeof id === 'number' ? id : null;
};
