/** Gives the request its Supabase client and finds out, once, who sent it. */
import type { Handle } from '@sveltejs/kit';
import { anonymous } from '$lib/access/visitor.ts';
import { loadVisitor } from '$lib/access/visitor.data.ts';
import { createRequestClient, deleteAuthCookies } from '$lib/supabase/client.server.ts';
import { config } from '$lib/supabase/config.server.ts';
import { holdsSession, isAuthCookie } from '$lib/supabase/cookie.ts';

export const session: Handle = async ({ event, resolve }) => {
	const { cookies, locals, url } = event;
	if (!holdsSession(cookies.getAll())) deleteAuthCookies(cookies);
	locals.supabase = createRequestClient(config(), { cookies, secure: url.protocol === 'https:' });
	const hasSession = cookies.getAll().some(({ name }) => isAuthCookie(name));
	locals.visitor = hasSession ? await loadVisitor(locals.supabase) : anonymous;
	return resolve(event);
};
