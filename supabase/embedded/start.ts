/**
 * The embedded Supabase's programmatic interface: start it, get its addresses and keys, stop it.
 * Used alike by `npm start`, tests and benchmarks; imports nothing of the application.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthOptions } from './auth/settings.ts';
import type { DatabaseUrls } from './bootstrap/bootstrap.ts';
import type { FunctionsOptions } from './functions/options.ts';
import { openDoor } from './door.ts';
import type { Mailer } from './mail/mailer.ts';
import {
	startApi,
	startDatabase,
	startFunctions,
	startMailService,
	startRealtimeServer,
	startScheduler,
	startStorageService,
	type Parts
} from './parts.ts';
import type { RealtimeOptions } from './realtime/realtime.ts';
import type { Secrets } from './secrets.ts';

export type StartOptions = {
	/** directory that holds everything: cluster, secrets, logs */
	home: string;
	/** the mail page's and the mail catcher's ports are free ones unless given */
	ports: { api: number; db: number; mail?: number; smtp?: number };
	/** address the gateway listens on; everything is for this machine only unless told otherwise */
	host?: string;
	/** address browsers reach the gateway at, when it differs from host and port */
	publicUrl?: string;
	/** the CLI's config.toml, for the rules of auth; by default the one beside this module */
	configFile?: string;
	/** rules of auth that differ from config.toml */
	auth?: AuthOptions;
	/** with an SMTP server mail is delivered, without one it is caught */
	mail?: { smtpUrl?: string; from?: string };
	/** takes Auth's mails instead of the mail service */
	mailer?: Mailer;
	/** bytes a file may have in any bucket, when it is not what supabase/config.toml says */
	storage?: { fileSizeLimit?: number };
	/** edge functions; without it there are none */
	functions?: FunctionsOptions;
	/** limits of the Realtime server, and whether it refuses public channels */
	realtime?: Pick<RealtimeOptions, 'limits' | 'privateOnly'>;
	/** runs kept per job */
	jobs?: { keep?: number };
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
	/** Deno processes there are now, for tests and `npm run status` */
	functionProcesses(): { name: string; pid: number }[];
	/** stops the realtime server and starts a new one, as a deployment would */
	restartRealtime(pauseMs?: number): Promise<void>;
	stop(): Promise<void>;
};

/** Postgres itself takes at most 10 s (postgres/server.ts). */
const PART_STOP_MS = 12_000;

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
		return { ...(await startParts(options, parts)), stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

async function startParts(options: StartOptions, parts: Parts): Promise<Omit<Stack, 'stop'>> {
	const base = await startDatabase(options, parts);
	const mail = await startMailService(options, base, parts);
	const api = await startApi(options, base, mail, parts);
	const realtime = await startRealtimeServer(options, base, parts);
	const storage = await startStorageService(options, base, api, parts);
	const functions = startFunctions(options, base, api, parts);
	const jobs = { healthy: () => true };
	const services = { base, api, realtime, storage, mail, functions, jobs };
	await openDoor(options, services, parts);
	// last, because a job that was missed may call a function through the gateway at once
	const scheduler = startScheduler(options, base, parts);
	jobs.healthy = () => scheduler.health() === 'ok';
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
		functionProcesses: () => functions?.server.processes() ?? [],
		reloadSchema: async () => {
			await api.reload();
			await scheduler.reload();
		},
		restartRealtime: realtime.restart
	};
}
