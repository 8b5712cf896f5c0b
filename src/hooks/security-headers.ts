/**
 * What browsers may do with our pages. The Content-Security-Policy is Kit's (svelte.config.js, with
 * a nonce for its scripts); here it learns which Supabase to talk to, known only at run time.
 */
import type { Handle } from '@sveltejs/kit';
import { config } from '$lib/supabase/config.server.ts';

const POLICY = 'content-security-policy';
/** for everything that is not a page: it loads nothing and is shown in no frame */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";
const NO_FRAME = "frame-ancestors 'none'";
const YEAR = 31_536_000;

export const securityHeaders: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	const { headers } = response;
	const policy = completePolicy(headers.get(POLICY), config().supabaseUrl);
	const framed = isFramed(event.route.id);
	headers.set(POLICY, framed ? policy.replace(NO_FRAME, 'frame-ancestors *') : policy);
	headers.set('x-content-type-options', 'nosniff');
	if (!framed) headers.set('x-frame-options', 'DENY');
	headers.set('referrer-policy', 'strict-origin-when-cross-origin');
	headers.set('cross-origin-opener-policy', 'same-origin');
	headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
	if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-store');
	if (event.url.protocol === 'https:')
		headers.set('strict-transport-security', `max-age=${YEAR}; includeSubDomains`);
	return response;
};

/** Forms for other people's sites: they show nothing of anybody's and act for nobody who is signed in. */
export const isFramed = (routeId: string | null) => routeId?.startsWith('/(public)/f/') ?? false;

/** @returns the policy with the gateway allowed: calls and sockets, and photos from its Storage */
export function completePolicy(policy: string | null, supabaseUrl: string): string {
	if (!policy) return NOTHING;
	const { origin } = new URL(supabaseUrl);
	const socket = origin.replace(/^http/, 'ws');
	return policy
		.replace(/connect-src [^;]*/, (found) => `${found} ${origin} ${socket}`)
		.replace(/img-src [^;]*/, (found) => `${found} ${origin}`);
}
