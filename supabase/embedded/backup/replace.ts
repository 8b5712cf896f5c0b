/**
 * Putting a restored installation in the place of the present one. The plan is written down first, so
 * that a start after a crash in the middle finishes it; what was there before is kept until the next
 * restore.
 */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { postgresAccount, reachablePlaces } from '../postgres/account.ts';
import { nativeDirectory } from '../postgres/server.ts';

/** Names in a home that belong to restoring. */
export const RESTORE_NAMES = ['.restoring', 'restored.json', 'storage.previous'];

const freshHome = (home: string) => join(home, '.restoring');
const plan = (home: string) => join(home, 'restored.json');
const clusterOf = (home: string) =>
	reachablePlaces(home, nativeDirectory(), postgresAccount()).clusterDir;

/** An empty home for the restore, with this installation's secrets when it has any. */
export function prepareFreshHome(home: string): string {
	const fresh = freshHome(home);
	discardFreshHome(home);
	mkdirSync(fresh, { recursive: true, mode: 0o755 });
	const secrets = join(home, 'secrets.json');
	if (existsSync(secrets)) cpSync(secrets, join(fresh, 'secrets.json'));
	return fresh;
}

/** Throws an unused restore away. */
export function discardFreshHome(home: string): void {
	const fresh = freshHome(home);
	if (!existsSync(fresh)) return;
	const cluster = clusterOf(fresh);
	rmSync(fresh, { recursive: true, force: true });
	// for root's private home the cluster is elsewhere
	if (!cluster.startsWith(fresh)) rmSync(dirname(cluster), { recursive: true, force: true });
}

/** Both stacks must be stopped. */
export function replaceHome(home: string): void {
	rmSync(join(clusterOf(home), 'data.previous'), { recursive: true, force: true });
	rmSync(join(home, 'storage.previous'), { recursive: true, force: true });
	writeFileSync(plan(home), JSON.stringify({ at: new Date().toISOString() }), {
		mode: 0o600,
		flush: true
	});
	finishReplacement(home);
}

/**
 * Does what is left of a replacement; nothing when there is none. To be called before every start.
 * @returns whether there was something to finish
 */
export function finishReplacement(home: string): boolean {
	if (!existsSync(plan(home))) return false;
	const fresh = freshHome(home);
	if (existsSync(fresh)) {
		exchange(join(clusterOf(fresh), 'data'), join(clusterOf(home), 'data'));
		exchange(join(fresh, 'storage'), join(home, 'storage'));
		const secrets = join(fresh, 'secrets.json');
		if (existsSync(secrets)) renameSync(secrets, join(home, 'secrets.json'));
		discardFreshHome(home);
	}
	rmSync(plan(home), { force: true });
	return true;
}

/** Each half is skipped when it was done before. */
function exchange(fresh: string, present: string): void {
	if (!existsSync(fresh)) return;
	if (existsSync(present)) renameSync(present, `${present}.previous`);
	renameSync(fresh, present);
}
