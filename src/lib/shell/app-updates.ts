/**
 * Registers the service worker and says when a newer version waits. It takes over only when the
 * person agrees: a page must not be changed under somebody's hands.
 */

/** @returns the undo */
export function watchUpdates(language: string, onReady: (use: () => void) => void): () => void {
	if (!('serviceWorker' in navigator)) return () => {};
	const { serviceWorker } = navigator;
	const stop = new AbortController();
	const { signal } = stop;
	let agreed = false;
	serviceWorker.addEventListener('controllerchange', () => agreed && location.reload(), { signal });
	const offer = (waiting: ServiceWorker) => {
		const use = () => waiting.postMessage('skip_waiting');
		// the same worker in another language needs nobody's leave
		if (languageOf(waiting) !== languageOf(serviceWorker.controller)) return use();
		onReady(() => {
			agreed = true;
			use();
		});
	};
	void register(language).then((registration) => {
		if (!registration || signal.aborted) return;
		if (registration.waiting && serviceWorker.controller) offer(registration.waiting);
		registration.addEventListener('updatefound', () => follow(registration, offer), { signal });
	});
	return () => stop.abort();
}

function follow(registration: ServiceWorkerRegistration, offer: (waiting: ServiceWorker) => void) {
	const { installing } = registration;
	installing?.addEventListener('statechange', () => {
		// without a controller it is the first one, and nothing is old
		if (installing.state === 'installed' && navigator.serviceWorker.controller) offer(installing);
	});
}

const languageOf = (worker: ServiceWorker | null) =>
	worker && new URL(worker.scriptURL).searchParams.get('language');

/** The worker speaks the language of the page that registered it last. */
async function register(language: string): Promise<ServiceWorkerRegistration | null> {
	const type = import.meta.env.DEV ? 'module' : 'classic';
	const script = `/service-worker.js?language=${language}`;
	// a private window may forbid it; the app works without
	return navigator.serviceWorker.register(script, { type }).catch(() => null);
}
