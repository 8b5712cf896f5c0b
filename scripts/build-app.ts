/** Builds the app when its sources differ from those of the last build. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = [
	'src',
	'static',
	'messages',
	'project.inlang/settings.json',
	'svelte.config.js',
	'vite.config.ts',
	'languages.config.ts',
	'package-lock.json'
];
/** written by the build itself */
const GENERATED = join('src', 'lib', 'paraglide');
const STAMP = join(PROJECT, 'build', '.sources');

/** @returns whether a build was needed */
export async function buildApp(): Promise<boolean> {
	const sources = hashOfSources();
	if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return false;
	const vite = join(PROJECT, 'node_modules/vite/bin/vite.js');
	try {
		await run(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
			cwd: PROJECT,
			maxBuffer: 64_000_000,
			env: { ...process.env, NODE_ENV: 'production' }
		});
	} catch (error) {
		const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
		throw new Error(`vite build failed:\n${`${stdout}\n${stderr}`.trim().slice(-3_000)}`, {
			cause: error
		});
	}
	writeFileSync(STAMP, sources);
	return true;
}

function hashOfSources(): string {
	const hash = createHash('sha256');
	const visit = (path: string) => {
		if (path === GENERATED || !existsSync(join(PROJECT, path))) return;
		if (statSync(join(PROJECT, path)).isDirectory()) {
			for (const name of readdirSync(join(PROJECT, path)).sort()) visit(join(path, name));
			return;
		}
		hash
			.update(path)
			.update('\0')
			.update(readFileSync(join(PROJECT, path)));
	};
	SOURCES.forEach(visit);
	return hash.digest('hex');
}
