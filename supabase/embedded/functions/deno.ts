/** Finds the Deno of the npm package `deno` and the account it can run as. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { canRun, canWrite, postgresAccount, type Account } from '../postgres/account.ts';

export type DenoPlace = {
	binary: string;
	/** null: as ourselves */
	account: Account | null;
	/** Deno's cache; the only place its process may write, and the function's code may not */
	cache: string;
};

/**
 * The program itself, not the package's Node wrapper: the wrapper would be one more process to end.
 * The install script puts it into `deno/`; without install scripts it is in the platform's package.
 * @throws Error with a sentence for a person
 */
export function denoBinary(): string {
	const require = createRequire(import.meta.url);
	const program = process.platform === 'win32' ? 'deno.exe' : 'deno';
	const libc = process.platform === 'linux' ? '-glibc' : '';
	try {
		const manifest = require.resolve('deno/package.json');
		const installed = join(dirname(manifest), program);
		if (existsSync(installed)) return installed;
		const target = `@deno/${process.platform}-${process.arch}${libc}/package.json`;
		return join(dirname(createRequire(manifest).resolve(target)), program);
	} catch (error) {
		throw new Error('Edge functions need the npm package "deno". Run `npm install` again.', {
			cause: error
		});
	}
}

/**
 * Where and as whom functions run. Root gives its rights up for the account Postgres uses, unless
 * that account cannot reach the program, the code or the home (all of them below /root).
 * @param readable directories with code that the process must be able to read
 */
export function prepareDeno(home: string, readable: string[]): DenoPlace {
	const binary = denoBinary();
	const cache = join(home, 'functions/cache');
	mkdirSync(cache, { recursive: true });
	const account = postgresAccount();
	if (!account) return { binary, account: null, cache };
	chownSync(cache, account.uid, account.gid);
	const reaches =
		canRun(binary, account) &&
		canWrite(cache, account) &&
		readable.filter((path) => existsSync(path)).every((path) => canRead(path, account));
	if (reaches) return { binary, account, cache };
	chownSync(cache, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
	return { binary, account: null, cache };
}

function canRead(directory: string, account: Account): boolean {
	const test = ['-c', 'test -r "$1" && test -x "$1"', 'sh', directory];
	return spawnSync('/bin/sh', test, { ...account, stdio: 'ignore', cwd: '/' }).status === 0;
}
