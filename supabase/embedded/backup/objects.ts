/** Stored files in a backup. They never change once written, so a hard link is a copy. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export const objectPath = (storage: string, version: string) =>
	join(storage, 'objects', version.slice(0, 2), version);

export async function hashFile(path: string): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(path), hash);
	return hash.digest('hex');
}

/** Links, or copies where a link cannot be (another disk); false when the file is gone. */
async function take(from: string, to: string): Promise<boolean> {
	try {
		await link(from, to);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'EEXIST') return true;
		if (code === 'ENOENT') return false;
		await copyFile(from, to);
	}
	return true;
}

/** Takes every file there is now, so that none can be replaced between snapshot and copy. */
export async function stageObjects(storage: string, target: string): Promise<void> {
	await mkdir(target, { recursive: true, mode: 0o700 });
	const shelves = await readdir(join(storage, 'objects')).catch(() => [] as string[]);
	for (const shelf of shelves) {
		for (const version of await readdir(join(storage, 'objects', shelf))) {
			await take(objectPath(storage, version), join(target, version));
		}
	}
}

export type ObjectEntry = { version: string; size: number; sha256: string };

/**
 * Makes the staged files exactly those of a snapshot.
 * @returns null when one was written and replaced since: take a new snapshot
 */
export async function settleObjects(
	storage: string,
	target: string,
	versions: string[]
): Promise<ObjectEntry[] | null> {
	for (const version of versions) {
		if (!(await take(objectPath(storage, version), join(target, version)))) {
			const staged = await stat(join(target, version)).catch(() => null);
			if (!staged) return null;
		}
	}
	const wanted = new Set(versions);
	for (const version of await readdir(target)) {
		if (!wanted.has(version)) await rm(join(target, version));
	}
	const entries: ObjectEntry[] = [];
	for (const version of versions) {
		const path = join(target, version);
		entries.push({ version, size: (await stat(path)).size, sha256: await hashFile(path) });
	}
	return entries;
}

/** Puts a backup's files into a storage directory; the hashes were checked before. */
export async function restoreObjects(
	source: string,
	storage: string,
	entries: ObjectEntry[]
): Promise<void> {
	for (const { version } of entries) {
		const to = objectPath(storage, version);
		await mkdir(join(to, '..'), { recursive: true, mode: 0o700 });
		await copyFile(join(source, version), to);
	}
}
