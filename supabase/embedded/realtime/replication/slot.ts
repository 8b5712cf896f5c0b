/**
 * The persistent logical replication slot: Postgres keeps for it what was committed while the
 * Realtime server was away. Every step here repairs what a crash can leave behind.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonic } from '../clock.ts';
import type { Log } from '../options.ts';
import { parseLsn, type Lsn } from './pgoutput.ts';

/** Runs one statement by the simple protocol, the only one a replication connection speaks. */
export type Query = (statement: string) => Promise<Record<string, string | null>[]>;

type Slot = { wal_status: string | null; active_pid: string | null; usable: string | boolean };

const TAKE_OVER_MS = 10_000;

/**
 * Makes sure that the slot exists, is usable and is free.
 * @param renew replace it even if it is usable
 * @returns whether it is a new one: what was committed before it does not come any more
 */
export async function prepareSlot(
	query: Query,
	name: string,
	log: Log,
	renew = false
): Promise<'kept' | 'created' | 'replaced'> {
	let slot = await findSlot(query, name);
	if (slot?.active_pid) slot = await takeOver(query, name, slot.active_pid, log);
	const lost = slot !== null && (slot.wal_status === 'lost' || !isTrue(slot.usable));
	if (lost) {
		const detail = { slot: name, status: slot?.wal_status };
		log(
			'error',
			'replication slot was invalidated: messages since then are lost, making a new one',
			detail
		);
	}
	const replace = slot !== null && (lost || renew);
	if (replace) await query(`select pg_drop_replication_slot(${literal(name)})`);
	if (slot && !replace) return 'kept';
	await query(`select pg_create_logical_replication_slot(${literal(name)}, 'pgoutput')`);
	log('info', 'replication slot created', { slot: name });
	return replace ? 'replaced' : 'created';
}

async function findSlot(query: Query, name: string): Promise<Slot | null> {
	const rows = await query(`
		select wal_status, active_pid,
			plugin = 'pgoutput' and database = current_database() and invalidation_reason is null as usable
		from pg_replication_slots where slot_name = ${literal(name)}`);
	return (rows[0] as Slot | undefined) ?? null;
}

/** Ends the sender that a killed server left behind; Postgres notices by itself only after seconds. */
async function takeOver(query: Query, name: string, pid: string, log: Log): Promise<Slot | null> {
	log('warn', 'replication slot is in use, taking it over', { slot: name, pid });
	await query(`select pg_terminate_backend(${Number(pid)})`);
	for (const started = monotonic(); monotonic() - started < TAKE_OVER_MS; await sleep(20)) {
		const slot = await findSlot(query, name);
		if (!slot?.active_pid) return slot;
	}
	throw new Error(`replication slot ${name} stays in use by process ${pid}`);
}

/** Which cluster this is and how far its WAL goes, to tell a restored or replaced database. */
export async function identifySystem(query: Query): Promise<{ system: string; end: Lsn }> {
	const [row] = await query('IDENTIFY_SYSTEM');
	return { system: String(row?.systemid), end: parseLsn(String(row?.xlogpos)) };
}

const isTrue = (value: string | boolean) => value === true || value === 't';

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
