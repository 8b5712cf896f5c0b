/** Brings a bare Postgres to the state a Supabase database has before the first migration. */
import { readFileSync } from 'node:fs';
import postgres, { type Sql } from 'postgres';
import type { Secrets } from '../secrets.ts';
import { SUPERUSER } from '../postgres/server.ts';

export type DatabaseUrls = {
	/** superuser: lite's introspection and the bootstrap */
	admin: string;
	/** owner of the schema `public`: migrations, the CLI, people */
	owner: string;
	/** may only become anon, authenticated or service_role */
	authenticator: string;
};

export function databaseUrls(port: number, secrets: Secrets): DatabaseUrls {
	const url = (role: string, password: string) =>
		`postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
	return {
		admin: url(SUPERUSER, secrets.adminPassword),
		owner: url('postgres', secrets.ownerPassword),
		authenticator: url('authenticator', secrets.authenticatorPassword)
	};
}

const script = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Roles, schemas, `realtime`. Every script may be repeated, so it also repairs and upgrades. */
export async function bootstrap(urls: DatabaseUrls, secrets: Secrets): Promise<void> {
	const admin = postgres(urls.admin, { max: 1, onnotice: () => {} });
	try {
		await admin.unsafe(script('roles.sql')).simple();
		await setPassword(admin, 'postgres', secrets.ownerPassword);
		await setPassword(admin, 'authenticator', secrets.authenticatorPassword);
		await admin.unsafe(script('auth-functions.sql')).simple();
		await admin.unsafe(script('realtime.sql')).simple();
		await admin.unsafe(script('realtime-changes.sql')).simple();
		await admin.unsafe(script('realtime-rls.sql')).simple();
		await admin.unsafe(script('storage.sql')).simple();
		await admin.unsafe(script('gateway.sql')).simple();
		await admin.unsafe(script('jobs.sql')).simple();
	} finally {
		await admin.end();
	}
}

/** Second half, after lite made the tables of `auth`. */
export async function completeAuth(urls: DatabaseUrls): Promise<void> {
	const admin = postgres(urls.admin, { max: 1, onnotice: () => {} });
	try {
		// lite puts its own, poorer auth.uid() and its sisters in place of ours
		await admin.unsafe(script('auth-functions.sql')).simple();
		await admin.unsafe(script('auth-tables.sql')).simple();
		await admin.unsafe(script('auth-grants.sql')).simple();
	} finally {
		await admin.end();
	}
}

async function setPassword(admin: Sql, role: string, password: string): Promise<void> {
	const [row] =
		await admin`select format('alter role %I password %L', ${role}::text, ${password}::text) as statement`;
	await admin.unsafe(row?.statement as string);
}
