/** What a signed-in user may do with the own account: `/user` and `/reauthenticate`. lite answers. */
import { decodeJwt } from 'jose';
import { endSessions, validEmail } from './accounts.ts';
import { emailOf, type Call } from './call.ts';
import { userBanned } from './errors.ts';
import { withStep } from './lite.ts';
import { allowedRedirect } from './redirect.ts';
import { limit, limitMailGap, UUID, type AuthService } from './service.ts';

export async function readSelf(service: AuthService, call: Call): Promise<Response> {
	await refuseBanned(service, call);
	return service.lite(call);
}

/** A new address is counted like any mail, and a new password ends the other sessions. */
export async function changeSelf(service: AuthService, call: Call): Promise<Response> {
	const { sub, sessionId } = await refuseBanned(service, call);
	if (emailOf(call)) {
		const email = validEmail(emailOf(call));
		limit(service, 'resend', call, email);
		limitMailGap(service, email);
	}
	const asked = call.url.searchParams.get('redirect_to');
	const redirectTo = allowedRedirect(asked, service.settings);
	const answer = await withStep({ redirectTo }, () => service.lite(call));
	if (answer.ok && call.body.password && sub && sessionId) {
		await endSessions(service.sql, sub, sessionId);
	}
	return answer;
}

/** Mails a code to the user; counted for the user, because lite knows the address, not we. */
export async function reauthenticate(service: AuthService, call: Call): Promise<Response> {
	const { sub } = await refuseBanned(service, call);
	limit(service, 'otp', call, sub ?? '');
	if (sub) limitMailGap(service, sub);
	return service.lite(call);
}

type Named = { sub: string | null; sessionId: string | null };

/** A token issued before a ban opens nothing here. What it says is lite's to verify afterwards. */
async function refuseBanned(service: AuthService, call: Call): Promise<Named> {
	const token = /^Bearer\s+(.+)$/i.exec(call.headers.get('authorization') ?? '')?.[1];
	const claims = unverifiedClaims(token ?? '');
	const uuid = (value: unknown) => (UUID.test(String(value)) ? String(value) : null);
	const named = { sub: uuid(claims.sub), sessionId: uuid(claims.session_id) };
	const [row] = await service.sql`
		select from auth.users where id = ${named.sub} and banned_until > now()`;
	if (row) throw userBanned(403);
	return named;
}

function unverifiedClaims(token: string): ReturnType<typeof decodeJwt> {
	try {
		return decodeJwt(token);
	} catch {
		return {};
	}
}
