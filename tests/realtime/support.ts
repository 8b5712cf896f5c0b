/** A private Postgres with the Realtime server on an HTTP port, and clients for it. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type RealtimeChannel, type SupabaseClient } from '@supabase/supabase-js';
import { SignJWT } from 'jose';
import postgres, { type Sql } from 'postgres';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { bootstrap, databaseUrls } from '../../supabase/embedded/bootstrap/bootstrap.ts';
import { startPostgres, type PostgresServer } from '../../supabase/embedded/postgres/server.ts';
import type { RealtimeOptions } from '../../supabase/embedded/realtime/options.ts';
import { startRealtime, type Realtime } from '../../supabase/embedded/realtime/realtime.ts';
import { loadSecrets, type Secrets } from '../../supabase/embedded/secrets.ts';

export type LogLine = Record<string, unknown>;

export type Bench = {
	url: string;
	urls: ReturnType<typeof databaseUrls>;
	secrets: Secrets;
	/** the schema's owner, as migrations and triggers run */
	owner: Sql;
	admin: Sql;
	/** what the server logged, newest last */
	logged: LogLine[];
	realtime(): Realtime;
	startRealtime(options?: Partial<RealtimeOptions>): Promise<Realtime>;
	killPostgres(): Promise<void>;
	startPostgres(): Promise<void>;
	stop(): Promise<void>;
};

/** Topics beginning with `ok:` are open to `authenticated`, `read:` only for reading. */
const POLICIES = `
	create policy "listen where allowed" on realtime.messages for select to authenticated
		using (realtime.topic() like 'ok:%' or realtime.topic() like 'read:%'
			or (realtime.topic() like 'claim:%' and auth.jwt() ->> 'team' = split_part(realtime.topic(), ':', 2))
			or (realtime.topic() like 'raise:%' and realtime.topic()::uuid is not null));
	create policy "send where allowed" on realtime.messages for insert to authenticated
		with check (realtime.topic() like 'ok:%');`;

export async function startBench(options: Partial<RealtimeOptions> = {}): Promise<Bench> {
	const database = await startDatabase();
	const { urls, secrets } = database;
	const logged: LogLine[] = [];
	const start = (more: Partial<RealtimeOptions> = {}) =>
		startRealtime({
			databaseUrl: urls.admin,
			secrets,
			log: (_event, fields) => void logged.push(fields),
			...options,
			...more,
			limits: { errorBackoffMs: 10, ...options.limits, ...more.limits }
		});
	let realtime = await start();
	const http = createServer((request, response) => {
		if (!realtime.handleHttp(request, response)) response.writeHead(404).end();
	});
	http.on('upgrade', (request, socket, head) => realtime.handleUpgrade(request, socket, head));
	http.listen(0, '127.0.0.1');
	await once(http, 'listening');
	return {
		...database,
		url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
		logged,
		realtime: () => realtime,
		startRealtime: async (more) => (realtime = await start(more)),
		stop: async () => {
			stopHttp(http);
			await realtime.stop();
			await database.stopDatabase();
		}
	};
}

/** A bootstrapped Postgres of its own, which may be killed and started again. */
async function startDatabase() {
	const home = mkdtempSync(join(tmpdir(), 'realtime-'));
	mkdirSync(join(home, 'logs'));
	const secrets = await loadSecrets(home);
	const port = await freePort();
	const urls = databaseUrls(port, secrets);
	const logFile = join(home, 'logs/postgres.log');
	const launch = () => startPostgres({ home, port, password: secrets.adminPassword, logFile });
	let server: PostgresServer = await launch();
	await bootstrap(urls, secrets);
	const quiet = { max: 2, onnotice: () => {}, backoff: () => 0.05 };
	const owner = postgres(urls.owner, quiet);
	const admin = postgres(urls.admin, quiet);
	await owner.unsafe(POLICIES);
	return {
		urls,
		secrets,
		owner,
		admin,
		killPostgres: async () => {
			process.kill(server.pid, 'SIGKILL');
			await server.ended;
		},
		// the killed server's workers hold its shared memory for a moment, so the first tries may fail
		startPostgres: () =>
			until(async () => {
				const next = await launch().catch(() => null);
				if (next) server = next;
				return next !== null;
			}),
		stopDatabase: async () => {
			await Promise.all([owner.end({ timeout: 1 }), admin.end({ timeout: 1 })]);
			await server.stop();
			rmSync(home, { recursive: true, force: true });
		}
	};
}

