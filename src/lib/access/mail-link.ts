/** What a link from a mail must hold, and what to tell when it does not work. */
import * as z from 'zod';
import { m } from '$lib/paraglide/messages.js';

const schema = z.object({
	token_hash: z.string().min(1).max(512),
	type: z.enum(['signup', 'invite', 'magiclink', 'recovery', 'email_change', 'email'])
});

export type MailLink = z.infer<typeof schema>;

/** `expired`: it will never work. `unchecked`: it may, later. */
export type LinkProblem = 'expired' | 'unchecked';

/** @returns null when the address is not whole */
export function readLink(parameters: URLSearchParams): MailLink | null {
	return schema.safeParse(Object.fromEntries(parameters)).data ?? null;
}

/** The sentence for the sign-in page, where a link that did not work leads. */
export function linkSentence(problem: string | null): string | null {
	if (problem === 'expired') return m.signin_link_expired();
	return problem === 'unchecked' ? m.signin_link_unchecked() : null;
}
