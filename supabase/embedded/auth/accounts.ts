/** Writes to `auth.users` and `auth.identities` that lite has no call for. Emails come lower-case. */
import { createHash, randomInt, randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import { emailExists, invalid } from './errors.ts';
import type { UserRow } from './user.ts';

export type NewAccount = {
	id?: string;
	email: string | null;
	phone?: string | null;
	passwordHash?: string | null;
	confirmed: boolean;
	phoneConfirmed?: boolean;
	userMetadata?: Record<string, unknown>;
	appMetadata?: Record<string, unknown>;
	role?: string;
	aud?: string;
};

export type TokenColumn =
	'confirmation_token' | 'recovery_token' | 'email_change_token_current' | 'email_change_token_new';

/** A code for a mail and what is stored of it: SHA-256 of address and code, as lite computes it. */
export function makeCode(email: string, length: number): { code: string; hash: string } {
	const code = Array.from({ length }, () => randomInt(10)).join('');
	return { code, hash: hashCode(email, code) };
}

export const hashCode = (email: string, code: string) =>
	createHash('sha256')
		.update(email.toLowerCase() + code)
		.digest('hex');

/** A trimmed, lower-case e-mail address; throws when it is none. */
export function validEmail(value: unknown): string {
	const email = typeof value === 'string' ? value.trim().toLowerCase() : '';
	if (!email) throw invalid('An email address is required');
	if (email.length > 255 || email.includes('\0') || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
		throw invalid('Unable to validate email address: invalid format');
	}
	return email;
}

export async function findByEmail(sql: Sql, email: string): Promise<UserRow | undefined> {
	const [row] = await sql<UserRow[]>`
		select * from auth.users
		where email = ${email} and not is_sso_user and deleted_at is null`;
	return row;
}

export async function findById(sql: Sql, id: string): Promise<UserRow | undefined> {
	const [row] = await sql<UserRow[]>`select * from auth.users where id = ${id}`;
	return row;
}

/** Makes a user with its e-mail (and phone) identity in one transaction. */
export async function createAccount(sql: Sql, account: NewAccount): Promise<UserRow> {
	const id = account.id ?? randomUUID();
	const providers = [...(account.email ? ['email'] : []), ...(account.phone ? ['phone'] : [])];
	const appMetadata = { provider: providers[0], providers, ...account.appMetadata };
	const now = new Date();
	try {
		return await sql.begin(async (tx) => {
			const [row] = await tx<UserRow[]>`
				insert into auth.users (id, aud, role, email, phone, encrypted_password,
					email_confirmed_at, phone_confirmed_at, raw_app_meta_data, raw_user_meta_data,
					created_at, updated_at)
				values (${id}, ${account.aud || 'authenticated'}, ${account.role || 'authenticated'},
					${account.email}, ${account.phone ?? null}, ${account.passwordHash ?? null},
					${account.email && account.confirmed ? now : null},
					${account.phone && account.phoneConfirmed ? now : null},
					${tx.json(appMetadata as never)}, ${tx.json((account.userMetadata ?? {}) as never)},
					${now}, ${now})
				returning *`;
			if (!row) throw new Error('The account was not written');
			if (account.email) await writeIdentity(tx as never, row, 'email', account.confirmed);
			if (account.phone) await writeIdentity(tx as never, row, 'phone', false);
			return row;
		});
	} catch (error) {
		throw asAuthError(error);
	}
}

/** The identity by which a user signs in with e-mail or phone; brought up to date if it exists. */
export async function writeIdentity(
	sql: Sql,
	user: UserRow,
	provider: 'email' | 'phone',
	verified: boolean
): Promise<void> {
	const data = {
		sub: user.id,
		...(provider === 'email' ? { email: user.email } : { phone: user.phone }),
		email_verified: provider === 'email' && verified,
		phone_verified: false
	};
	await sql`
		insert into auth.identities (id, provider, provider_id, user_id, identity_data,
			last_sign_in_at, created_at, updated_at)
		values (${randomUUID()}, ${provider}, ${user.id}, ${user.id}, ${sql.json(data as never)},
			now(), now(), now())
		on conflict (provider, provider_id) do update
			set identity_data = identities.identity_data || excluded.identity_data, updated_at = now()`;
}

/** Puts a mail's token on a user; the one before is no longer good. */
export async function setToken(
	sql: Sql,
	userId: string,
	column: TokenColumn,
	hash: string
): Promise<void> {
	const sentAt = column.startsWith('email_change')
		? 'email_change_sent_at'
		: column.replace('_token', '_sent_at');
	await sql`
		update auth.users
		set ${sql(column)} = ${hash}, ${sql(sentAt)} = now(), updated_at = now()
		where id = ${userId}`;
}

/** Signs a user out everywhere, except from one session if given; refresh tokens go along. */
export async function endSessions(sql: Sql, userId: string, except?: string): Promise<void> {
	await sql`
		delete from auth.sessions
		where user_id = ${userId} and id is distinct from ${except ?? null}::uuid`;
}

/** What happened to an account, as GoTrue keeps it. */
export async function audit(
	sql: Sql,
	action: string,
	logType: 'account' | 'team' | 'token' | 'user' | 'factor',
	actorId: string | null,
	traits: Record<string, unknown>
): Promise<void> {
	const payload = {
		action,
		actor_id: actorId ?? '',
		actor_via_sso: false,
		log_type: logType,
		traits
	};
	await sql`
		insert into auth.audit_log_entries (id, payload, created_at)
		values (${randomUUID()}, ${sql.json(payload as never)}, now())`;
}

/** A unique key broken by somebody faster is an expected refusal. */
export function asAuthError(error: unknown): unknown {
	const { code, constraint_name } = error as { code?: string; constraint_name?: string };
	if (code !== '23505') return error;
	return constraint_name?.includes('phone')
		? invalid('Phone number already registered by another user', 422)
		: emailExists();
}
