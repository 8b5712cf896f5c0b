/**
 * Ready-made installations that tests copy instead of building: initialising and migrating takes
 * seconds, copying a cluster does not. Kept in the temporary directory under a hash of everything
 * that goes into them.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { applyMigrations } from '../../scripts/supabase-cli.ts';
import { loadDemo } from '../../supabase/demo/demo.ts';
import { start } from '../../supabase/embedded/start.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const INGREDIENTS = ['supabase', 'package-lock.json', 'tests/support/template.ts'];

export type TemplateName = 'empty' | 'demo';

/** Makes the templates unless they exist; called once before the tests run. */
export async function prepareTemplates(): Promise<void> {
	const root = templateRoot();
	if (existsSync(root)) return;
	const work = mkdtempSync(join(tmpdir(), 'verstak-making-'));
	try {
		await build(join(work, 'empty'), applyMigrations);
		copyDirectory(join(work, 'empty'), join(work, 'demo'));
		await build(join(work, 'demo'), loadDemo);
		removeOldTemplates();
		mkdirSync(join(root, '..'), { recursive: true });
		renameSync(work, root);
		// mkdtemp closes the directory to the account Postgres runs as
		execFileSync('chmod', ['755', root]);
	} catch (error) {
		rmSync(work, { recursive: true, force: true });
		// another run finished the same templates first
		if (!existsSync(root)) throw error;
	}
}

/** A private copy of a template as a new home. The caller removes it. */
export function copyTemplate(name: TemplateName): string {
	const home = join(mkdtempSync(join(tmpdir(), 'verstak-test-')), 'home');
	execFileSync('chmod', ['755', join(home, '..')]);
	copyDirectory(join(templateRoot(), name), home);
	return home;
}

export function removeHome(home: string): void {
	rmSync(join(home, '..'), { recursive: true, force: true });
}

async function build(home: string, fill: (dbUrl: string) => Promise<unknown>): Promise<void> {
	execFileSync('chmod', ['755', join(home, '..')]);
	const stack = await start({ home, ports: { api: await freePort(), db: await freePort() } });
	try {
		await fill(stack.dbUrl);
	} finally {
		await stack.stop();
	}
}

/** `cp -a` keeps owners and modes, which Postgres insists on, and clones blocks where it can. */
function copyDirectory(from: string, to: string): void {
	execFileSync('cp', ['-a', from, to]);
}

function templateRoot(): string {
	return join(tmpdir(), `verstak-template-${hashOfIngredients()}`);
}

function removeOldTemplates(): void {
	const anHourAgo = Date.now() - 3_600_000;
	for (const name of readdirSync(tmpdir())) {
		const path = join(tmpdir(), name);
		if (!/^verstak-(template|making|test)-/.test(name)) continue;
		// another run may be removing it, too
		const age = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
		if (age < anHourAgo) rmSync(path, { recursive: true, force: true });
	}
}

let knownHash: string | undefined;

function hashOfIngredients(): string {
	if (knownHash) return knownHash;
	const hash = createHash('sha256').update(String(process.getuid?.()));
	const visit = (path: string) => {
		if (!existsSync(join(PROJECT, path))) return;
		if (statSync(join(PROJECT, path)).isDirectory()) {
			for (const name of readdirSync(join(PROJECT, path)).sort()) visit(join(path, name));
		} else {
			hash
				.update(path)
				.update('\0')
				.update(readFileSync(join(PROJECT, path)));
		}
	};
	INGREDIENTS.forEach(visit);
	knownHash = hash.digest('hex').slice(0, 16);
	return knownHash;
}
