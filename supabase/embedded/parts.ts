/** The services of a stack, each started with what the ones before it gave. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { App } from '@supabase/lite';
import { sql } from 'kysely';
import type { Sql } from 'postgres';
import { CONFIG_FILE, openAuth } from './auth/open.ts';
import { authSettings } from './auth/settings.ts';
import { bootstrap, completeAuth, databaseUrls, type DatabaseUrls } from './bootstrap/bootstrap.ts';
import { localUrl, openFunctions } from './functions/open.ts';
import { Identities } from './gateway/identity.ts';
import { serviceCall } from './jobs/call.ts';
import { Scheduler } from './jobs/scheduler.ts';
import { answersHealth, type HealthCheck } from './health.ts';
import { openLog, type Log } from './log.ts';
import { startMail, type Mail } from './mail/mail.ts';
import { keepPostgres, type PostgresKeeper } from './postgres/keeper.ts';
import { openPool } from './postgres/pool.ts';
import { startRealtime, type Realtime } from './realtime/realtime.ts';
import { LeashedConnection } from './rest/connection.ts';
import { liteConfig } from './rest/lite-config.ts';
import { RpcDoor } from './rest/rpc.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import type { StartOptions } from './start.ts';
import { configuredFileSizeLimit } from './storage/config.ts';
import { startStorage, type Storage } from './storage/storage.ts';

/** How to end what has been started so far, in order of its start. */
export type Parts = (() => unknown)[];

export type Base = {
	home: string;
	url: string;
	urls: DatabaseUrls;
	secrets: Secrets;
	log: Log;
	database: PostgresKeeper;
	/** a few superuser connections for the stack's own questions */
	admin: Sql;
};

export async function startDatabase(options: StartOptions, parts: Parts): Promise<Base> {
	const home = resolve(options.home);
	mkdirSync(join(home, 'logs'), { recursive: true });
	const secrets = await loadSecrets(home);
	const urls = databaseUrls(options.ports.db, secrets);
	const { log, close } = openLog(join(home, 'logs/stack.log'));
	parts.push(close);
	const database = await keepPostgres(
		{
			home,
			port: options.ports.db,
			password: secrets.adminPassword,
			logFile: join(home, 'logs/postgres.log')
		},
		log
	);
	parts.push(() => database.stop());
	await bootstrap(urls, secrets);
	const admin = openPool(urls.admin, { max: 4, idle_timeout: 60 });
	parts.push(() => admin.end({ timeout: 2 }));
	const url = options.publicUrl ?? `http://127.0.0.1:${options.ports.api}`;
	return { home, url, urls, secrets, log, database, admin };
}

type Service = (request: Request, peer: string | null) => Promise<Response>;

export type Api = {
	identities: Identities;
	rpc: RpcDoor;
	rest: Service;
	auth: Service;
	reload: () => Promise<void>;
	checks: Record<'rest' | 'auth', HealthCheck>;
};

/** REST and Auth: lite with its corrections. */
export async function startApi(
	options: StartOptions,
	base: Base,
	mail: Mail,
	parts: Parts
): Promise<Api> {
	const settings = authSettings(options.auth ?? {}, options.configFile ?? CONFIG_FILE);
	const connection = new LeashedConnection(base.urls.admin);
	parts.push(() => Promise.race([connection.close(), sleep(2_000)]));
	const identities = new Identities(base.secrets);
	const lite = new App(liteConfig({ ...base, connection, identities, settings }));
	await lite.ensureSystemSchema();
	await connection.introspect({ useCache: true });
	await completeAuth(base.urls);
	const rpc = new RpcDoor(base.urls.authenticator);
	parts.push(() => rpc.close());
	const auth = openAuth({
		...base,
		app: lite,
		sql: base.admin,
		settings,
		identities,
		mailer: options.mailer ?? mail.send
	});
	return {
		identities,
		rpc,
		auth,
		rest: (request, peerAddress) => lite.fetch(request, { peerAddress }),
		reload: async () => {
			await connection.clearSchemaCache();
			await Promise.all([connection.introspect({ useCache: true }), rpc.reload()]);
		},
		checks: {
			rest: () => sql`select 1`.execute(connection.kysely),
			auth: () => answersHealth(lite, base.url, base.secrets.publishableKey)
		}
	};
}

export type RealtimeHolder = {
	current: () => Realtime | null;
	restart: (pauseMs?: number) => Promise<void>;
};

export async function startRealtimeServer(
	{ realtime }: StartOptions,
	{ urls, secrets, log }: Base,
	parts: Parts
): Promise<RealtimeHolder> {
	const options = { ...realtime, databaseUrl: urls.admin, secrets, log };
	let running: Realtime | null = await startRealtime(options);
	parts.push(() => running?.stop());
	return {
		current: () => running,
		restart: async (pauseMs = 0) => {
			const old = running;
			running = null;
			await old?.stop();
			await sleep(pauseMs);
			running = await startRealtime(options);
		}
	};
}

export async function startMailService(
	options: StartOptions,
	{ home, log }: Base,
	parts: Parts
): Promise<Mail> {
	const mail = await startMail({
		directory: join(home, 'mail'),
		port: options.ports.mail ?? 0,
		smtpPort: options.ports.smtp ?? 0,
		...options.mail,
		log
	});
	parts.push(() => mail.close());
	return mail;
}

export async function startStorageService(
	options: StartOptions,
	{ home, urls, secrets, log }: Base,
	{ identities }: Api,
	parts: Parts
): Promise<Storage> {
	const storage = await startStorage({
		directory: join(home, 'storage'),
		databaseUrl: urls.admin,
		identities,
		jwtSecret: secrets.jwtSecret,
		fileSizeLimit: options.storage?.fileSizeLimit ?? configuredFileSizeLimit(),
		log
	});
	parts.push(() => storage.stop());
	return storage;
}

export type Functions = ReturnType<typeof openFunctions>;

export function startFunctions(
	options: StartOptions,
	{ home, urls, secrets }: Base,
	{ identities }: Api,
	parts: Parts
): Functions {
	const functions = openFunctions(options, { home, dbUrl: urls.owner, secrets, identities });
	parts.push(() => functions?.stop());
	return functions;
}

export function startScheduler(
	options: StartOptions,
	{ urls, secrets, log }: Base,
	parts: Parts
): Scheduler {
	const callFunction = serviceCall(localUrl(options), secrets);
	const scheduler = new Scheduler({ urls, callFunction, log, ...options.jobs });
	parts.push(() => scheduler.stop());
	return scheduler;
}
