/** Completes lite's answers: full tokens, second factors on every user, banned users refused. */
import type { Call } from './call.ts';
import { AuthError } from './errors.ts';
import type { AuthService } from './service.ts';
import { factorJson, factorsOf } from './user.ts';

type UserPart = { id?: string; factors?: unknown };
type Answer = UserPart & {
	access_token?: string;
	refresh_token?: string;
	user?: UserPart;
};

const METHOD_OF_GRANT: Record<string, string | null> = {
	password: 'password',
	refresh_token: null,
	pkce: 'oauth',
	id_token: 'oauth'
};

/** How a session that this request starts was authenticated; null for one that goes on. */
function methodOf(call: Call): string | null {
	if (call.path === '/token') {
		return METHOD_OF_GRANT[call.url.searchParams.get('grant_type') ?? ''] ?? null;
	}
	if (call.path === '/signup') return 'password';
	if (call.path === '/callback') return 'oauth';
	return call.path.startsWith('/factors/') ? null : 'otp';
}

const REFUSALS: Record<string, { status: number; message: string }> = {
	user_banned: { status: 400, message: 'User is banned' },
	session_not_found: { status: 403, message: 'Session from session_id claim in JWT does not exist' }
};

async function completeToken(service: AuthService, call: Call, thin: string): Promise<string> {
	const step = call.path.startsWith('/factors/') ? 'totp' : 'token_refresh';
	const origin = { address: call.address, userAgent: call.headers.get('user-agent') };
	const completed = await service.tokens.complete(thin, methodOf(call), origin, step);
	if ('token' in completed) return completed.token;
	const reason = completed.refused;
	const { status, message } = REFUSALS[reason] ?? { status: 400, message: reason };
	throw new AuthError(status, reason, message);
}

const HAS_USER = /^\/(token|signup|verify|user|factors\/[^/]+\/verify)$/;

/** Passes an answer on with complete tokens and users. */
export async function completeAnswer(
	service: AuthService,
	call: Call,
	answer: Response
): Promise<Response> {
	const location = answer.headers.get('location');
	if (location?.includes('access_token=')) return completeRedirect(service, call, answer, location);
	if (!answer.ok || call.method === 'HEAD' || !HAS_USER.test(call.path)) return answer;
	if (!answer.headers.get('content-type')?.includes('json')) return answer;
	const body = (await answer.json()) as Answer;
	if (body.access_token) {
		body.access_token = await completeToken(service, call, body.access_token);
	}
	const user = body.access_token ? body.user : body;
	if (user?.id) {
		const factors = (await factorsOf(service.sql, [user.id])).get(user.id) ?? [];
		if (factors.length > 0) user.factors = factors.map(factorJson);
	}
	const headers = new Headers(answer.headers);
	headers.delete('content-length');
	return new Response(JSON.stringify(body), { status: answer.status, headers });
}

/** Links in mails and OAuth end in a redirect that carries the session in the address's fragment. */
async function completeRedirect(
	service: AuthService,
	call: Call,
	answer: Response,
	location: string
): Promise<Response> {
	const target = new URL(location);
	const fragment = new URLSearchParams(target.hash.slice(1));
	fragment.set(
		'access_token',
		await completeToken(service, call, fragment.get('access_token') ?? '')
	);
	target.hash = fragment.toString();
	const headers = new Headers(answer.headers);
	headers.set('location', target.toString());
	return new Response(null, { status: answer.status, headers });
}