function stopHttp(http: Server): void {
	http.close();
	http.closeAllConnections();
}

/** A signed token; `expiresIn` in seconds, negative for one that has expired. */
export async function token(
	bench: Bench,
	claims: Record<string, unknown> = {},
	{ expiresIn = 3600, secret = bench.secrets.jwtSecret } = {}
): Promise<string> {
	return new SignJWT({ role: 'authenticated', sub: crypto.randomUUID(), ...claims })
		.setProtectedHeader({ alg: 'HS256', kid: bench.secrets.keyId })
		.setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn)
		.sign(new TextEncoder().encode(secret));
}

const clients: SupabaseClient[] = [];

/** An unmodified supabase-js client that has its token before it joins anything. */
export async function client(
	bench: Bench,
	accessToken?: () => string | Promise<string>,
	realtime: Record<string, unknown> = {}
): Promise<SupabaseClient> {
	const made = createClient(bench.url, bench.secrets.publishableKey, {
		auth: { persistSession: false, autoRefreshToken: false },
		...(accessToken && { accessToken: async () => accessToken() }),
		realtime
	});
	if (accessToken) await made.realtime.setAuth();
	clients.push(made);
	return made;
}

export async function dropClients(): Promise<void> {
	await Promise.all(clients.splice(0).map((made) => made.realtime.disconnect()));
}

export type Joined = { status: string; error?: string };

/** Subscribes and resolves with the first answer. */
export function subscribe(channel: RealtimeChannel): Promise<Joined> {
	return new Promise((resolve) =>
		channel.subscribe((status, error) =>
			resolve(error ? { status, error: error.message } : { status })
		)
	);
}

export type Received = { event: string; payload: Record<string, unknown>; meta?: { id: string } };

/** Everything broadcast to the channel, in the order it came. */
export function collect(channel: RealtimeChannel): Received[] {
	const received: Received[] = [];
	channel.on('broadcast', { event: '*' }, (message) => void received.push(message as never));
	return received;
}

/** What realtime-js hands to a postgres_changes callback. */
export type Heard = {
	eventType: string;
	schema: string;
	table: string;
	commit_timestamp: string;
	errors: string[] | null;
	new: Record<string, unknown>;
	old: Record<string, unknown>;
};

/** Subscribes to changes; resolves once they flow, with what arrives from then on. */
export async function changes(
	supabase: SupabaseClient,
	filter: Record<string, unknown>
): Promise<Heard[]> {
	const heard: Heard[] = [];
	const told: string[] = [];
	supabase
		.channel(`changes ${crypto.randomUUID()}`)
		.on('postgres_changes', filter as never, (change) => void heard.push(change as never))
		.on('system', {}, ({ message }) => void told.push(message))
		.subscribe();
	await until(() => told.length > 0);
	if (told[0] !== 'Subscribed to PostgreSQL') throw new Error(told[0]);
	return heard;
}

/** As changes(), with a client of its own. */
export async function following(bench: Bench, filter: Record<string, unknown>, jwt?: string) {
	return changes(await client(bench, jwt ? () => jwt : undefined), filter);
}

export async function until(condition: () => boolean | Promise<boolean>, ms = 8000): Promise<void> {
	for (const started = Date.now(); Date.now() - started < ms; await sleep(5)) {
		if (await condition()) return;
	}
	throw new Error(`still not so after ${ms} ms: ${condition}`);
}

/** Long enough for a message that must not come to have come. */
export const settle = () => sleep(150);
