/** Signing in and out, as values. */
import {
	failed,
	ok,
	toDomainError,
	type DomainError,
	type Result
} from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import type { LinkProblem, MailLink } from './mail-link.ts';
import type { Credentials } from './sign-in.ts';

const unavailable: DomainError = { code: '', key: 'unavailable', details: {} };

/**
 * The session lands in the client's cookies. Whatever Auth refuses for (unknown address, wrong
 * password, blocked account) is one answer: who has an account here is nobody's business.
 */
export async function signIn(supabase: Client, credentials: Credentials): Promise<Result<null>> {
	const { error } = await supabase.auth.signInWithPassword(credentials);
	if (!error) return ok(null);
	const refused = error.status !== undefined && error.status >= 400 && error.status < 500;
	if (refused && error.status !== 429) return failed({ code: 'invalid_credentials' });
	const failure = toDomainError(error, error.status);
	// asked from our server, silence is the service's fault and not the visitor's connection
	return { ok: false, error: failure.key === 'network' ? unavailable : failure };
}

/** Uses up the token of a link from a mail; the session lands in the client's cookies. */
export async function confirmLink(
	supabase: Client,
	link: MailLink
): Promise<'confirmed' | LinkProblem> {
	const { error } = await supabase.auth.verifyOtp(link);
	if (!error) return 'confirmed';
	const refused = error.status !== undefined && error.status >= 400 && error.status < 500;
	return refused && error.status !== 429 ? 'expired' : 'unchecked';
}

/** Ends this browser's session; others of the same person go on. */
export async function signOut(supabase: Client): Promise<void> {
	await supabase.auth.signOut({ scope: 'local' });
}
