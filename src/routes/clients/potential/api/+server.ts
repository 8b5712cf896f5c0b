/**
 * `POST /clients/potential/api/`, where callers of older CRM sites send potential clients with the
 * header `Token`. Everything is said by the edge function; this is its door on the app's address.
 */
import { json, type RequestHandler } from '@sveltejs/kit';
import { config } from '$lib/supabase/config.server.ts';

// with the slash and without: a redirect would turn a POST into a GET
export const trailingSlash = 'ignore';

const PATIENCE = 15_000;
const TAKEN_ALONG = ['token', 'authorization', 'content-type', 'idempotency-key'];
const HANDED_BACK = ['content-type', 'retry-after', 'allow'];

export const fallback: RequestHandler = async ({ request, getClientAddress }) => {
	const { supabaseUrl, supabaseKey } = config();
	const headers = pick(request.headers, TAKEN_ALONG);
	headers.set('apikey', supabaseKey);
	headers.set('x-forwarded-for', getClientAddress());
	let body: ArrayBuffer | undefined;
	try {
		if (!['GET', 'HEAD'].includes(request.method)) body = await request.arrayBuffer();
	} catch {
		// the adapter lets no more than half a megabyte through; the function itself takes 64 KB
		return json({ detail: 'Request body is too large.' }, { status: 413 });
	}
	try {
		const answer = await fetch(`${supabaseUrl}/functions/v1/lead-intake/potential`, {
			method: request.method,
			headers,
			body,
			signal: AbortSignal.timeout(PATIENCE)
		});
		return new Response(answer.status === 204 ? null : await answer.arrayBuffer(), {
			status: answer.status,
			headers: pick(answer.headers, HANDED_BACK)
		});
	} catch {
		return json({ detail: 'Service is unavailable.' }, { status: 503 });
	}
};

function pick(headers: Headers, names: string[]): Headers {
	return new Headers([...headers].filter(([name]) => names.includes(name)));
}
