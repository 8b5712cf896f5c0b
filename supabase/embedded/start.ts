/**
 * The embedded Supabase's programmatic interface: start it, get its addresses and keys, stop it.
 * Used alike by `npm start`, tests and benchmarks; imports nothing of the application.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App } from '@supabase/lite';
import postgres from 'postgres';
import { completeAuthAnswer } from './auth/auth.ts';
import { TokenCompleter } from './auth/claims.ts';
import { bootstrap, completeAuth, databaseUrls, type DatabaseUrls } from './bootstrap/bootstrap.ts';
import { openGateway } from './gateway/gateway.ts';
import { Identities } from './gateway/identity.ts';
import { openLog } from './log.ts';
import { keepPostgres } from './postgres/keeper.ts';
import { reconnectSoon } from './postgres/reconnect.ts';
import { startRealtime, type Realtime, type RealtimeOptions } from './realtime/realtime.ts';
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
	/** limits of the Realtime server, and whether it refuses public channels */
	realtime?: Pick<RealtimeOptions, 'limits' | 'privateOnly'>;
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
	const home = resolve(options.home);
	mkdirSync(join(home, 'logs'), { recursive: true });
	const undo: (() => Promise<unknown> | void)[] = [];
	const stop = async () => {
		for (const step of undo.splice(0).reverse()) await step();
	};
	try {
		return await startParts(options, home, undo, stop);
	} catch (error) {
		await stop();
		throw error;
	}
}

async function startParts(
	options: StartOptions,
	home: string,
	undo: (() => Promise<unknown> | void)[],
	stop: () => Promise<void>
): Promise<Stack> {
	const secrets = await loadSecrets(home);
	const urls = databaseUrls(options.ports.db, secrets);
	const { log, close } = openLog(join(home, 'logs/stack.log'));
	undo.push(close);
	const database = await keepPostgres(
		{
			home,
			port: options.ports.db,
			password: secrets.adminPassword,
			logFile: join(home, 'logs/postgres.log')
		},
		log
	);
	undo.push(() => database.stop());
	await bootstrap(urls, secrets);

	const host = options.host ?? '127.0.0.1';
	const url = options.publicUrl ?? `http://127.0.0.1:${options.ports.api}`;
	const connection = new LeashedConnection(urls.admin);
	const identities = new Identities(secrets);
	const lite = new App(liteConfig(connection, identities, secrets));
	undo.push(() => connection.close());
	await lite.ensureSystemSchema();
	await completeAuth(urls);

	const admin = postgres(urls.admin, {
		...reconnectSoon,
		max: 4,
		idle_timeout: 60,
		onnotice: () => {}
	});
	undo.push(() => admin.end({ timeout: 2 }));
	const tokens = new TokenCompleter(admin, secrets, url);
	const rpc = new RpcDoor(urls.authenticator);
	undo.push(() => rpc.close());

	const realtimeOptions = { ...options.realtime, databaseUrl: urls.admin, secrets, log };
	let realtime: Realtime | null = await startRealtime(realtimeOptions);
	undo.push(() => realtime?.stop());

	const gateway = await openGateway({
		host,
		port: options.ports.api,
		identities,
		rpc,
		rest: (request, peerAddress) => lite.fetch(request, { peerAddress }),
		auth: async (request, peerAddress) =>
			completeAuthAnswer(request, await lite.fetch(request, { peerAddress }), tokens),
		realtime: () => realtime,
		health: async () => ({
			postgres: await admin`select 1`.then(
				() => 'ok',
				() => 'down'
			),
			realtime: realtime ? 'ok' : 'down'
		}),
		log
	});
	undo.push(() => gateway.close());

	return {
		url,
		dbUrl: urls.owner,
		urls,
		keys: { publishable: secrets.publishableKey, secret: secrets.secretKey },
		secrets,
		postgresPid: () => database.pid(),
		reloadSchema: async () => {
			await connection.clearSchemaCache();
			await rpc.reload();
		},
		restartRealtime: async (pauseMs = 0) => {
			const running = realtime;
			realtime = null;
			await running?.stop();
			await new Promise((done) => setTimeout(done, pauseMs));
			realtime = await startRealtime(realtimeOptions);
		},
		stop
	};
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
