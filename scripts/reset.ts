/** `npm run reset [-- --yes]`: asks, then removes the installation so that the next start begins anew. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { RESTORE_NAMES } from '../supabase/embedded/backup/replace.ts';
import { findRunning } from './running.ts';
import { readSettings } from './settings.ts';

const { home } = readSettings();

/** What start makes in a home; a directory with anything else in it is not ours to delete. */
const OURS = new Set([
	'postgres',
	'logs',
	'secrets.json',
	'running.json',
	'storage',
	'mail',
	'functions',
	'backups',
	...RESTORE_NAMES
]);

async function confirmed(): Promise<boolean> {
	if (process.argv.includes('--yes')) return true;
	if (!process.stdin.isTTY) {
		console.error('Nobody can be asked here. Repeat with: npm run reset -- --yes');
		return false;
	}
	const questions = createInterface({ input: process.stdin, output: process.stdout });
	const answer = await questions.question(
		`This deletes every client, order, file and backup in ${home}.\nType "reset" to go on: `
	);
	questions.close();
	return answer.trim() === 'reset';
}

async function main(): Promise<number> {
	const running = findRunning(home);
	if (running) {
		console.error(`Verstak is running (process ${running.pid}). Stop it with Ctrl-C first.`);
		return 1;
	}
	if (!existsSync(home)) {
		console.log('There is nothing to reset.');
		return 0;
	}
	const foreign = readdirSync(home).filter((name) => !OURS.has(name));
	if (foreign.length > 0) {
		console.error(`${home} holds files that are not Verstak's (${foreign[0]}); not deleting it.`);
		return 1;
	}
	if (!(await confirmed())) {
		console.log('Nothing was changed.');
		return 1;
	}
	rmSync(home, { recursive: true, force: true });
	rmSync(join('/var/lib/verstak', createHash('sha256').update(home).digest('hex').slice(0, 16)), {
		recursive: true,
		force: true
	});
	console.log('Done. `npm start` begins with a new installation.');
	return 0;
}

process.exitCode = await main();
