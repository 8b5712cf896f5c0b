import type { DomainError } from '$lib/errors/domain-error.ts';
import type { Action } from './action.ts';
import type { WorkCard } from './my-work.ts';

/** Something the master should be told, wherever he looks. */
export type WorkNotice =
	| { readonly kind: 'assigned'; readonly card: WorkCard; readonly actor: string | null }
	| {
			readonly kind: 'withdrawn' | 'ended';
			readonly card: WorkCard;
			readonly actor: string | null;
	  }
	| { readonly kind: 'refused'; readonly action: Action; readonly error: DomainError };
