/**
 * The session cookie, under one name for browser and server: supabase-js would otherwise derive it
 * from the URL, which may differ between the two (127.0.0.1 here, a public name there).
 */
export const AUTH_COOKIE = 'sb-verstak-auth-token';

/** @param secure whether the page came over https */
export const authCookie = (secure: boolean) => ({
	name: AUTH_COOKIE,
	path: '/',
	sameSite: 'lax' as const,
	secure
});

/** The cookie itself or one of its numbered parts (long sessions are cut into several). */
export const isAuthCookie = (name: string) =>
	name === AUTH_COOKIE || name.startsWith(`${AUTH_COOKIE}.`);
