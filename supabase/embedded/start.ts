/**
 * The embedded Supabase's programmatic interface: start it, get its addresses and keys, stop it.
 * Used alike by `npm start`, tests and benchmarks; imports nothing of the application.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { App } from '@supabase/lite';
import { sql } from 'kysely';
import postgres, { type Sql } from 'postgres';
import { completeAuthAnswer } from './auth/auth.ts';
import { TokenCompleter } from './auth/claims.ts';
import { bootstrap, completeAuth, databaseUrls, type DatabaseUrls } from './bootstrap/bootstrap.ts';
import { openGateway } from './gateway/gateway.ts';
import { Identities } from './gateway/identity.ts';
import { checkHealth, type HealthCheck } from './health.ts';
import { openLog, type Log } from './log.ts';
import { startMail, type Mail } from './mail/mail.ts';
import type { Mailer } from './mail/mailer.ts';
import { keepPostgres, type PostgresKeeper } from './postgres/keeper.ts';
import { reconnectSoon } from './postgres/reconnect.ts';
import { startRealtime, type Realtime } from './realtime/realtime.ts';
import { LeashedConnection } from './rest/connection.ts';
import { RpcDoor } from './rest/rpc.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { configuredFileSizeLimit } from './storage/config.ts';
import { startStorage, type Storage } from './storage/storage.ts';

export type StartOptions = {
	/** directory that holds everything: cluster, secrets, logs */
	home: string;
	/** the mail page's and the mail catcher's ports are free ones unless given */
	ports: { api: number; db: number; mail?: number; smtp?: number };
	/** address the gateway listens on; everything is for this machine only unless told otherwise */
	host?: string;
	/** address browsers reach the gateway at, when it differs from host and port */
	publicUrl?: string;
	/** bytes a file may have in any bucket, when it is not what supabase/config.toml says */
	storage?: { fileSizeLimit?: number };
	/** with an SMTP server mail is delivered, without one it is caught */
	mail?: { smtpUrl?: string; from?: string };
};

export type Stack = {
	/** where clients reach the gateway */
	url: string;
	/** the schema owner's database URL, for migrations and people */
	dbUrl: string;
	urls: DatabaseUrls;
	keys: { publishable: string; secret: string };
	secrets: Secrets;
	/** the page with caught mails; null when mail is really delivered */
	mailUrl: string | null;
	/** the SMTP server in use */
	smtpUrl: string;
	sendMail: Mailer;
	/** process id of Postgres, for tests that kill it */
	postgresPid(): number;
	/** to be called after migrations: the API reads the schema again */
	reloadSchema(): Promise<void>;
	/** stops the realtime server and starts a new one, as a deployment would */
	restartRealtime(pauseMs?: number): Promise<void>;
	stop(): Promise<void>;
};

