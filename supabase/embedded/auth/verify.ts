/**
 * `/verify`: codes and links from mails. lite checks and uses up the token; we add the types it does
 * not know (`email`, `invite`) and GoTrue's change of address, to which both mailboxes have to agree.
 */
import { hashCode } from './accounts.ts';
import { emailOf, textOf, type Call } from './call.ts';
import { allowedRedirect } from './redirect.ts';
import { limit, type AuthService } from './service.ts';

type Token = { type: string; hash: string };

export async function verify(service: AuthService, call: Call): Promise<Response> {
	const email = emailOf(call);
	limit(service, 'verify', call, textOf(call, 'token_hash') ? '' : email);
	const token = tokenOf(call);
	if (!token.hash) return service.lite(call);
	if (token.type === 'email_change') return verifyEmailChange(service, call, token);
	if (token.type === 'email')
		return passOn(service, call, await typeOf(service, token.hash), token);
	return passOn(service, call, token.type === 'invite' ? 'signup' : token.type, token);
}

function tokenOf(call: Call): Token {
	if (call.method === 'GET') {
		const { searchParams } = call.url;
		return { type: searchParams.get('type') ?? '', hash: searchParams.get('token') ?? '' };
	}
	const code = textOf(call, 'token').trim();
	const email = emailOf(call);
	const hash = textOf(call, 'token_hash') || (email && code ? hashCode(email, code) : '');
	return { type: textOf(call, 'type'), hash };
}

/** `email` means sign-up or magic link, whichever the token was made for. */
async function typeOf(service: AuthService, hash: string): Promise<'magiclink' | 'signup'> {
	const [found] = await service.sql`select from auth.users where recovery_token = ${hash}`;
	return found ? 'magiclink' : 'signup';
}

function passOn(service: AuthService, call: Call, type: string, token: Token): Promise<Response> {
	if (call.method === 'GET') {
		const query = { ...Object.fromEntries(call.url.searchParams), type, token: token.hash };
		return service.lite(call, { query });
	}
	return service.lite(call, { body: { type, token_hash: token.hash } });
}

const HALF_DONE =
	'Confirmation link accepted. Please proceed to confirm link sent to the other email';

type Change = { id: string; email: string | null; status: number; side: 'current' | 'new' };

async function verifyEmailChange(
	service: AuthService,
	call: Call,
	token: Token
): Promise<Response> {
	const [change] = await service.sql<Change[]>`
		select id, email, email_change_confirm_status as status,
			case when email_change_token_current = ${token.hash} then 'current' else 'new' end as side
		from auth.users
		where (email_change_token_current = ${token.hash} or email_change_token_new = ${token.hash})
			and email_change_sent_at > now() - make_interval(secs => ${service.settings.otpExpiry})`;
	const both = service.settings.doubleConfirmChanges && change?.email;
	if (!change || !both) return passOn(service, call, 'email_change', token);
	if (change.status === 0 && (await acceptFirst(service, change, token.hash))) {
		return halfDone(service, call);
	}
	// lite finishes a change on the present address's token only
	await service.sql`
		update auth.users
		set email_change_token_current = ${token.hash}, email_change_token_new = null
		where id = ${change.id} and email_change_confirm_status = 1
			and ${token.hash} in (email_change_token_current, email_change_token_new)`;
	const answer = await passOn(service, call, 'email_change', token);
	await service.sql`
		update auth.users set email_change_confirm_status = 0
		where id = ${change.id} and email_change is null`;
	return answer;
}

/** Uses up the first of the two tokens; false when somebody was faster. */
async function acceptFirst(service: AuthService, change: Change, hash: string): Promise<boolean> {
	const { sql } = service;
	const column = sql(`email_change_token_${change.side}`);
	const taken = await sql`
		update auth.users set ${column} = null, email_change_confirm_status = 1
		where id = ${change.id} and ${column} = ${hash} and email_change_confirm_status = 0
		returning id`;
	return taken.length > 0;
}

function halfDone(service: AuthService, call: Call): Response {
	if (call.method !== 'GET') return Response.json({ msg: HALF_DONE, code: '200' });
	const asked = call.url.searchParams.get('redirect_to');
	const target = allowedRedirect(asked, service.settings) ?? service.settings.siteUrl;
	const location = `${target}#message=${encodeURIComponent(HALF_DONE)}`;
	return new Response(null, { status: 303, headers: { location } });
}
