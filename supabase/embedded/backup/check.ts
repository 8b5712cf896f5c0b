/** Checking a backup before anything is done with it: every table and file against its checksum. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import {
	BackupError,
	Migrations,
	readManifest,
	tableName,
	type Manifest,
	type TableEntry
} from './manifest.ts';
import { hashFile } from './objects.ts';
import { Tally } from './tables.ts';

export type CheckedBackup = { directory: string; manifest: Manifest; migrations: Migrations };

/**
 * @param secret the installation's JWT secret; null trusts a backup of another installation
 * @throws BackupError that names the table or file
 */
export async function checkBackup(
	directory: string,
	secret: string | null
): Promise<CheckedBackup> {
	const manifest = await readManifest(directory, secret);
	const name = basename(directory);
	const text = await readFile(join(directory, 'migrations.json')).catch(() => Buffer.alloc(0));
	if (createHash('sha256').update(text).digest('hex') !== manifest.migrationsSha256) {
		throw new BackupError(`Backup ${name} is damaged: its migrations do not fit their checksum.`);
	}
	for (const table of manifest.tables) {
		if (!(await isWhole(directory, table))) {
			throw new BackupError(
				`Backup ${name} is damaged: table ${tableName(table)} does not fit its checksum.`
			);
		}
	}
	for (const { version, size, sha256 } of manifest.objects) {
		const path = join(directory, 'objects', version);
		const found = await stat(path).catch(() => null);
		if (found?.size !== size || (await hashFile(path)) !== sha256) {
			throw new BackupError(
				`Backup ${name} is damaged: stored file ${version} (table storage.objects) does not fit its checksum.`
			);
		}
	}
	return { directory, manifest, migrations: Migrations.parse(JSON.parse(text.toString())) };
}

async function isWhole(directory: string, table: TableEntry): Promise<boolean> {
	const tally = new Tally();
	const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
	try {
		const source = createReadStream(join(directory, table.file));
		await pipeline(source, createGunzip(), tally, nowhere);
	} catch {
		return false;
	}
	const { rows, sha256 } = tally.result();
	return rows === table.rows && sha256 === table.sha256;
}
