/** `POST /token`: passwords are checked by us, in the same time for everybody; lite makes the session. */
import { emailOf, textOf, type Call } from './call.ts';
import { AuthError, invalid } from './errors.ts';
import { withStep } from './lite.ts';
import { checkPassword } from './password.ts';
import { forgive, limit, type AuthService } from './service.ts';

export async function signIn(service: AuthService, call: Call): Promise<Response> {
	const grant = call.url.searchParams.get('grant_type');
	if (grant === 'password') return signInWithPassword(service, call);
	limit(service, 'refresh', call);
	const token = grant === 'refresh_token' ? textOf(call, 'refresh_token') : '';
	if (!token) return service.lite(call);
	// a page and the server that renders it refresh at once: lite, asked twice at the same moment,
	// calls the token of the second used up; asked in turn it gives both the same new one
	return service.refreshes.take(token, () => service.lite(call));
}

/**
 * Unknown address, wrong password and a locked or unconfirmed account with a wrong password get one
 * answer. That an account is locked or unconfirmed learns only who knows its password.
 */
async function signInWithPassword(service: AuthService, call: Call): Promise<Response> {
	const email = emailOf(call);
	const password = textOf(call, 'password');
	// phone passwords and unreadable bodies are lite's to refuse
	if (!email) return service.lite(call);
	if (email.length > 255 || password.length > 4_096) throw invalid('Credentials are too long');
	limit(service, 'password', call, email);
	const account = await checkPassword(service.sql, email, password);
	if (!account) throw new AuthError(400, 'invalid_credentials', 'Invalid login credentials');
	forgive(service, call, email);
	if (!account.confirmed) {
		throw new AuthError(400, 'email_not_confirmed', 'Email not confirmed');
	}
	return withStep({ signInAs: account.id }, () => service.lite(call));
}
