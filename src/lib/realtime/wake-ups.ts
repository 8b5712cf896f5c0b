/**
 * Tells when the page may have missed messages although nobody reported an error: a tab shown
 * again after a while, a page taken from the back-forward cache, the network coming back, and a
 * machine that slept with the page in front (a clock that jumped).
 */

/** A tab hidden for less than this keeps its socket busy enough to be trusted. */
const HIDDEN_MS = 5000;
const TICK_MS = 2000;

/** Calls `onWake` after each of those; returns the undo. */
export function watchWakeUps(onWake: () => void): () => void {
	const stop = new AbortController();
	const { signal } = stop;
	let hiddenAt: number | null = document.visibilityState === 'hidden' ? Date.now() : null;
	document.addEventListener(
		'visibilitychange',
		() => {
			if (document.visibilityState === 'hidden') hiddenAt = Date.now();
			else {
				if (hiddenAt !== null && Date.now() - hiddenAt > HIDDEN_MS) onWake();
				hiddenAt = null;
			}
		},
		{ signal }
	);
	window.addEventListener('online', () => onWake(), { signal });
	window.addEventListener('pageshow', (event) => event.persisted && onWake(), { signal });
	let ticked = Date.now();
	const clock = setInterval(() => {
		const late = Date.now() - ticked - TICK_MS;
		ticked = Date.now();
		// timers of a hidden tab are throttled; its wake-up is told by visibilitychange
		if (late > HIDDEN_MS && hiddenAt === null) onWake();
	}, TICK_MS);
	signal.addEventListener('abort', () => clearInterval(clock));
	return () => stop.abort();
}
