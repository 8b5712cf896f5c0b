/** Who may enter which route group. Pure: hooks/guard.ts carries the answer out. */
import { homeOf } from './pages.ts';
import type { Visitor } from './visitor.ts';

export type Request = { routeId: string | null; method: string; url: URL };

const CONFIRM = '/(auth)/auth/confirm';

/** @returns the path to go to instead, or null to let the visitor in */
export function detour(visitor: Visitor, { routeId, method, url }: Request): string | null {
	if (!routeId) return null;
	if (routeId.startsWith('/(staff)')) {
		// without an answer from the gateway the page itself says 503: see require.ts
		if (visitor.kind === 'employee' || visitor.kind === 'unknown') return null;
		const next = method === 'GET' ? `?next=${encodeURIComponent(url.pathname + url.search)}` : '';
		return `/signin${next}`;
	}
	// a link from a mail works for those who are signed in, too: it may be for another account
	if (routeId === CONFIRM) return null;
	if (routeId.startsWith('/(auth)') && method === 'GET' && visitor.kind === 'employee') {
		return nextPath(url.searchParams.get('next')) ?? homeOf(visitor.actor);
	}
	return null;
}

const here = 'http://here.invalid';

/**
 * A path of this site out of a value anyone could have written into a link; null when it leads
 * elsewhere ('//evil.com', '/\evil.com', 'https://…', '/.//evil.com').
 */
export function safePath(value: unknown): string | null {
	if (typeof value !== 'string' || !value.startsWith('/')) return null;
	if (!URL.canParse(value, here)) return null;
	const url = new URL(value, here);
	const path = url.pathname + url.search + url.hash;
	return url.origin === here && !path.startsWith('//') ? path : null;
}

/** The path of an address of this site, given as a path or, as Auth writes it into mails, in full. */
export function ownPath(value: unknown, origin: string): string | null {
	const inFull = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
	if (!inFull) return nextPath(value);
	return inFull.origin === origin ? nextPath(inFull.pathname + inFull.search + inFull.hash) : null;
}

/** Where to go after signing in: a safe path that is not signing in or out again. */
export function nextPath(value: unknown): string | null {
	const path = safePath(value);
	return path && !/^\/sign(in|out)(?![\w-])/.test(path) ? path : null;
}
