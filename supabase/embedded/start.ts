/**
 * The embedded Supabase's programmatic interface: start it, get its addresses and keys, stop it.
 * Used alike by `npm start`, tests and benchmarks; imports nothing of the application.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { App } from '@supabase/lite';
import postgres, { type Sql } from 'postgres';
import { admitChecked, liteAuthConfig } from './auth/lite.ts';
import type { Mailer } from './auth/mail/mailer.ts';
import { CONFIG_FILE, openAuth } from './auth/open.ts';
import { authSettings, type AuthOptions, type AuthSettings } from './auth/settings.ts';
import { bootstrap, completeAuth, databaseUrls, type DatabaseUrls } from './bootstrap/bootstrap.ts';
import { openGateway } from './gateway/gateway.ts';
import { Identities } from './gateway/identity.ts';
import { openLog, type Log } from './log.ts';
import { keepPostgres, type PostgresKeeper } from './postgres/keeper.ts';
import { reconnectSoon } from './postgres/reconnect.ts';
import { startRealtime, type Realtime } from './realtime/realtime.ts';
import { LeashedConnection } from './rest/connection.ts';
import { RpcDoor } from './rest/rpc.ts';
import { loadSecrets, type Secrets } from './secrets.ts';

export type StartOptions = {
	/** directory that holds everything: cluster, secrets, logs */
	home: string;
	ports: { api: number; db: number };
	/** address the gateway listens on; everything is for this machine only unless told otherwise */
	host?: string;
	/** address browsers reach the gateway at, when it differs from host and port */
	publicUrl?: string;
	/** the CLI's config.toml, for the rules of auth; by default the one beside this module */
	configFile?: string;
	/** rules of auth that differ from config.toml */
	auth?: AuthOptions;
	/** delivers mails; without one they are kept in `<home>/mail/outbox` */
	mailer?: Mailer;
};

export type Stack = {
	/** where clients reach the gateway */
	url: string;
	/** the schema owner's database URL, for migrations and people */
	dbUrl: string;
	urls: DatabaseUrls;
	keys: { publishable: string; secret: string };
	secrets: Secrets;
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
		for (const end of parts.splice(0).reverse()) await end();
	};
	try {
		const base = await startDatabase(options, parts);
		const api = await openApi(options, base, parts);
		const realtime = await openRealtime(base, parts);
		await openDoor(options, base, api, realtime, parts);
		return {
			url: base.url,
			dbUrl: base.urls.owner,
			urls: base.urls,
			keys: { publishable: base.secrets.publishableKey, secret: base.secrets.secretKey },
			secrets: base.secrets,
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

/** How to end what has been started so far, in order of its start. */
type Parts = (() => unknown)[];

type Base = {
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
	return { url, urls, secrets, log, database, admin };
}

type Api = {
	identities: Identities;
	rpc: RpcDoor;
	rest: (request: Request, peer: string | null) => Promise<Response>;
	auth: (request: Request, peer: string | null) => Promise<Response>;
	reload: () => Promise<void>;
};

/** REST and Auth: lite with its corrections. */
async function openApi(options: StartOptions, base: Base, parts: Parts): Promise<Api> {
	const { url, urls, secrets, admin, log } = base;
	const settings = authSettings(options.auth ?? {}, options.configFile ?? CONFIG_FILE);
	const connection = new LeashedConnection(urls.admin);
	parts.push(() => connection.close());
	const identities = new Identities(secrets);
	const lite = new App(liteConfig(connection, identities, base, settings));
	await lite.ensureSystemSchema();
	await completeAuth(urls);
	const rpc = new RpcDoor(urls.authenticator);
	parts.push(() => rpc.close());
	return {
		identities,
		rpc,
		rest: (request, peerAddress) => lite.fetch(request, { peerAddress }),
		auth: openAuth({
			app: lite,
			sql: admin,
			settings,
			identities,
			secrets,
			url,
			home: resolve(options.home),
			mailer: options.mailer,
			log
		}),
		reload: async () => {
			await connection.clearSchemaCache();
			await rpc.reload();
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

async function openDoor(
	options: StartOptions,
	{ admin, log }: Base,
	api: Api,
	realtime: RealtimeHolder,
	parts: Parts
): Promise<void> {
	const gateway = await openGateway({
		...api,
		host: options.host ?? '127.0.0.1',
		port: options.ports.api,
		realtime: realtime.current,
		health: async () => ({
			postgres: await admin`select 1`.then(
				() => 'ok',
				() => 'down'
			),
			realtime: realtime.current() ? 'ok' : 'down'
		}),
		log
	});
	parts.push(() => gateway.close());
}

function liteConfig(
	connection: LeashedConnection,
	identities: Identities,
	{ secrets, url }: Base,
	settings: AuthSettings
) {
	const keyInfo = {
		anon: { type: 'publishable', claims: { role: 'anon' } },
		service_role: { type: 'secret', claims: { role: 'service_role' } }
	};
	return {
		connection,
		api: { schemas: ['public'], external_url: url },
		auth: {
			...liteAuthConfig(settings),
			jwt_secret: secrets.jwtSecret,
			publishable_key: secrets.publishableKey,
			secret_key: secrets.secretKey
		},
		options: {
			server: {
				middlewares: [admitChecked],
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
