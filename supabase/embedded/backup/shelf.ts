/** The directory with an installation's backups. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BackupError } from './manifest.ts';

/** Names are times to the millisecond, so that their order is their age. */
const NAME = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-(\d{3})$/;
const UNFINISHED = /^\.making-(\d+)-/;

/** The backups in a directory, oldest first. */
export async function listBackups(directory: string): Promise<string[]> {
	const names = await readdir(directory).catch(() => [] as string[]);
	return names.filter((name) => NAME.test(name)).sort();
}

/** A name later than every other, even when the clock was set back. */
export async function nextName(directory: string): Promise<string> {
	const newest = NAME.exec((await listBackups(directory)).at(-1) ?? '');
	const [year = 0, month = 1, ...rest] = (newest ?? []).slice(1).map(Number);
	const last = newest ? Date.UTC(year, month - 1, ...rest) : 0;
	const [day = '', time = ''] = new Date(Math.max(Date.now(), last + 1)).toISOString().split('T');
	return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${time.slice(9, 12)}`;
}

/** Removes all but the newest. @returns the removed names */
export async function forgetOld(directory: string, keep: number): Promise<string[]> {
	if (keep <= 0) return [];
	const surplus = (await listBackups(directory)).slice(0, -keep);
	for (const name of surplus) await rm(join(directory, name), { recursive: true, force: true });
	return surplus;
}

/** Removes what a killed backup left. */
export async function removeUnfinished(directory: string): Promise<void> {
	for (const name of await readdir(directory)) {
		const pid = Number(UNFINISHED.exec(name)?.[1] ?? 0);
		if (pid && !isAlive(pid)) await rm(join(directory, name), { recursive: true, force: true });
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** The path of a backup a person named: a path, a name, or `latest`. */
export async function findBackup(directory: string, wanted: string): Promise<string> {
	const names = await listBackups(directory);
	const latest = names.at(-1);
	if (wanted === 'latest') {
		if (!latest) throw new BackupError(`There is no backup in ${directory}.`);
		return join(directory, latest);
	}
	if (names.includes(wanted)) return join(directory, wanted);
	const isBackup = await readFile(join(wanted, 'manifest.json')).then(
		() => true,
		() => false
	);
	if (isBackup) return wanted;
	const known = names.length > 0 ? ` There are: ${names.join(', ')}.` : '';
	throw new BackupError(`There is no backup ${basename(wanted)}.${known}`);
}
