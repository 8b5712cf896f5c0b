/**
 * The browser's client. A layout provides it once; components take it from the context. It is made
 * on first use and only in the browser: the server renders with `locals.supabase` instead.
 */
import { createBrowserClient } from '@supabase/ssr';
import { createContext } from 'svelte';
import { authCookie } from './cookie.ts';
import type { Client, Database } from './types.ts';

type Address = { supabaseUrl: string; supabaseKey: string };

const [getProvider, setProvider] = createContext<() => Client>();

/** Call in the layout of signed-in pages, with what its load passed on. @returns what useSupabase does */
export function provideSupabase({ supabaseUrl, supabaseKey }: Address): () => Client {
	let client: Client | undefined;
	return setProvider(() => {
		if (typeof document === 'undefined')
			throw new Error('The browser client was asked for on the server; use locals.supabase.');
		client ??= createBrowserClient<Database>(supabaseUrl, supabaseKey, {
			cookieOptions: authCookie(location.protocol === 'https:')
		});
		return client;
	});
}

/**
 * Call while a component is being set up; call the answer in the browser (handlers, effects,
 * onMount) to have the client: `const supabase = useSupabase(); onMount(() => supabase().rpc(…))`.
 */
export function useSupabase(): () => Client {
	return getProvider();
}
