/**
 * Taking a backup while the stack runs: one repeatable-read snapshot of all data as COPY text, the
 * stored files, and a manifest with checksums. It appears under its name only when it is whole.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import {
	BackupError,
	FORMAT,
	Migrations,
	SCHEMAS,
	sealOf,
	tableFile,
	type Manifest,
	type TableEntry
} from './manifest.ts';
import { settleObjects, stageObjects, type ObjectEntry } from './objects.ts';
import { forgetOld, nextName, removeUnfinished } from './shelf.ts';
import { copyOut, listTables, STABLE_TEXT } from './tables.ts';

export type BackupOptions = {
	/** the schema owner's database URL */
	dbUrl: string;
	/** where backups are kept, `<home>/backups` */
	directory: string;
	/** `<home>/storage` */
	storage: string;
	/** the installation's JWT secret, which the seal is derived from */
	secret: string;
	/** why it was made, for the person who looks for it later */
	reason: string;
	/** how many of the newest stay; older ones are removed. 0 keeps all */
	keep?: number;
};

export type Backup = { path: string; manifest: Manifest; removed: string[] };

const ATTEMPTS = 5;

/** @throws BackupError with a sentence; nothing half-made is left then */
export async function createBackup(options: BackupOptions): Promise<Backup> {
	const draft = join(options.directory, `.making-${process.pid}-${randomBytes(4).toString('hex')}`);
	try {
		await mkdir(options.directory, { recursive: true, mode: 0o700 });
		await removeUnfinished(options.directory);
		await mkdir(draft, { mode: 0o700 });
		const manifest = await fill(draft, options);
		const path = await publish(draft, options.directory);
		return { path, manifest, removed: await forgetOld(options.directory, options.keep ?? 0) };
	} catch (error) {
		await rm(draft, { recursive: true, force: true }).catch(() => {});
		throw asBackupError(error);
	}
}

async function fill(draft: string, options: BackupOptions): Promise<Manifest> {
	const objects = join(draft, 'objects');
	for (let attempt = 1; ; attempt++) {
		await stageObjects(options.storage, objects);
		const client = new pg.Client({ connectionString: options.dbUrl });
		// a connection that breaks is told by the query it breaks
		client.on('error', () => {});
		await client.connect();
		try {
			await client.query(`begin isolation level repeatable read read only; ${STABLE_TEXT}`);
			const versions = await objectVersions(client);
			const entries = await settleObjects(options.storage, objects, versions);
			const manifest = entries && (await writeData(client, draft, options, entries));
			await client.end();
			if (manifest) return manifest;
		} catch (error) {
			// in the middle of a COPY a polite goodbye would wait for the table's end
			(client as unknown as Inside).connection.stream.destroy();
			throw error;
		}
		if (attempt === ATTEMPTS) throw new BackupError('Files change too fast to be backed up.');
	}
}

type Inside = { connection: { stream: { destroy(): void } } };

async function objectVersions(client: pg.Client): Promise<string[]> {
	const { rows } = await client.query<{ version: string }>(
		'select version from storage.objects where version is not null order by 1'
	);
	return rows.map(({ version }) => version);
}

async function writeData(
	client: pg.Client,
	draft: string,
	options: BackupOptions,
	objects: ObjectEntry[]
): Promise<Manifest> {
	const tables: TableEntry[] = [];
	for (const table of await listTables(client)) {
		const file = tableFile(table);
		const output = createWriteStream(join(draft, file), { mode: 0o600, flush: true });
		const counted = await copyOut(client, table, createGzip(), output);
		const { schema, name, columns } = table;
		tables.push({ schema, name, columns, ...counted, file });
	}
	const migrations = await appliedMigrations(client);
	const migrationsText = JSON.stringify(migrations);
	await writeDurably(join(draft, 'migrations.json'), migrationsText);
	const { rows: server } = await client.query<{ server_version: string }>('show server_version');
	const manifest: Manifest = {
		format: FORMAT,
		madeAt: new Date().toISOString(),
		reason: options.reason,
		postgres: server[0]?.server_version ?? '',
		schemaVersion: migrations.at(-1)?.version ?? null,
		migrationsSha256: createHash('sha256').update(migrationsText).digest('hex'),
		tables,
		sequences: await sequences(client),
		objects
	};
	const bytes = Buffer.from(JSON.stringify(manifest, null, '\t'));
	await writeDurably(join(draft, 'manifest.json'), bytes);
	await writeDurably(join(draft, 'seal'), sealOf(bytes, options.secret));
	return manifest;
}

/** The migrations as they were applied, so that a restore rebuilds this schema and no other. */
async function appliedMigrations(client: pg.Client): Promise<Migrations> {
	const { rows } = await client.query(
		'select version, name, statements from supabase_migrations.schema_migrations order by version'
	);
	return Migrations.parse(rows);
}

async function sequences(client: pg.Client): Promise<Manifest['sequences']> {
	const { rows } = await client.query<{ schema: string; name: string; target: string }>(
		`select schemaname as schema, sequencename as name, format('%I.%I', schemaname, sequencename) as target
		from pg_sequences where schemaname = any ($1) order by 1, 2`,
		[SCHEMAS]
	);
	const found: Manifest['sequences'] = [];
	for (const { schema, name, target } of rows) {
		const state = await client.query<{ last: string; called: boolean }>(
			`select last_value::text as last, is_called as called from ${target}`
		);
		const [row] = state.rows;
		if (row) found.push({ schema, name, ...row });
	}
	return found;
}

async function writeDurably(path: string, content: string | Buffer): Promise<void> {
	await writeFile(path, content, { mode: 0o600, flush: true });
}

/** The rename is the moment the backup exists. */
async function publish(draft: string, directory: string): Promise<string> {
	const path = join(directory, await nextName(directory));
	await rename(draft, path);
	const handle = await open(directory, 'r');
	await handle.sync().finally(() => handle.close());
	return path;
}

function asBackupError(error: unknown): BackupError {
	if (error instanceof BackupError) return error;
	const { code, message } = error as NodeJS.ErrnoException;
	if (code === 'ENOSPC' || code === 'EDQUOT') {
		return new BackupError('The backup was not made: no space is left on its disk.', {
			cause: error
		});
	}
	return new BackupError(`The backup was not made: ${message}`, { cause: error });
}
