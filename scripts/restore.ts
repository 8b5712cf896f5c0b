/**
 * `npm run restore -- <name | path | latest> [--yes] [--trust]`: rebuilds the installation from a
 * backup. The data is restored and proved beside the present installation, which is replaced only
 * then and kept as `…previous`. `--trust` takes a backup that another installation made.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { findBackup } from '../supabase/embedded/backup/shelf.ts';
import { checkBackup, type CheckedBackup } from '../supabase/embedded/backup/check.ts';
import { pendingMigrations } from '../supabase/embedded/backup/pending.ts';
import {
	discardFreshHome,
	finishReplacement,
	prepareFreshHome,
	replaceHome
} from '../supabase/embedded/backup/replace.ts';
import { restoreBackup } from '../supabase/embedded/backup/restore.ts';
import { freePort } from '../supabase/embedded/free-port.ts';
import { loadSecrets } from '../supabase/embedded/secrets.ts';
import { start } from '../supabase/embedded/start.ts';
import { backupsOf, describeBackup } from './backing-up.ts';
import { findRunning } from './running.ts';
import { readSettings } from './settings.ts';
import { reportFailure, step } from './steps.ts';
import { applyMigrations } from './supabase-cli.ts';

const UNCHANGED = 'Nothing was changed.';

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { yes: { type: 'boolean' }, trust: { type: 'boolean' } }
	});
	const [wanted] = positionals;
	if (!wanted)
		throw new Error('Usage: npm run restore -- <name | path | latest> [--yes] [--trust]');
	const { home } = readSettings();
	const running = findRunning(home);
	if (running) {
		throw new Error(`Verstak is running (process ${running.pid}). Stop it with Ctrl-C first.`);
	}
	finishReplacement(home);
	const directory = resolve(await findBackup(backupsOf(home), wanted));
	const backup = await step('Backup is whole', UNCHANGED, async () =>
		checkBackup(directory, values.trust ? null : await sealSecret(home))
	);
	console.log(`  ${directory}: ${backup.manifest.madeAt}, ${describeBackup(backup)}`);
	if (!values.yes && !(await confirmed(home))) {
		console.log(UNCHANGED);
		process.exitCode = 1;
		return;
	}
	await restoreBeside(home, backup);
	await step('Replacing the installation', 'The next start finishes this.', async () =>
		replaceHome(home)
	);
	console.log('\nRestored. What was there before is kept as …previous until the next restore.');
}

async function sealSecret(home: string): Promise<string> {
	if (!existsSync(join(home, 'secrets.json'))) {
		throw new Error(
			`${home} holds no installation to compare the seal with. If you trust the backup, add --trust.`
		);
	}
	return (await loadSecrets(home)).jwtSecret;
}

async function confirmed(home: string): Promise<boolean> {
	if (!existsSync(join(home, 'secrets.json'))) return true;
	if (!process.stdin.isTTY) {
		console.error('Nobody can be asked here. Repeat with --yes.');
		return false;
	}
	const questions = createInterface({ input: process.stdin, output: process.stdout });
	const answer = await questions.question(
		`This replaces everything in ${home} by the backup.\nType "restore" to go on: `
	);
	questions.close();
	return answer.trim() === 'restore';
}

/** Restores, proves and upgrades in a home of its own; thrown away when anything does not fit. */
async function restoreBeside(home: string, backup: CheckedBackup): Promise<void> {
	const fresh = prepareFreshHome(home);
	try {
		const stack = await step('Fresh database', UNCHANGED, async () =>
			start({ home: fresh, ports: { api: await freePort(), db: await freePort() } })
		);
		try {
			const report = await step('Data restored and verified', UNCHANGED, () =>
				restoreBackup(backup, {
					adminUrl: stack.urls.admin,
					ownerUrl: stack.dbUrl,
					storage: join(fresh, 'storage')
				})
			);
			console.log(
				`  ${report.tables} tables, ${report.rows} rows, ${report.foreignKeys} foreign keys, ` +
					`${report.sequences} next ids, ${report.objects} files`
			);
			const { unknown } = await pendingMigrations(stack.dbUrl);
			if (unknown.length > 0) {
				throw new Error('The backup was made by a newer Verstak. Update first. ' + UNCHANGED);
			}
			await step('Migrations since the backup', UNCHANGED, () => applyMigrations(stack.dbUrl));
		} finally {
			await stack.stop();
		}
	} catch (error) {
		discardFreshHome(home);
		throw error;
	}
}

main().catch(reportFailure);