/** Starts everything in dependency order; what was started is stopped again if a later part fails. */
export async function start(options: StartOptions): Promise<Stack> {
	const parts: Parts = [];
	const stop = async () => {
		// a pool that lost its connections in a crash may never say goodbye; Postgres must stop all the same
		for (const end of parts.splice(0).reverse()) {
			await Promise.race([end(), sleep(PART_STOP_MS, undefined, { ref: false })]);
		}
	};
	try {
		const base = await startDatabase(options, parts);
		const mail = await openMail(options, base, parts);
		const api = await openApi(base, parts);
		const realtime = await openRealtime(base, parts);
		const storage = await openStorage(options, base, api.identities, parts);
		const services = { api, realtime, storage, mail };
		await openDoor(options, base, services, parts);
		return {
			url: base.url,
			dbUrl: base.urls.owner,
			urls: base.urls,
			keys: { publishable: base.secrets.publishableKey, secret: base.secrets.secretKey },
			secrets: base.secrets,
			mailUrl: mail.url,
			smtpUrl: mail.smtpUrl,
			sendMail: mail.send,
			postgresPid: () => base.database.pid(),
			reloadSchema: api.reload,
			restartRealtime: realtime.restart,
			stop
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

/** Postgres itself takes at most 10 s (postgres/server.ts). */
const PART_STOP_MS = 12_000;

/** How to end what has been started so far, in order of its start. */
type Parts = (() => unknown)[];

type Base = {
	home: string;
	url: string;
	urls: DatabaseUrls;
	secrets: Secrets;
	log: Log;
	database: PostgresKeeper;
	/** a few superuser connections for the stack's own questions */
	admin: Sql;
};

async function startDatabase(options: StartOptions, parts: Parts): Promise<Base> {
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
	const admin = postgres(urls.admin, {
		...reconnectSoon,
		max: 4,
		idle_timeout: 60,
		onnotice: () => {}
	});
	parts.push(() => admin.end({ timeout: 2 }));
	const url = options.publicUrl ?? `http://127.0.0.1:${options.ports.api}`;
	return { home, url, urls, secrets, log, database, admin };
}

type Api = {
	identities: Identities;
	rpc: RpcDoor;
	rest: (request: Request, peer: string | null) => Promise<Response>;
	auth: (request: Request, peer: string | null) => Promise<Response>;
	reload: () => Promise<void>;
	checks: Record<'rest' | 'auth', HealthCheck>;
};

/** REST and Auth: lite with its corrections. */
async function openApi({ url, urls, secrets, admin }: Base, parts: Parts): Promise<Api> {
	const connection = new LeashedConnection(urls.admin);
	parts.push(() => Promise.race([connection.close(), sleep(2_000)]));
	const identities = new Identities(secrets);
	const lite = new App(liteConfig(connection, identities, secrets));
	await lite.ensureSystemSchema();
	await completeAuth(urls);
	const rpc = new RpcDoor(urls.authenticator);
	parts.push(() => rpc.close());
	const tokens = new TokenCompleter(admin, secrets, url);
	return {
		identities,
		rpc,
		rest: (request, peerAddress) => lite.fetch(request, { peerAddress }),
		auth: async (request, peerAddress) =>
			completeAuthAnswer(request, await lite.fetch(request, { peerAddress }), tokens),
		reload: async () => {
			await connection.clearSchemaCache();
			await rpc.reload();
		},
		checks: {
			rest: () => sql`select 1`.execute(connection.kysely),
			auth: async () => {
				const headers = { apikey: secrets.publishableKey };
				return (await lite.fetch(new Request(`${url}/auth/v1/health`, { headers }))).ok;
			}
		}
	};
}

type RealtimeHolder = {
	current: () => Realtime | null;
	restart: (pauseMs?: number) => Promise<void>;
};

async function openRealtime({ urls, secrets, log }: Base, parts: Parts): Promise<RealtimeHolder> {
	const options = { databaseUrl: urls.admin, secrets, log };
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

async function openMail(options: StartOptions, base: Base, parts: Parts): Promise<Mail> {
	const mail = await startMail({
		directory: join(base.home, 'mail'),
		port: options.ports.mail ?? 0,
		smtpPort: options.ports.smtp ?? 0,
		...options.mail,
		log: base.log
	});
	parts.push(() => mail.close());
	return mail;
}

async function openStorage(
	options: StartOptions,
	{ home, urls, secrets, log }: Base,
	identities: Identities,
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

type Services = {
	api: Api;
	realtime: RealtimeHolder;
	storage: Storage;
	mail: Mail;
};

async function openDoor(
	options: StartOptions,
	{ admin, log }: Base,
	{ api, realtime, storage, mail }: Services,
	parts: Parts
): Promise<void> {
	const gateway = await openGateway({
		...api,
		host: options.host ?? '127.0.0.1',
		port: options.ports.api,
		realtime: realtime.current,
		storage: (request, response) => storage.handle(request, response),
		health: () =>
			checkHealth({
				postgres: () => admin`select 1`,
				...api.checks,
				realtime: () => realtime.current() !== null,
				storage: () => storage.healthy(),
				mail: () => mail.healthy()
			}),
		log
	});
	parts.push(() => gateway.close());
}

function liteConfig(connection: LeashedConnection, identities: Identities, secrets: Secrets) {
	const keyInfo = {
		anon: { type: 'publishable', claims: { role: 'anon' } },
		service_role: { type: 'secret', claims: { role: 'service_role' } }
	};
	return {
		connection,
		api: { schemas: ['public'] },
		auth: {
			enabled: true,
			jwt_secret: secrets.jwtSecret,
			publishable_key: secrets.publishableKey,
			secret_key: secrets.secretKey,
			minimum_password_length: 8,
			jwt_expiry: 3600
		},
		options: {
			server: {
				apiKeys: {
					resolver: (key: string) => {
						const role = identities.roleOfKey(key);
						return role && keyInfo[role];
					}
				}
			}
		}
	} as unknown as ConstructorParameters<typeof App>[0];
}
