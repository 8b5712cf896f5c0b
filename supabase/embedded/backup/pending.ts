/** Which migrations of this version a database has not seen yet. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const DIRECTORY = fileURLToPath(new URL('../../migrations', import.meta.url));

export type MigrationState = {
	/** versions in the database, oldest first; empty for a new installation */
	applied: string[];
	/** versions to be applied */
	pending: string[];
	/** versions in the database that this tree does not have: it is older than the data */
	unknown: string[];
};

export async function pendingMigrations(
	dbUrl: string,
	directory: string = DIRECTORY
): Promise<MigrationState> {
	const files = readdirSync(directory)
		.map((name) => /^(\d+)_.*\.sql$/.exec(name)?.[1])
		.filter((version) => version !== undefined)
		.sort();
	const applied = await appliedVersions(dbUrl);
	return {
		applied,
		pending: files.filter((version) => !applied.includes(version)),
		unknown: applied.filter((version) => !files.includes(version))
	};
}

async function appliedVersions(dbUrl: string): Promise<string[]> {
	const client = new pg.Client({ connectionString: dbUrl });
	await client.connect();
	try {
		const { rows } = await client.query<{ version: string }>(
			'select version from supabase_migrations.schema_migrations order by version'
		);
		return rows.map(({ version }) => version);
	} catch (error) {
		if ((error as { code?: string }).code === '42P01') return [];
		throw error;
	} finally {
		await client.end();
	}
}
