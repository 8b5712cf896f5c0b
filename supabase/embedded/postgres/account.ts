/**
 * Postgres refuses to run as root. This module finds the account it runs as and a place on disk
 * which that account can reach.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export type Account = { uid: number; gid: number };

/** The unprivileged account Postgres runs as, or null when we are not root and run it as ourselves. */
export function postgresAccount(): Account | null {
	if (process.getuid?.() !== 0) return null;
	const passwd = readFileSync('/etc/passwd', 'utf8');
	for (const name of [process.env.VERSTAK_POSTGRES_USER, 'postgres', 'nobody']) {
		if (!name) continue;
		const line = passwd.split('\n').find((entry) => entry.startsWith(`${name}:`));
		const [, , uid, gid] = line?.split(':') ?? [];
		if (uid && uid !== '0') return { uid: Number(uid), gid: Number(gid) };
	}
	throw new Error(
		'Postgres does not run as root and neither "postgres" nor "nobody" exists here. ' +
			'Create an account and name it in VERSTAK_POSTGRES_USER.'
	);
}

/** True when the account may run the program (a home under /root is closed to everybody else). */
export function canRun(program: string, account: Account): boolean {
	return spawnSync(program, ['--version'], { ...account, stdio: 'ignore', cwd: '/' }).status === 0;
}

/** True when the account may create files below the directory. */
export function canWrite(directory: string, account: Account): boolean {
	return (
		spawnSync('/bin/sh', ['-c', 'test -w "$1" && test -x "$1"', 'sh', directory], {
			...account,
			stdio: 'ignore',
			cwd: '/'
		}).status === 0
	);
}

/**
 * Where the cluster and its programs live. Normally `<home>/postgres` and the npm package; when the
 * unprivileged account cannot reach them (root's private home), copies below /var/lib/verstak.
 */
export function reachablePlaces(
	home: string,
	nativeDir: string,
	account: Account | null
): { clusterDir: string; nativeDir: string } {
	const inHome = join(resolve(home), 'postgres');
	if (!account) {
		mkdirSync(inHome, { recursive: true, mode: 0o700 });
		return { clusterDir: inHome, nativeDir };
	}
	mkdirSync(inHome, { recursive: true, mode: 0o700 });
	chownSync(inHome, account.uid, account.gid);
	const outside = join(
		'/var/lib/verstak',
		createHash('sha256').update(resolve(home)).digest('hex').slice(0, 16)
	);
	let clusterDir = inHome;
	if (!canWrite(inHome, account)) {
		mkdirSync(outside, { recursive: true, mode: 0o755 });
		clusterDir = join(outside, 'postgres');
		mkdirSync(clusterDir, { recursive: true, mode: 0o700 });
		chownSync(clusterDir, account.uid, account.gid);
	}
	if (canRun(join(nativeDir, 'bin/postgres'), account)) return { clusterDir, nativeDir };
	const version = createHash('sha256').update(nativeDir).digest('hex').slice(0, 16);
	const copy = join('/var/lib/verstak/native', version);
	if (!existsSync(join(copy, 'bin/postgres'))) {
		mkdirSync(copy, { recursive: true, mode: 0o755 });
		cpSync(nativeDir, copy, { recursive: true, verbatimSymlinks: true });
	}
	return { clusterDir, nativeDir: copy };
}
