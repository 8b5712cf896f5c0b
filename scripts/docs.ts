/**
 * The pages of docs/ that are made from the schema. `node scripts/docs.ts` writes them, with
 * `--check` it refuses pages that differ; `npm run db:types` and `db:check` do the same for their
 * own stack.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import postgres, { type Sql } from 'postgres';
import { startTestStack } from '../tests/support/stack.ts';
import { accessPage } from './access-page.ts';
import { pretty } from './markdown.ts';
import { modelPage } from './model-page.ts';

const path = (name: string) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
const PAGES: Record<string, (before: string, sql: Sql) => Promise<string>> = {
	'access.md': accessPage,
	'data-model.md': (_, sql) => modelPage(sql)
};

/**
 * @param databaseUrl a database with all migrations and nothing else
 * @returns names of pages that differed; with `write` they are right now
 */
export async function makeDocs(databaseUrl: string, write: boolean): Promise<string[]> {
	const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
	const changed: string[] = [];
	try {
		for (const [name, make] of Object.entries(PAGES)) {
			const before = read(path(name));
			const after = await pretty(await make(before, sql), path(name));
			if (after === before) continue;
			changed.push(name);
			if (write) writeFileSync(path(name), after);
		}
	} finally {
		await sql.end();
	}
	return changed;
}

function read(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const write = !process.argv.includes('--check');
	const stack = await startTestStack('empty');
	try {
		const changed = await makeDocs(stack.dbUrl, write);
		console.log(
			changed.length === 0 ? 'docs/ matches the schema.' : `Differs: ${changed.join(', ')}`
		);
		if (!write && changed.length > 0) process.exitCode = 1;
	} finally {
		await stack.dispose();
	}
}
