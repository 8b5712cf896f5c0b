/** Where an installation's backups are, and how one is taken. */
import { join } from 'node:path';
import { createBackup, type Backup } from '../supabase/embedded/backup/backup.ts';
import { pendingMigrations } from '../supabase/embedded/backup/pending.ts';
import { loadSecrets } from '../supabase/embedded/secrets.ts';

/** Two weeks of daily backups. */
export const KEPT_BACKUPS = 14;

export const backupsOf = (home: string) => join(home, 'backups');

export async function backUp(
	home: string,
	dbUrl: string,
	reason: string,
	keep: number = KEPT_BACKUPS
): Promise<Backup> {
	return createBackup({
		dbUrl,
		directory: backupsOf(home),
		storage: join(home, 'storage'),
		secret: (await loadSecrets(home)).jwtSecret,
		reason,
		keep
	});
}

/** `12 tables, 3,400 rows, 5 files` */
export function describeBackup({ manifest }: Pick<Backup, 'manifest'>): string {
	const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
	const count = (n: number) => n.toLocaleString('en');
	return `${count(manifest.tables.length)} tables, ${count(rows)} rows, ${count(manifest.objects.length)} files`;
}

/**
 * Whether starting this version will change data that is worth a backup.
 * @param migrations directory with this version's migrations, when it is not the tree's
 * @returns the newest pending migration, or null when nothing is pending or the installation is new
 * @throws Error when the data was last used by a newer version
 */
export async function upgradeAhead(dbUrl: string, migrations?: string): Promise<string | null> {
	const { applied, pending, unknown } = await pendingMigrations(dbUrl, migrations);
	if (unknown.length > 0) {
		throw new Error(
			`The data was last used by a newer Verstak (migration ${unknown.at(-1)}). Update this one.`
		);
	}
	return applied.length > 0 ? (pending.at(-1) ?? null) : null;
}
