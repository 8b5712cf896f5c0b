/**
 * Restoring a checked backup into a fresh database: the schema as it was, the data, and then the
 * proof that both are what the manifest says.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CheckedBackup } from './check.ts';
import { BackupError, tableName, type Manifest, type Migrations } from './manifest.ts';
import { objectPath, restoreObjects } from './objects.ts';
import { listTables, STABLE_TEXT, type TableShape } from './tables.ts';
import { verifyForeignKeys, verifyNextIds, verifyTables } from './verify.ts';

export type RestoreTarget = {
	/** superuser's URL of a database without migrations */
	adminUrl: string;
	/** the schema owner's */
	ownerUrl: string;
	/** storage directory the files go to */
	storage: string;
};

/** What was proved. */
export type RestoreReport = {
	tables: number;
	rows: number;
	foreignKeys: number;
	sequences: number;
	objects: number;
};

/** @throws BackupError naming what does not fit; the target is then to be thrown away */
export async function restoreBackup(
	backup: CheckedBackup,
	target: RestoreTarget
): Promise<RestoreReport> {
	await withClient(target.ownerUrl, (owner) => rebuildSchema(owner, backup.migrations));
	return withClient(target.adminUrl, async (admin) => {
		await loadData(admin, backup);
		await restoreObjects(
			join(backup.directory, 'objects'),
			target.storage,
			backup.manifest.objects
		);
		return verify(admin, backup.manifest, target.storage);
	});
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
	const client = new pg.Client({ connectionString: url });
	client.on('error', () => {});
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end().catch(() => {});
	}
}

/** The recorded statements, each migration in a transaction, as the CLI applied them. */
async function rebuildSchema(owner: pg.Client, migrations: Migrations): Promise<void> {
	const { rows } = await owner.query('select from supabase_migrations.schema_migrations limit 1');
	if (rows.length > 0) throw new BackupError('A backup is restored into a fresh database only.');
	for (const { version, name, statements } of migrations) {
		try {
			await owner.query('begin');
			for (const statement of statements ?? []) await owner.query(statement);
			await owner.query('reset all');
			await owner.query(
				`insert into supabase_migrations.schema_migrations (version, name, statements)
				values ($1, $2, $3)`,
				[version, name, statements]
			);
			await owner.query('commit');
		} catch (error) {
			throw new BackupError(
				`Migration ${version} of the backup cannot be applied: ${(error as Error).message}`,
				{ cause: error }
			);
		}
	}
}

/** One transaction without triggers and foreign keys; both are true of the data already. */
async function loadData(admin: pg.Client, { directory, manifest }: CheckedBackup): Promise<void> {
	await admin.query(`begin; ${STABLE_TEXT}; set local session_replication_role = 'replica'`);
	const known = new Map((await listTables(admin)).map((table) => [tableName(table), table]));
	// what migrations and the start filled in is part of the backup, too
	const emptied = [...known.values()].map(({ target }) => target);
	// in a fresh database; cascade, because tables outside the backup may refer to these
	if (emptied.length > 0) await admin.query(`truncate ${emptied.join(', ')} cascade`);
	for (const entry of manifest.tables) {
		const table = known.get(tableName(entry));
		if (!table) throw new BackupError(`Table ${tableName(entry)} exists in the backup only.`);
		const query = `copy ${table.target} (${entry.columns.join(', ')}) from stdin`;
		const source = createReadStream(join(directory, entry.file));
		try {
			await pipeline(source, createGunzip(), admin.query(copyFrom(query)));
		} catch (error) {
			throw new BackupError(
				`Table ${tableName(entry)} cannot be restored: ${(error as Error).message}`,
				{ cause: error }
			);
		}
	}
	for (const { schema, name, last, called } of manifest.sequences) {
		await admin.query("select setval(format('%I.%I', $1::text, $2::text), $3, $4)", [
			schema,
			name,
			last,
			called
		]);
	}
	await admin.query('commit');
}

async function verify(
	admin: pg.Client,
	manifest: Manifest,
	storage: string
): Promise<RestoreReport> {
	await admin.query(`begin isolation level repeatable read; ${STABLE_TEXT}`);
	const shapes = new Map<string, TableShape>(
		(await listTables(admin)).map((table) => [tableName(table), table])
	);
	await verifyTables(admin, manifest.tables, shapes);
	const sequences = await verifyNextIds(admin);
	await admin.query('rollback');
	const foreignKeys = await verifyForeignKeys(admin);
	for (const { version, size } of manifest.objects) {
		const found = await stat(objectPath(storage, version)).catch(() => null);
		if (found?.size !== size) throw new BackupError(`Stored file ${version} was not restored.`);
	}
	return {
		tables: manifest.tables.length,
		rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
		foreignKeys,
		sequences,
		objects: manifest.objects.length
	};
}
