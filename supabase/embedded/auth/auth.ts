/** `/auth/v1`: lite answers, we complete the tokens in its answers. */
import type { CompletedToken, TokenCompleter } from './claims.ts';

type TokenAnswer = { access_token?: string; session?: { access_token?: string } };

const METHOD_OF_GRANT: Record<string, string | null> = {
	password: 'password',
	refresh_token: null,
	pkce: 'oauth',
	id_token: 'oauth'
};

/** How a session that this request starts was authenticated; null for a refresh. */
function methodOf(url: URL): string | null {
	if (url.pathname.endsWith('/token')) {
		return METHOD_OF_GRANT[url.searchParams.get('grant_type') ?? ''] ?? null;
	}
	if (url.pathname.endsWith('/signup')) return 'password';
	return 'otp';
}

const REFUSALS: Record<string, { status: number; message: string }> = {
	user_banned: { status: 400, message: 'User is banned' },
	session_not_found: { status: 403, message: 'Session from session_id claim in JWT does not exist' }
};

function refusal(reason: string): Response {
	const { status, message } = REFUSALS[reason] ?? { status: 400, message: reason };
	return Response.json({ code: status, error_code: reason, msg: message }, { status });
}

/** Passes lite's answer on with complete tokens, or refuses a banned user in its place. */
export async function completeAuthAnswer(
	request: Request,
	answer: Response,
	tokens: TokenCompleter
): Promise<Response> {
	const url = new URL(request.url);
	const location = answer.headers.get('location');
	if (location?.includes('access_token=')) return completeRedirect(answer, location, tokens);
	if (!answer.ok || !answer.headers.get('content-type')?.includes('json')) return answer;
	if (!/\/(token|signup|verify)$/.test(url.pathname)) return answer;
	const body = (await answer.clone().json()) as TokenAnswer;
	const holder = body.access_token ? body : body.session;
	if (!holder?.access_token) return answer;
	const completed: CompletedToken = await tokens.complete(holder.access_token, methodOf(url));
	if ('refused' in completed) return refusal(completed.refused);
	holder.access_token = completed.token;
	const headers = new Headers(answer.headers);
	headers.delete('content-length');
	return new Response(JSON.stringify(body), { status: answer.status, headers });
}

/** Links in mails end in a redirect that carries the session in the address's fragment. */
async function completeRedirect(
	answer: Response,
	location: string,
	tokens: TokenCompleter
): Promise<Response> {
	const target = new URL(location);
	const fragment = new URLSearchParams(target.hash.slice(1));
	const completed = await tokens.complete(fragment.get('access_token') ?? '', 'otp');
	if ('refused' in completed) return refusal(completed.refused);
	fragment.set('access_token', completed.token);
	target.hash = fragment.toString();
	const headers = new Headers(answer.headers);
	headers.set('location', target.toString());
	return new Response(null, { status: answer.status, headers });
}
