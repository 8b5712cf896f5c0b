/** What the board needs of a server; `board.data.ts` is the real one, tests hand in a double. */
import type { DomainError, Result } from '$lib/errors/domain-error.ts';
import type { Topic } from '$lib/realtime/live-topics.ts';
import type { Card, Changes, Mutation, Page } from './board.ts';
import type { BulkAnswer, BulkCall } from './bulk.ts';

export interface BoardServer {
	/** the call a wish stands for, such as `move_order`; the card as it became */
	send(mutation: Mutation): Promise<Result<Card>>;
	/** `bulk_move` or `bulk_assign`; each card's own answer */
	bulk(call: BulkCall): Promise<Result<BulkAnswer>>;
	/** `board_changes`: what differs from `{id: version}` */
	changes(known: Readonly<Record<string, number>>): Promise<Result<Changes>>;
	/** `board_more` or `find_orders`: the next older cards of a column */
	older(ask: OlderAsk): Promise<Result<Page>>;
	/** `my_topics`; rejects when it could not be read */
	topics(): Promise<readonly Topic[]>;
}

export interface OlderAsk {
	readonly stage: number;
	/** what the page before said comes next; null is the beginning */
	readonly after: Page['next'];
	/** as `find_orders` takes them; null is everything */
	readonly filters: Readonly<Record<string, unknown>> | null;
}

/** The server did not say no; it could not be asked, and may be asked again. */
export function isUnreached({ key }: DomainError): boolean {
	return key === 'network' || key === 'unavailable' || key === 'too_many_requests';
}

/** The board is not this person's to read; any other refusal is about the question. */
export const isDenial = ({ key }: DomainError): boolean =>
	key === 'not_signed_in' || key === 'not_allowed';

/** The server failed at it, as one does that is being stopped: it is asked again. */
export const isFault = ({ key, code }: DomainError): boolean => key === 'unknown' && code !== '';

/** Something the person should be told. */
export type Notice =
	| {
			/** an own wish was confirmed */
			readonly kind: 'moved' | 'assigned' | 'planned' | 'undone';
			/** what to undo */
			readonly group: string;
			readonly card: Card;
			readonly from_stage: number;
			/** another master has it than before */
			readonly handed: boolean;
	  }
	| {
			readonly kind: 'refused';
			readonly order_id: number;
			readonly mutation: Mutation;
			readonly error: DomainError;
	  }
	| {
			readonly kind: 'bulk';
			readonly group: string;
			readonly ask: BulkCall['ask'];
			readonly done: number;
			readonly refused: readonly { readonly order_id: number; readonly error: DomainError }[];
	  }
	| {
			/** a colleague touched the card this person is carrying */
			readonly kind: 'carried';
			readonly change: 'moved' | 'changed' | 'removed';
			readonly card: Card;
			readonly actor: string | null;
	  };
