// hosted projects may hand new functions and tables to everybody by default, the embedded stack does
// not: so each migration has to take those rights away itself, or a hole would show on hosted only
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const DIRECTORY = fileURLToPath(new URL('../../supabase/migrations/', import.meta.url));
const files = readdirSync(DIRECTORY)
	.filter((name) => name.endsWith('.sql'))
	.map((name) => ({ name, sql: readFileSync(DIRECTORY + name, 'utf8') }));

/** Names after a verb, up to the roles: `revoke execute on function a, b from public, …`. */
const listed = (sql: string, start: RegExp, roles: RegExp) =>
	[...sql.matchAll(new RegExp(`${start.source}\\s+([^;]*?)\\s+from\\s+([^;]*);`, 'g'))]
		.filter(([, , from]) => roles.test(from as string))
		.flatMap(([, names]) => (names as string).split(/\s*,\s*/));

const created = (sql: string, what: string) =>
	[...sql.matchAll(new RegExp(`^create ${what} ((?:public|private)\\.\\w+)`, 'gm'))].map(
		([, name]) => name as string
	);

describe.each(files)('$name', ({ sql }) => {
	it('takes every function it makes from everybody before granting it', () => {
		const revoked = listed(sql, /revoke execute on function/, /public, anon, authenticated/);
		expect(created(sql, 'function').filter((name) => !revoked.includes(name))).toEqual([]);
	});

	it('takes every table and view it makes from everybody before granting it', () => {
		const revoked = listed(sql, /revoke all on/, /public, anon, authenticated, service_role/);
		const made = [...created(sql, 'table'), ...created(sql, 'view')];
		expect(made.filter((name) => !revoked.includes(name))).toEqual([]);
	});
});
