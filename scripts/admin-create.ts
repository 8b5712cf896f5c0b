/**
 * `npm run admin:create -- you@example.com ["Full Name"]`: makes the first administrator of the
 * running installation and prints a password for the first sign-in.
 */
import { randomBytes } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import postgres from 'postgres';
import { z } from 'zod';
import { findRunning } from './running.ts';
import { readSettings } from './settings.ts';
import { reportFailure } from './steps.ts';

async function main(): Promise<void> {
	const [address, name] = process.argv.slice(2);
	const email = z.email().safeParse(address);
	if (!email.success) {
		throw new Error('Usage: npm run admin:create -- you@example.com ["Full Name"]');
	}
	const running = findRunning(readSettings().home);
	if (!running)
		throw new Error('Verstak is not running. Start it first with: npm start -- --no-demo');
	const password = `${randomBytes(12).toString('base64url')}-A1`;
	const client = createClient(running.api, running.publishable_key, {
		auth: { persistSession: false }
	});
	const { data, error } = await client.auth.signUp({ email: email.data, password });
	if (error || !data.user) throw new Error(`The account was not made: ${error?.message}`);
	const sql = postgres(running.db, { max: 1, onnotice: () => {} });
	try {
		await sql`insert into public.employees (id, full_name, role)
			values (${data.user.id}, ${name ?? email.data}, 'admin')`;
	} finally {
		await sql.end();
	}
	console.log(
		`Administrator ${email.data}\nPassword      ${password}\nSign in at    ${running.app}/signin`
	);
}

main().catch(reportFailure);
