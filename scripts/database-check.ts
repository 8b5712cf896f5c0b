/**
 * `npm run db:types` writes src/lib/supabase/database.types.ts from the migrations;
 * `npm run db:check` refuses drift between the two and runs Supabase's advisors. Both on a stack of
 * their own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startTestStack } from '../tests/support/stack.ts';
import { supabaseCli } from './supabase-cli.ts';

const FILE = fileURLToPath(new URL('../src/lib/supabase/database.types.ts', import.meta.url));
const write = process.argv.includes('--write');

const stack = await startTestStack('empty');
try {
	const types = await supabaseCli(
		['gen', 'types', '--lang', 'typescript', '--schema', 'public'],
		stack.dbUrl
	);
	if (write) {
		writeFileSync(FILE, types);
		console.log('Wrote src/lib/supabase/database.types.ts');
	} else {
		if (readFileSync(FILE, 'utf8') !== types) {
			throw new Error('database.types.ts differs from the migrations. Run: npm run db:types');
		}
		console.log('database.types.ts matches the migrations.');
		// exits non-zero, and so throws, when there is a finding
		await supabaseCli(['db', 'advisors', '--level', 'warn', '--fail-on', 'warn'], stack.dbUrl);
		console.log('Supabase’s advisors report nothing at warn or above.');
	}
} catch (error) {
	console.error((error as Error).message);
	process.exitCode = 1;
} finally {
	await stack.dispose();
}
