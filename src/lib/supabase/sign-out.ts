/**
 * Signing out is a form post, so the other tabs of the same person do not hear of it from
 * supabase-js. They are told here, and a tab that is shown again looks for the session itself.
 */
import { isAuthCookie } from './cookie.ts';

const CHANNEL = 'verstak-sign-out';
const LOOK_MS = 200;
const PATIENCE_MS = 10_000;

/** Tells the tabs of this browser that the session is about to end. */
export function announceSignOut(): void {
	const channel = new BroadcastChannel(CHANNEL);
	channel.postMessage('signing_out');
	channel.close();
}

/**
 * Calls `onSignOut` once the session is gone; returns the undo. Browser only. The announcement comes
 * before the server has taken the cookie away, and reaches the announcing tab, too: what counts is
 * the cookie.
 */
export function watchSignOut(onSignOut: () => void): () => void {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const lookUntil = (end: number) => {
		clearTimeout(timer);
		if (!hasCookie()) onSignOut();
		else if (Date.now() < end) timer = setTimeout(() => lookUntil(end), LOOK_MS);
	};
	const channel = new BroadcastChannel(CHANNEL);
	channel.onmessage = () => lookUntil(Date.now() + PATIENCE_MS);
	const look = () => document.visibilityState === 'visible' && lookUntil(0);
	document.addEventListener('visibilitychange', look);
	return () => {
		clearTimeout(timer);
		channel.close();
		document.removeEventListener('visibilitychange', look);
	};
}

const hasCookie = () =>
	document.cookie.split('; ').some((cookie) => isAuthCookie(cookie.split('=')[0] ?? ''));
