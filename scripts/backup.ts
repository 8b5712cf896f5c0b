/**
 * `npm run backup [-- --keep 14]`: saves all data and files into `<home>/backups/<time>`, while the
 * stack runs or by itself. Older backups beyond the kept number are removed; 0 keeps all.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { finishReplacement } from '../supabase/embedded/backup/replace.ts';
import { freePort } from '../supabase/embedded/free-port.ts';
import { start } from '../supabase/embedded/start.ts';
import { backUp, describeBackup, KEPT_BACKUPS } from './backing-up.ts';
import { findRunning } from './running.ts';
import { readSettings } from './settings.ts';
import { reportFailure } from './steps.ts';

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { keep: { type: 'string' } } });
	const keep = values.keep === undefined ? KEPT_BACKUPS : Number(values.keep);
	if (!Number.isInteger(keep) || keep < 0) throw new Error('--keep takes a number, such as 14.');
	const { home } = readSettings();
	if (!existsSync(join(home, 'secrets.json'))) {
		throw new Error(`There is no installation in ${home} to back up.`);
	}
	const running = findRunning(home);
	const backup = running
		? await backUp(home, running.db, 'by hand', keep)
		: await backUpStopped(home, keep);
	console.log(`Backup made: ${backup.path} (${describeBackup(backup)})`);
	for (const name of backup.removed) console.log(`Removed the old backup ${name}`);
}

async function backUpStopped(home: string, keep: number) {
	finishReplacement(home);
	const stack = await start({ home, ports: { api: await freePort(), db: await freePort() } });
	try {
		return await backUp(home, stack.dbUrl, 'by hand', keep);
	} finally {
		await stack.stop();
	}
}

main().catch(reportFailure);
