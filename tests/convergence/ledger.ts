/** What everybody asked of the database under which mutation id, and what became of it as they know. */
import { isUnreached, type BoardServer } from '../../src/lib/board/board-server.ts';
import type { DomainError } from '../../src/lib/errors/domain-error.ts';

export type Fate = 'asked' | 'granted' | 'refused';

export interface Entry {
	readonly order: number;
	/** what was asked, in full */
	readonly wish: object;
	fate: Fate;
	/** of the order, as the answer told it */
	version?: number;
	error?: DomainError;
}

export class Ledger {
	readonly entries = new Map<string, Entry>();
	/** calls that had to be repeated */
	repeated = 0;

	ask(mutation: string, order: number, wish: object): void {
		if (this.entries.has(mutation)) this.repeated += 1;
		else this.entries.set(mutation, { order, wish, fate: 'asked' });
	}

	grant(mutation: string, version: number): void {
		const entry = this.entries.get(mutation);
		if (entry) Object.assign(entry, { fate: 'granted', version });
	}

	refuse(mutation: string, error: DomainError): void {
		const entry = this.entries.get(mutation);
		if (entry) Object.assign(entry, { fate: 'refused', error });
	}

	count(fate: Fate): number {
		return [...this.entries.values()].filter((one) => one.fate === fate).length;
	}

	/** How often each refusal was given. */
	refusals(): Record<string, number> {
		const counts: Record<string, number> = {};
		for (const { error } of this.entries.values())
			if (error) counts[error.key] = (counts[error.key] ?? 0) + 1;
		return counts;
	}

	/** The same server, each write of which is entered here. */
	recorded(server: BoardServer): BoardServer {
		return {
			...server,
			send: async (mutation) => {
				const { mutation_id, order_id } = mutation;
				this.ask(mutation_id, order_id, mutation);
				const answer = await server.send(mutation);
				if (answer.ok) this.grant(mutation_id, answer.value.version);
				else if (!isUnreached(answer.error)) this.refuse(mutation_id, answer.error);
				return answer;
			},
			bulk: async (call) => {
				const answer = await server.bulk(call);
				for (const { ok, mutation_id, order_id, card } of answer.ok ? answer.value : []) {
					// the server names each card's part itself
					if (ok) this.entries.set(mutation_id, { order: order_id, wish: call.ask, fate: 'asked' });
					if (card) this.grant(mutation_id, card.version);
				}
				return answer;
			}
		};
	}
}
