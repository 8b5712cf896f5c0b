// what hosted Supabase would refuse must not creep in while the embedded stack would let it pass
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const DIRECTORY = fileURLToPath(new URL('../../supabase/migrations/', import.meta.url));
const EXTENSIONS = ['pgcrypto', 'pg_trgm', 'unaccent', 'citext', 'btree_gin', 'btree_gist'];

const withoutComments = (sql: string) =>
	sql.replace(/--.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');

const files = readdirSync(DIRECTORY)
	.filter((name) => name.endsWith('.sql'))
	.map((name) => ({
		name,
		sql: withoutComments(readFileSync(DIRECTORY + name, 'utf8')).toLowerCase()
	}));

it('finds the migrations', () => {
	expect(files.length).toBeGreaterThan(5);
});

describe.each(files)('$name', ({ sql }) => {
	it('makes and changes nothing in schemas that belong to Supabase, but policies and triggers', () => {
		const forbidden =
			/\b(create|alter|drop)\s+(or\s+replace\s+)?(unique\s+)?(table|function|procedure|index|view|materialized\s+view|type|domain|sequence|schema)\s+(if\s+(not\s+)?exists\s+)?(concurrently\s+)?(auth|storage|realtime|gateway|extensions|vault|pgsodium)\b/;
		expect(sql.match(forbidden)?.[0]).toBeUndefined();
		const indexElsewhere = /\bcreate\s+(unique\s+)?index\b[^;]*\bon\s+(auth|storage|realtime)\./;
		expect(sql.match(indexElsewhere)?.[0]).toBeUndefined();
	});

	it('needs no extension that hosted or embedded lacks', () => {
		for (const [, extension] of sql.matchAll(
			/create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)/g
		)) {
			expect(EXTENSIONS).toContain(extension);
		}
	});

	it('needs nothing that only the embedded stack has', () => {
		expect(sql).not.toMatch(/\bgateway\./);
		expect(sql).not.toMatch(/\bsupabase_admin\b/);
	});

	it('uses no superuser rights', () => {
		expect(sql).not.toMatch(
			/\b(superuser|alter\s+system|session_replication_role|create\s+role|alter\s+role)\b/
		);
	});
});
