/** Keeps Postgres running: when it is killed, it is started again until we are told to stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { startPostgres, type PostgresOptions, type PostgresServer } from './server.ts';

/** failures told one by one; of those after them every so manieth */
const LOGGED = 20;

export type PostgresKeeper = { pid(): number; stop(): Promise<void> };

export async function keepPostgres(options: PostgresOptions, log: Log): Promise<PostgresKeeper> {
	let server = await startPostgres(options);
	let stopping = false;
	let restart: Promise<void> = Promise.resolve();
	const watch = (current: PostgresServer) =>
		void current.ended.then((code) => {
			if (stopping) return;
			log('postgres_ended', { code });
			restart = restartPostgres(options, log, () => stopping).then((next) => {
				if (!next) return;
				server = next;
				watch(next);
			});
		});
	watch(server);
	return {
		pid: () => server.pid,
		stop: async () => {
			stopping = true;
			await restart;
			await server.stop();
		}
	};
}

/**
 * The dead server's workers hold its shared memory for a moment, so the first tries may fail; on a
 * full disk all do, until somebody makes room.
 */
async function restartPostgres(
	options: PostgresOptions,
	log: Log,
	cancelled: () => boolean
): Promise<PostgresServer | null> {
	for (let attempt = 1; !cancelled(); attempt++) {
		try {
			const server = await startPostgres(options);
			log('postgres_restarted', { attempt });
			return server;
		} catch (error) {
			if (attempt <= LOGGED || attempt % LOGGED === 0) {
				log('postgres_restart_failed', { attempt, error: String(error) });
			}
			await sleep(Math.min(100 * attempt, 1_000));
		}
	}
	return null;
}
