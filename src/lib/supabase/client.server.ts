/** The server's client: one per request, speaking with the visitor's own session from the cookies. */
import { createServerClient } from '@supabase/ssr';
import type { Cookies } from '@sveltejs/kit';
import type { Config } from './config.server.ts';
import { authCookie, isAuthCookie } from './cookie.ts';
import type { Client, Database } from './types.ts';

/** a page must not hang on a gateway that does */
const PATIENCE = 10_000;

type Request = { cookies: Cookies; secure: boolean };

/**
 * @param config where the gateway is
 * @param request the cookies of this request; `secure` when it came over https
 */
export function createRequestClient(config: Config, { cookies, secure }: Request): Client {
	return createServerClient<Database>(config.supabaseUrl, config.supabaseKey, {
		cookieOptions: authCookie(secure),
		cookies: {
			getAll: () => cookies.getAll(),
			setAll: (changed) => {
				for (const { name, value, options } of changed)
					cookies.set(name, value, { ...options, path: '/', httpOnly: false });
			}
		},
		// a page says at once that the service is silent; seven seconds of retries only hide it
		db: { retry: false },
		global: { fetch: patientFetch }
	});
}

/** Forgets the session in this browser, also when the gateway cannot be asked. */
export function deleteAuthCookies(cookies: Cookies): void {
	for (const { name } of cookies.getAll())
		if (isAuthCookie(name)) cookies.delete(name, { path: '/' });
}

const patientFetch: typeof fetch = (input, init) => {
	const timeout = AbortSignal.timeout(PATIENCE);
	const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
	return fetch(input, { ...init, signal });
};
