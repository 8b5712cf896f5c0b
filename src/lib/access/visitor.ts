/** Who sent this request, decided once in hooks/session.ts. */
import type { Actor } from './actor.ts';

export type Visitor =
	| { kind: 'anonymous' }
	/** signed in, but no active employee: a client, or somebody who left */
	| { kind: 'outsider'; email: string }
	| { kind: 'employee'; actor: Actor }
	/** has a session, but the gateway does not answer: neither let in nor thrown out */
	| { kind: 'unknown' };

export const anonymous: Visitor = { kind: 'anonymous' };
