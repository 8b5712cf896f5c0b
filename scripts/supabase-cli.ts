/** The official Supabase CLI from npm, run against a database URL. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../node_modules/.bin/supabase', import.meta.url));

/**
 * @param arguments_ the CLI's own arguments without `--remote`
 * @returns what it printed on standard output
 * @throws Error with the CLI's last lines
 */
export async function supabaseCli(arguments_: string[], databaseUrl: string): Promise<string> {
	try {
		const { stdout } = await run(PROGRAM, [...arguments_, `--remote=${databaseUrl}`], {
			cwd: PROJECT,
			maxBuffer: 64_000_000,
			env: {
				...process.env,
				DO_NOT_TRACK: '1',
				SUPABASE_TELEMETRY_DISABLED: '1',
				// otherwise it remarks on the lack of TLS, on standard output
				...(isLocal(databaseUrl) ? { PGSSLMODE: 'disable' } : {})
			}
		});
		return stdout;
	} catch (error) {
		const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
		const said = `${stdout}\n${stderr}`.replaceAll(databaseUrl, '<database>').trim();
		throw new Error(`supabase ${arguments_.join(' ')} failed:\n${said.slice(-3_000)}`, {
			cause: error
		});
	}
}

const isLocal = (url: string) => ['127.0.0.1', 'localhost'].includes(new URL(url).hostname);

/** Applies what is new in supabase/migrations and supabase/seed.sql. */
export const applyMigrations = (databaseUrl: string) =>
	supabaseCli(['db', 'push', '--include-seed', '--yes'], databaseUrl);
