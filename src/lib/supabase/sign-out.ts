/**
 * Signing out is a form post, so the other tabs of the same person do not hear of it from
 * supabase-js. They are told here, and a tab that is shown again looks for the session itself.
 */
import { isAuthCookie } from './cookie.ts';

const CHANNEL = 'verstak-sign-out';

/** Tells the other tabs of this browser that the session ends. */
export function announceSignOut(): void {
	const channel = new BroadcastChannel(CHANNEL);
	channel.postMessage('signed_out');
	channel.close();
}

/** Calls `onSignOut` once the session has ended in another tab; returns the undo. Browser only. */
export function watchSignOut(onSignOut: () => void): () => void {
	const channel = new BroadcastChannel(CHANNEL);
	channel.onmessage = () => onSignOut();
	const look = () => {
		const names = document.cookie.split('; ').map((cookie) => cookie.split('=')[0] ?? '');
		if (document.visibilityState === 'visible' && !names.some(isAuthCookie)) onSignOut();
	};
	document.addEventListener('visibilitychange', look);
	return () => {
		channel.close();
		document.removeEventListener('visibilitychange', look);
	};
}
