/**
 * `npm start` and `npm run dev`: the embedded Supabase, migrations, the demo company and the app,
 * in one process tree that ends together.
 *
 * Options: `--dev` serves with hot reload; `--no-demo` leaves a new installation empty.
 */
import { basename } from 'node:path';
import postgres from 'postgres';
import { DEMO_PASSWORD, demoAccounts, hasDemo, loadDemo } from '../supabase/demo/demo.ts';
import { finishReplacement } from '../supabase/embedded/backup/replace.ts';
import { start, type Stack } from '../supabase/embedded/start.ts';
import { serveApp, serveDevelopment, type AppOptions, type AppProcess } from './app-process.ts';
import { buildApp } from './build-app.ts';
import { backUp, upgradeAhead } from './backing-up.ts';
import { findRunning, forgetRunning, recordRunning, refuseBusyPorts } from './running.ts';
import { readSettings, type Settings } from './settings.ts';
import { reportFailure, step } from './steps.ts';
import { applyMigrations } from './supabase-cli.ts';

const development = process.argv.includes('--dev');
const wantsDemo = !process.argv.includes('--no-demo');

let stack: Stack | undefined;
let app: AppProcess | undefined;
let stopping: Promise<void> | undefined;
/** the home whose running.json is ours to remove; a start that found another one running has none */
let recordedIn: string | undefined;

async function main(): Promise<void> {
	const settings = await step('Settings', 'Correct the variable named above.', async () =>
		readSettings()
	);
	const running = findRunning(settings.home);
	if (running)
		throw new Error(`Verstak already runs here (process ${running.pid}): ${running.app}`);
	await refuseBusyPorts(settings);
	if (finishReplacement(settings.home)) console.log('Finished a restore that was interrupted.');
	// the build needs no database, so it runs beside the first steps
	const build = development ? Promise.resolve(false) : buildApp();
	build.catch(() => {});

	stack = await step(
		'Supabase: Postgres 17, REST, Auth, Realtime, Storage, mail',
		`Details are in ${settings.home}/logs. If a port is busy, choose others with VERSTAK_API_PORT and VERSTAK_DB_PORT.`,
		() => startStack(settings)
	);
	const { dbUrl } = stack;
	await upgrade(settings, stack);
	const demo = await step('Demo company', 'Start over with `npm run reset`.', () =>
		prepareDemo(dbUrl)
	);
	await step(
		development ? 'App' : 'App build',
		'Correct the error above, then start again.',
		() => build
	);
	await step('App server', 'Choose another port with VERSTAK_PORT.', () =>
		serve({ stack: stack as Stack, host: settings.host, port: settings.appPort, demo })
	);
	announce(settings, stack, demo);
}

/** Applies what is new in supabase/migrations; data worth it is saved before. */
async function upgrade({ home }: Settings, { dbUrl, reloadSchema }: Stack): Promise<void> {
	const newest = await upgradeAhead(dbUrl);
	const saved =
		newest &&
		(await step(
			'Backup before the upgrade',
			'Make room on the disk, then start again. Nothing was changed.',
			() => backUp(home, dbUrl, `before migration ${newest}`)
		));
	const back = saved
		? ` Your data is there; what it was before the upgrade: npm run restore -- ${basename(saved.path)}`
		: '';
	const advice = `Correct the migration named above, then start again.${back}`;
	await step('Migrations', advice, async () => {
		await applyMigrations(dbUrl);
		await reloadSchema();
	});
}

function startStack(settings: Settings): Promise<Stack> {
	return start({
		home: settings.home,
		ports: {
			api: settings.apiPort,
			db: settings.dbPort,
			mail: settings.mailPort,
			smtp: settings.smtpPort
		},
		mail: settings.mail,
		host: settings.host,
		functions: { directory: 'supabase/functions', watch: development },
		// links in mails lead to the app
		auth: { siteUrl: `http://localhost:${settings.appPort}` },
		...(settings.publicApiUrl ? { publicUrl: settings.publicApiUrl } : {})
	});
}

/** Loads the demo into a new installation; an installation with its own company is left alone. */
async function prepareDemo(dbUrl: string): Promise<boolean> {
	if (wantsDemo) await loadDemo(dbUrl);
	const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
	try {
		return await hasDemo(sql);
	} finally {
		await sql.end();
	}
}

/** Starts the app and starts it again should it be killed. */
async function serve(options: AppOptions): Promise<void> {
	app = await (development ? serveDevelopment(options) : serveApp(options));
	void app.ended.then(async (code) => {
		if (stopping) return;
		console.error(`The app server ended (${code ?? 'killed'}); starting it again.`);
		await serve(options).catch(reportFailure);
	});
}

function announce(settings: Settings, running: Stack, demo: boolean): void {
	const address = `http://localhost:${settings.appPort}`;
	recordedIn = settings.home;
	recordRunning(settings.home, {
		pid: process.pid,
		app: address,
		api: running.url,
		db: running.dbUrl,
		mail: running.mailUrl,
		publishable_key: running.keys.publishable
	});
	console.log(`\nVerstak is ready: ${address}`);
	if (demo) {
		console.log(`\nSign in as (password ${DEMO_PASSWORD}):`);
		for (const { role, email } of demoAccounts) console.log(`  ${role.padEnd(12)} ${email}`);
	} else {
		console.log('Make the first administrator: npm run admin:create -- you@example.com');
	}
	if (running.mailUrl) console.log(`\nMail is caught, not sent: ${running.mailUrl}`);
	console.log('\nCtrl-C stops everything.');
}

function stop(): Promise<void> {
	stopping ??= (async () => {
		if (recordedIn) forgetRunning(recordedIn);
		await app?.stop();
		await stack?.stop();
	})();
	return stopping;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		// a second Ctrl-C means now; Postgres then ends by itself
		if (stopping) process.exit(130);
		void stop().then(() => process.exit(0));
	});
}

process.on('uncaughtException', (error) => {
	reportFailure(error);
	void stop().finally(() => process.exit(1));
});

main().catch(async (error: unknown) => {
	reportFailure(error);
	await stop();
	process.exit(1);
});
