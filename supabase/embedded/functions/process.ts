/** Starts the one Deno process of a function, tied to ours so that it cannot outlive us. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Duplex, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { EdgeFunction } from './catalogue.ts';
import type { DenoPlace } from './deno.ts';

export type Launch = {
	edge: EdgeFunction;
	/** the folder of all functions, for what they share */
	directory: string;
	deno: DenoPlace;
	home: string;
	memoryMb: number;
	/** the one line the harness reads */
	boot: { key: string; environment: Record<string, string>; graceMs: number };
};

/**
 * The shell holds a pipe to us on descriptor 3. When we die, even by SIGKILL, or let go of it, it
 * reads the end and kills Deno, whatever Deno is busy with.
 */
const GUARD =
	'exec 4<&0; "$@" <&4 3<&- 4<&- & server=$!; ' +
	'(cat <&3; kill -KILL $server) >/dev/null 2>&1 4<&- & watcher=$!; ' +
	'exec 3<&- 4<&- </dev/null; wait $server; code=$?; kill $watcher 2>/dev/null; exit $code';

export function launch(options: Launch): ChildProcess {
	const { account, binary, cache } = options.deno;
	const child = spawn('/bin/sh', ['-c', GUARD, 'sh', binary, ...denoArguments(options)], {
		...account,
		cwd: '/',
		detached: true,
		stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
		// seen by Deno itself; the harness replaces it by the function's own before its code runs
		env: { PATH: '/usr/bin:/bin', DENO_DIR: cache, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' }
	});
	const leash = child.stdio[3] as Duplex;
	leash.on('error', () => {});
	const stdin = child.stdin as Writable;
	stdin.on('error', () => {});
	stdin.write(`${JSON.stringify(options.boot)}\n`);
	// the pipe's other reader must go, too, when Deno went first
	child.once('exit', () => leash.destroy());
	return child;
}

/**
 * The least a function needs: the network, its own environment, and to read its folder, what
 * functions share, and the packages. No writing, no programs, no native libraries, no system facts,
 * no code from the network: packages come from the project's node_modules.
 */
function denoArguments(options: Launch): string[] {
	const readable = [
		options.edge.folder,
		...sharedFolders(options.directory),
		...options.edge.staticFiles,
		...packageFolders(options.edge.folder)
	];
	return [
		'run',
		'--no-prompt',
		'--no-lock',
		'--no-remote',
		'--node-modules-dir=manual',
		// a request's signal tells that the caller left, not that the answer went well
		'--unstable-no-legacy-abort',
		...configuration(options.edge),
		'--allow-net',
		// the harness leaves nothing in it but the function's own variables
		'--allow-env',
		`--allow-read=${readable.map((path) => path.replaceAll(',', ',,')).join()}`,
		`--v8-flags=--max-old-space-size=${options.memoryMb}`,
		mainModule(options)
	];
}

function configuration({ configuration: file }: EdgeFunction): string[] {
	if (!file) return ['--no-config'];
	return /^deno\.jsonc?$/.test(basename(file))
		? ['--config', file]
		: ['--no-config', '--import-map', file];
}

function sharedFolders(directory: string): string[] {
	if (!existsSync(directory)) return [];
	return readdirSync(directory)
		.filter((name) => name.startsWith('_'))
		.map((name) => join(directory, name));
}

/** Every node_modules above the function; links are followed, as Deno follows them. */
function packageFolders(folder: string): string[] {
	const found: string[] = [];
	for (let at = folder; ; at = dirname(at)) {
		const candidate = join(at, 'node_modules');
		if (existsSync(candidate)) found.push(candidate, realpathSync(candidate));
		if (dirname(at) === at) return [...new Set(found)];
	}
}

/** The module Deno runs: first the harness, then the function. Written per function and start. */
function mainModule({ edge, home }: Launch): string {
	const folder = join(home, 'functions/main');
	mkdirSync(folder, { recursive: true });
	const file = join(folder, `${edge.name}.ts`);
	const harness = pathToFileURL(fileURLToPath(new URL('harness.ts', import.meta.url))).href;
	const lines = [
		`import { open } from ${JSON.stringify(harness)};`,
		`import * as entry from ${JSON.stringify(pathToFileURL(edge.entrypoint).href)};`,
		'open(entry);'
	];
	writeFileSync(file, `${lines.join('\n')}\n`);
	return file;
}
