/** Keeps the screen of a wall lit while its page is shown; returns the undo. */
export function keepAwake(): () => void {
	let lock: WakeLockSentinel | null = null;
	let stopped = false;
	const ask = async () => {
		// the lock is lost whenever the page is hidden
		if (stopped || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
		try {
			const held = await navigator.wakeLock.request('screen');
			if (stopped) await held.release();
			else lock = held;
		} catch {
			// the machine saves its battery: the wall works all the same
		}
	};
	const again = () => void ask();
	document.addEventListener('visibilitychange', again);
	again();
	return () => {
		stopped = true;
		document.removeEventListener('visibilitychange', again);
		void lock?.release();
	};
}
