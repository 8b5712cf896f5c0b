/**
 * `npm run db:types` writes src/lib/supabase/database.types.ts and the generated pages of docs/ from
 * the migrations; `npm run db:check` refuses drift and runs Supabase's advisors with the newest
 * lints. Both on a stack of their own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { startTestStack } from '../tests/support/stack.ts';
import { makeDocs } from './docs.ts';
import { newerLints } from './newer-lints.ts';
import { supabaseCli } from './supabase-cli.ts';

const FILE = fileURLToPath(new URL('../src/lib/supabase/database.types.ts', import.meta.url));
const write = process.argv.includes('--write');

async function refuseFindings(databaseUrl: string): Promise<void> {
	// exits non-zero, and so throws, when there is a finding
	await supabaseCli(['db', 'advisors', '--level', 'warn', '--fail-on', 'warn'], databaseUrl);
	const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
	try {
		const found = await newerLints(sql);
		if (found.length > 0) throw new Error(`Newest lints:\n${found.join('\n')}`);
	} finally {
		await sql.end();
	}
	console.log('Supabase’s advisors and newest lints report nothing at warn or above.');
}

const stack = await startTestStack('empty');
try {
	const types = await supabaseCli(
		['gen', 'types', '--lang', 'typescript', '--schema', 'public'],
		stack.dbUrl
	);
	const pages = await makeDocs(stack.dbUrl, write);
	if (write) {
		writeFileSync(FILE, types);
		console.log(['Wrote src/lib/supabase/database.types.ts', ...pages].join(', docs/'));
	} else {
		if (readFileSync(FILE, 'utf8') !== types) {
			throw new Error('database.types.ts differs from the migrations. Run: npm run db:types');
		}
		if (pages.length > 0) {
			throw new Error(
				`docs/${pages.join(', docs/')} differs from the migrations. Run: npm run db:types`
			);
		}
		console.log('database.types.ts and docs/ match the migrations.');
		await refuseFindings(stack.dbUrl);
	}
} catch (error) {
	console.error((error as Error).message);
	process.exitCode = 1;
} finally {
	await stack.dispose();
}
