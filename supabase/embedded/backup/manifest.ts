/**
 * What a backup holds: a directory with `manifest.json`, its `seal`, `migrations.json`, a gzipped
 * COPY text file for each table and the stored files under `objects/`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';

export const FORMAT = 1;

/** What is data; `realtime` holds messages of the last days, which nobody misses after a restore. */
export const SCHEMAS = ['auth', 'public', 'private', 'storage'];

const Table = z.object({
	schema: z.string(),
	name: z.string(),
	/** quoted, in order; generated columns are computed again */
	columns: z.array(z.string()),
	rows: z.number(),
	/** of the COPY text before compression, rows ordered by primary key */
	sha256: z.string(),
	file: z.string()
});
export type TableEntry = z.infer<typeof Table>;

export const Manifest = z.object({
	format: z.literal(FORMAT),
	madeAt: z.string(),
	reason: z.string(),
	postgres: z.string(),
	/** version of the newest migration */
	schemaVersion: z.string().nullable(),
	migrationsSha256: z.string(),
	tables: z.array(Table),
	sequences: z.array(
		z.object({ schema: z.string(), name: z.string(), last: z.string(), called: z.boolean() })
	),
	/** stored files by their version */
	objects: z.array(z.object({ version: z.uuid(), size: z.number(), sha256: z.string() }))
});
export type Manifest = z.infer<typeof Manifest>;

export const Migrations = z.array(
	z.object({
		version: z.string(),
		name: z.string().nullable(),
		statements: z.array(z.string()).nullable()
	})
);
export type Migrations = z.infer<typeof Migrations>;

/** A backup that must not be used, with a sentence for a person. */
export class BackupError extends Error {}

/** A keyed checksum of the manifest: who changes a backup cannot make it fit again. */
export function sealOf(manifest: Buffer, secret: string): string {
	const key = createHmac('sha256', secret).update('backup seal').digest();
	return createHmac('sha256', key).update(manifest).digest('hex');
}

export const tableFile = ({ schema, name }: Pick<TableEntry, 'schema' | 'name'>) =>
	`${encodeURIComponent(schema)}.${encodeURIComponent(name)}.copy.gz`;

export const tableName = ({ schema, name }: Pick<TableEntry, 'schema' | 'name'>) =>
	`${schema}.${name}`;

/**
 * Reads and checks the manifest.
 * @param secret the installation's JWT secret; null trusts a backup of another installation
 */
export async function readManifest(directory: string, secret: string | null): Promise<Manifest> {
	const name = basename(directory);
	const bytes = await readFile(join(directory, 'manifest.json')).catch(() => {
		throw new BackupError(`${directory} is no backup: it has no manifest.json.`);
	});
	if (secret !== null) await checkSeal(directory, bytes, secret);
	let content: unknown;
	try {
		content = JSON.parse(bytes.toString());
	} catch {
		throw new BackupError(`Backup ${name} is damaged: its manifest cannot be read.`);
	}
	const { format } = content as { format?: unknown };
	if (typeof format === 'number' && format > FORMAT) {
		throw new BackupError(`Backup ${name} was made by a newer Verstak. Update first.`);
	}
	const parsed = Manifest.safeParse(content);
	if (!parsed.success) {
		throw new BackupError(`Backup ${name} is damaged: its manifest is incomplete.`);
	}
	for (const table of parsed.data.tables) {
		if (table.file !== tableFile(table)) {
			throw new BackupError(`Backup ${name} is damaged: ${tableName(table)} names a foreign file.`);
		}
	}
	return parsed.data;
}

async function checkSeal(directory: string, manifest: Buffer, secret: string): Promise<void> {
	const stored = await readFile(join(directory, 'seal'), 'utf8').catch(() => '');
	const expected = Buffer.from(sealOf(manifest, secret));
	const found = Buffer.from(stored.trim());
	if (found.length === expected.length && timingSafeEqual(found, expected)) return;
	throw new BackupError(
		`Backup ${basename(directory)} does not carry this installation's seal: it was changed after it ` +
			'was made, or another installation made it. If you trust it, repeat with --trust.'
	);
}
