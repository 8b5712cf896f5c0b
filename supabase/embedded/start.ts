/** The embedded Supabase's programmatic interface: start it, get addresses and keys, stop it. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App } from '@supabase/lite';
import { bootstrap, databaseUrls, grantAuth, type DatabaseUrls } from './bootstrap/bootstrap.ts';
import { startPostgres } from './postgres/server.ts';
import { LeashedConnection } from './rest/connection.ts';
import { loadSecrets, type Secrets } from './secrets.ts';

export type StartOptions = {
	/** directory that holds everything: cluster, secrets, logs */
	home: string;
	ports: { api: number; db: number };
	/** called before each step with a word for it */
	onStep?: (step: string) => void;
};

export type Stack = {
	url: string;
	dbUrl: string;
	urls: DatabaseUrls;
	keys: { publishable: string; secret: string };
	secrets: Secrets;
	stop(): Promise<void>;
};

export async function start(options: StartOptions): Promise<Stack> {
	const home = resolve(options.home);
	mkdirSync(join(home, 'logs'), { recursive: true });
	const secrets = await loadSecrets(home);
	const urls = databaseUrls(options.ports.db, secrets);
	const postgres = await startPostgres({
		home,
		port: options.ports.db,
		password: secrets.adminPassword,
		logFile: join(home, 'logs/postgres.log')
	});
	await bootstrap(urls, secrets);
	const connection = new LeashedConnection(urls.admin);
	const app = new App({
		connection,
		auth: { enabled: true, jwt_secret: secrets.jwtSecret, publishable_key: secrets.publishableKey, secret_key: secrets.secretKey }
	} as ConstructorParameters<typeof App>[0]);
	await app.ensureSystemSchema();
	await grantAuth(urls);
	return {
		url: `http://127.0.0.1:${options.ports.api}`,
		dbUrl: urls.owner,
		urls,
		secrets,
		keys: { publishable: secrets.publishableKey, secret: secrets.secretKey },
		stop: async () => {
			await connection.close();
			await postgres.stop();
		}
	};
}
