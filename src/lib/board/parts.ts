/**
 * The parts of the board that are not needed for its first paint. Each is fetched when it is first
 * asked for; `fetchParts` fetches them all once there is time, so that a board that loses its
 * network still has its menus.
 */
export const parts = {
	assignMenu: () => import('./AssignMenu.svelte'),
	proposal: () => import('./BoardProposal.svelte'),
	moveMenu: () => import('./MoveMenu.svelte'),
	reasonDialog: () => import('./ReasonDialog.svelte'),
	bulkBar: () => import('./BulkBar.svelte'),
	filters: () => import('./Filters.svelte'),
	views: () => import('./Views.svelte'),
	lanes: () => import('./Lanes.svelte'),
	sentences: () => import('$lib/errors/error-sentence.ts')
};

/** Resolves when all parts are here, or could not be fetched. */
export async function fetchParts(): Promise<void> {
	await new Promise<void>((resolve) => {
		if (typeof requestIdleCallback === 'function') {
			requestIdleCallback(() => resolve(), { timeout: 3000 });
		} else setTimeout(resolve, 1000);
	});
	await Promise.allSettled(Object.values(parts).map((fetch) => fetch()));
}
