/** What everybody asked of the database under which mutation id, and what became of it as they know. */
import type { BoardServer } from '../../src/lib/board/board-server.ts';
import { isUnreached } from '../../src/lib/board/board-server.ts';
import type { DomainError } from '../../src/lib/errors/domain-error.ts';

export type Fate = 'asked' | 'granted' | 'refused';

export class Ledger {
	readonly fates = new Map<string, Fate>();
	/** calls that had to be repeated */
	repeated = 0;
	/** how often each refusal was given */
	readonly refusals = new Map<string, number>();

	ask(mutation: string): void {
		if (this.fates.has(mutation)) this.repeated += 1;
		else this.fates.set(mutation, 'asked');
	}

	grant(mutation: string): void {
		this.fates.set(mutation, 'granted');
	}

	refuse(mutation: string, { key }: DomainError): void {
		this.fates.set(mutation, 'refused');
		this.refusals.set(key, (this.refusals.get(key) ?? 0) + 1);
	}

	count(fate: Fate): number {
		return [...this.fates.values()].filter((one) => one === fate).length;
	}

	/** The same server, each write of which is entered here. */
	recorded(server: BoardServer): BoardServer {
		return {
			...server,
			send: async (mutation) => {
				this.ask(mutation.mutation_id);
				const answer = await server.send(mutation);
				if (answer.ok) this.grant(mutation.mutation_id);
				else if (!isUnreached(answer.error)) this.refuse(mutation.mutation_id, answer.error);
				return answer;
			},
			bulk: async (call) => {
				const answer = await server.bulk(call);
				// the server names each card's part itself
				if (answer.ok) for (const one of answer.value) if (one.ok) this.grant(one.mutation_id);
				return answer;
			}
		};
	}
}
