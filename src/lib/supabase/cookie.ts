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

const PREFIX = 'base64-';

/**
 * Whether the cookies hold a session as supabase-js writes it. It trusts them blindly: one of another
 * shape is an exception nobody can catch, and the end of the process.
 * @param parts name and value of each cookie of the request
 */
export function holdsSession(parts: { name: string; value: string }[]): boolean {
	const own = parts.filter(({ name }) => isAuthCookie(name));
	const whole = own.find(({ name }) => name === AUTH_COOKIE);
	const text = whole ? whole.value : joined(own);
	if (!text.startsWith(PREFIX)) return false;
	try {
		const bytes = Uint8Array.from(atob(toBase64(text.slice(PREFIX.length))), (c) =>
			c.charCodeAt(0)
		);
		return isSession(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
	} catch {
		return false;
	}
}

const joined = (parts: { name: string; value: string }[]) =>
	parts
		.map(({ name, value }) => ({ place: Number(name.slice(AUTH_COOKIE.length + 1)), value }))
		.sort((a, b) => a.place - b.place)
		.map(({ value }) => value)
		.join('');

const toBase64 = (url: string) => url.replaceAll('-', '+').replaceAll('_', '/');

function isSession(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return false;
	const { access_token, refresh_token, expires_at, user } = value as Record<string, unknown>;
	const strings = typeof access_token === 'string' && typeof refresh_token === 'string';
	const owner = user === undefined || (typeof user === 'object' && user !== null);
	return strings && Number.isFinite(expires_at) && owner;
}

/** The cookie itself or one of its numbered parts (long sessions are cut into several). */
export const isAuthCookie = (name: string) =>
	name === AUTH_COOKIE || name.startsWith(`${AUTH_COOKIE}.`);
