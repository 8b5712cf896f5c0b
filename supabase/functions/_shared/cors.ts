/** Browsers of any site may call: what protects is the token, not where the page came from. */

const HEADERS = {
	'access-control-allow-origin': '*',
	'access-control-allow-headers':
		'authorization, apikey, content-type, idempotency-key, token, x-client-info',
	'access-control-max-age': '86400'
};

/** The answer to a browser's question before the request. */
export const preflight = (methods: string): Response =>
	new Response(null, {
		status: 204,
		headers: { ...HEADERS, 'access-control-allow-methods': methods }
	});

/** The same answer, readable by pages of other sites. */
export function withCors(response: Response): Response {
	for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
	return response;
}
