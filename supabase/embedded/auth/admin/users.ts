/** `/admin/users`: list, make, read, change and delete accounts. */
import { createHash } from 'node:crypto';
import type { Sql } from 'postgres';
import {
	asAuthError,
	audit,
	createAccount,
	endSessions,
	findById,
	writeIdentity
} from '../accounts.ts';
import type { Call } from '../call.ts';
import { AuthError, invalid } from '../errors.ts';
import { assertPasswordStrong, hashPassword } from '../password.ts';
import type { AuthService } from '../service.ts';
import { toUserJson, type UserRow } from '../user.ts';
import { bannedUntil, userParams, type UserParams } from './params.ts';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1_000;

export async function listUsers(service: AuthService, call: Call): Promise<Response> {
	const page = positive(call, 'page', 1);
	const size = Math.min(positive(call, 'per_page', DEFAULT_PAGE_SIZE), MAX_PAGE_SIZE);
	const [count] = await service.sql<{ total: number }[]>`
		select count(*)::int as total from auth.users where deleted_at is null`;
	const rows = await service.sql<UserRow[]>`
		select * from auth.users where deleted_at is null
		order by created_at desc, id desc limit ${size} offset ${(page - 1) * size}`;
	const total = count?.total ?? 0;
	const users = await toUserJson(service.sql, rows);
	return Response.json(
		{ users, aud: 'authenticated' },
		{ headers: { 'x-total-count': String(total), link: pageLinks(service, page, size, total) } }
	);
}

function positive(call: Call, name: string, fallback: number): number {
	const given = call.url.searchParams.get(name);
	if (!given) return fallback;
	const value = Number(given);
	if (!Number.isSafeInteger(value) || value < 1 || value > 1e9) {
		throw invalid(`Bad Pagination Parameters: ${name} must be a positive number`);
	}
	return value;
}

/** supabase-js reads the page from the first parameter of each link. */
function pageLinks(service: AuthService, page: number, size: number, total: number): string {
	const last = Math.max(1, Math.ceil(total / size));
	const link = (target: number, rel: string) =>
		`<${service.url}/auth/v1/admin/users?page=${target}&per_page=${size}>; rel="${rel}"`;
	return [...(page < last ? [link(page + 1, 'next')] : []), link(last, 'last')].join(', ');
}

export async function getUser(service: AuthService, _call: Call, user: UserRow): Promise<Response> {
	return Response.json((await toUserJson(service.sql, [user]))[0]);
}

export async function createUser(service: AuthService, call: Call): Promise<Response> {
	const params = userParams(call);
	const { sql } = service;
	if (!params.email && !params.phone) {
		throw invalid('Cannot create a user without either an email or phone');
	}
	const banned = bannedUntil(params);
	const user = await createAccount(sql, {
		...(params.id ? { id: params.id } : {}),
		email: params.email || null,
		phone: params.phone || null,
		passwordHash: await hashOf(service, params),
		confirmed: params.email_confirm ?? false,
		phoneConfirmed: params.phone_confirm ?? false,
		userMetadata: params.user_metadata ?? {},
		appMetadata: params.app_metadata ?? {},
		role: params.role ?? '',
		aud: params.aud ?? ''
	});
	if (banned) await sql`update auth.users set banned_until = ${banned} where id = ${user.id}`;
	await audit(sql, 'user_signedup', 'team', null, { user_id: user.id });
	return answer(service, user.id);
}

async function hashOf(service: AuthService, params: UserParams): Promise<string | null> {
	if (params.password_hash && params.password) {
		throw invalid('Only a password or a password hash should be provided');
	}
	if (params.password_hash) return params.password_hash;
	if (!params.password) return null;
	assertPasswordStrong(params.password, service.settings);
	return hashPassword(service.sql, params.password);
}

export async function updateUser(
	service: AuthService,
	call: Call,
	user: UserRow
): Promise<Response> {
	const params = userParams(call);
	const hash = await hashOf(service, params);
	const banned = bannedUntil(params);
	const now = new Date();
	const changes = {
		...(params.role ? { role: params.role } : {}),
		...(params.email ? { email: params.email } : {}),
		...(params.phone ? { phone: params.phone } : {}),
		...(params.email_confirm && !user.email_confirmed_at ? { email_confirmed_at: now } : {}),
		...(params.phone_confirm && !user.phone_confirmed_at ? { phone_confirmed_at: now } : {}),
		...(hash ? { encrypted_password: hash } : {}),
		...(banned === undefined ? {} : { banned_until: banned }),
		raw_app_meta_data: merged(user.raw_app_meta_data, params.app_metadata),
		raw_user_meta_data: merged(user.raw_user_meta_data, params.user_metadata),
		updated_at: now
	};
	try {
		await service.sql.begin((tx) => writeChanges(tx as never, user, changes, params));
	} catch (error) {
		throw asAuthError(error);
	}
	// whoever knew the old password is out
	if (hash) await endSessions(service.sql, user.id);
	await audit(service.sql, 'user_modified', 'user', null, { user_id: user.id });
	return answer(service, user.id);
}

async function writeChanges(
	sql: Sql,
	user: UserRow,
	changes: Record<string, unknown>,
	params: UserParams
): Promise<void> {
	const [row] = await sql<UserRow[]>`
		update auth.users set ${sql(changes as never)} where id = ${user.id} returning *`;
	if (!row) return;
	if (params.email || params.email_confirm) {
		await writeIdentity(sql, row, 'email', row.email_confirmed_at !== null);
	}
	if (params.phone) await writeIdentity(sql, row, 'phone', false);
}

/** Keys are added or replaced, null removes one. */
function merged(present: unknown, changes: Record<string, unknown> | null | undefined): unknown {
	const all = { ...(present as Record<string, unknown> | null), ...changes };
	return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

export async function deleteUser(
	service: AuthService,
	call: Call,
	user: UserRow
): Promise<Response> {
	const { sql } = service;
	if (call.body.should_soft_delete === true) {
		if (!user.deleted_at) await softDelete(sql, user);
	} else {
		await sql`delete from auth.users where id = ${user.id}`.catch((error: unknown) => {
			// something of the application still refers to the account
			const kept = (error as { code?: string }).code === '23503';
			throw kept
				? new AuthError(500, 'unexpected_failure', 'Database error deleting user', { cause: error })
				: error;
		});
	}
	await audit(sql, 'user_deleted', 'team', null, { user_id: user.id });
	return Response.json({});
}

/** The row stays for what refers to it; nobody can sign in with it or tell whose it was. */
async function softDelete(sql: Sql, user: UserRow): Promise<void> {
	const obscured = (value: string | null) =>
		value &&
		createHash('sha256')
			.update(user.id + value)
			.digest('base64url');
	await sql.begin(async (tx) => {
		await tx`
			update auth.users
			set email = ${obscured(user.email)}, phone = ${obscured(user.phone)?.slice(0, 15) ?? null},
				encrypted_password = null, confirmation_token = null, recovery_token = null,
				email_change = null, email_change_token_new = null, email_change_token_current = null,
				reauthentication_token = null, raw_user_meta_data = '{}', raw_app_meta_data = '{}',
				deleted_at = now(), updated_at = now()
			where id = ${user.id}`;
		await tx`delete from auth.identities where user_id = ${user.id}`;
		await tx`delete from auth.mfa_factors where user_id = ${user.id}`;
		await tx`delete from auth.sessions where user_id = ${user.id}`;
	});
}

async function answer(service: AuthService, id: string): Promise<Response> {
	const row = await findById(service.sql, id);
	return Response.json((await toUserJson(service.sql, row ? [row] : []))[0]);
}
