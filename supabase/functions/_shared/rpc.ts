/** Calls of the database as the service role, over the Data API. */

export type Backend = { url: string; key: string };

const PATIENCE_MS = 10_000;

/** Where the function's own project is, from the variables every Supabase gives. */
export function backendOf(environment: { get(name: string): string | undefined }): Backend {
	const keys = JSON.parse(environment.get('SUPABASE_SECRET_KEYS') ?? '{}') as { default?: string };
	const key = keys.default ?? environment.get('SUPABASE_SERVICE_ROLE_KEY');
	const url = environment.get('SUPABASE_URL');
	if (!url || !key) throw new Error('SUPABASE_URL or the secret key is missing');
	return { url, key };
}

/** @throws Error when the call failed; its words name the status, never what was sent */
export async function callDatabase(
	{ url, key }: Backend,
	name: string,
	parameters: object = {}
): Promise<unknown> {
	const response = await fetch(`${url}/rest/v1/rpc/${name}`, {
		method: 'POST',
		headers: {
			apikey: key,
			'content-type': 'application/json',
			// older projects know the service role by its token only
			...(key.startsWith('eyJ') ? { authorization: `Bearer ${key}` } : {})
		},
		body: JSON.stringify(parameters),
		signal: AbortSignal.timeout(PATIENCE_MS)
	});
	if (!response.ok) {
		await response.body?.cancel();
		throw new Error(`${name} answered ${response.status}`);
	}
	return response.json();
}
