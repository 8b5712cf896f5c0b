/** The user as GoTrue shows it, read from `auth.users`, `auth.identities` and `auth.mfa_factors`. */
import type { Sql } from 'postgres';

export type UserRow = {
	id: string;
	aud: string | null;
	role: string | null;
	email: string | null;
	encrypted_password: string | null;
	phone: string | null;
	email_confirmed_at: Date | null;
	phone_confirmed_at: Date | null;
	confirmed_at: Date | null;
	invited_at: Date | null;
	confirmation_sent_at: Date | null;
	recovery_sent_at: Date | null;
	email_change: string | null;
	email_change_sent_at: Date | null;
	email_change_confirm_status: number;
	raw_app_meta_data: unknown;
	raw_user_meta_data: unknown;
	banned_until: Date | null;
	deleted_at: Date | null;
	is_anonymous: boolean;
	last_sign_in_at: Date | null;
	created_at: Date;
	updated_at: Date;
};

type IdentityRow = {
	id: string;
	provider: string;
	provider_id: string;
	user_id: string;
	identity_data: unknown;
	email: string | null;
	last_sign_in_at: Date | null;
	created_at: Date;
	updated_at: Date;
};

export type FactorRow = {
	id: string;
	user_id: string;
	friendly_name: string | null;
	factor_type: 'totp' | 'webauthn' | 'phone';
	status: 'unverified' | 'verified';
	secret: string | null;
	last_challenged_at: Date | null;
	created_at: Date;
	updated_at: Date;
};

export type UserJson = Record<string, unknown> & { id: string };

/** Columns of a factor without its secret; GoTrue leaves out what is empty. */
export function factorJson(row: FactorRow): Record<string, unknown> {
	return withoutEmpty({
		id: row.id,
		created_at: row.created_at,
		updated_at: row.updated_at,
		status: row.status,
		friendly_name: row.friendly_name || null,
		factor_type: row.factor_type,
		last_challenged_at: row.last_challenged_at
	});
}

/** Factors of several users at once, oldest first. */
export async function factorsOf(sql: Sql, userIds: string[]): Promise<Map<string, FactorRow[]>> {
	const rows = await sql<FactorRow[]>`
		select * from auth.mfa_factors where user_id in ${sql(userIds)} order by created_at`;
	return Map.groupBy(rows, (row) => row.user_id);
}

/** Users as their owner and the admin API see them, in the order given. */
export async function toUserJson(sql: Sql, users: UserRow[]): Promise<UserJson[]> {
	if (users.length === 0) return [];
	const ids = users.map((user) => user.id);
	const [factors, identities] = await Promise.all([
		factorsOf(sql, ids),
		sql<IdentityRow[]>`
			select * from auth.identities where user_id in ${sql(ids)} order by created_at`
	]);
	const identitiesOf = Map.groupBy(identities, (identity) => identity.user_id);
	return users.map((user) =>
		userJson(user, identitiesOf.get(user.id) ?? [], factors.get(user.id) ?? [])
	);
}

function userJson(user: UserRow, identities: IdentityRow[], factors: FactorRow[]): UserJson {
	return {
		id: user.id,
		aud: user.aud ?? 'authenticated',
		role: user.role ?? 'authenticated',
		email: user.email ?? '',
		phone: user.phone ?? '',
		...withoutEmpty({
			email_confirmed_at: user.email_confirmed_at,
			phone_confirmed_at: user.phone_confirmed_at,
			confirmed_at: user.confirmed_at,
			invited_at: user.invited_at,
			confirmation_sent_at: user.confirmation_sent_at,
			recovery_sent_at: user.recovery_sent_at,
			new_email: user.email_change,
			email_change_sent_at: user.email_change_sent_at,
			last_sign_in_at: user.last_sign_in_at,
			banned_until: user.banned_until,
			deleted_at: user.deleted_at
		}),
		app_metadata: user.raw_app_meta_data ?? {},
		user_metadata: user.raw_user_meta_data ?? {},
		...(factors.length > 0 ? { factors: factors.map(factorJson) } : {}),
		identities: identities.map(identityJson),
		created_at: user.created_at,
		updated_at: user.updated_at,
		is_anonymous: user.is_anonymous
	};
}

function identityJson(identity: IdentityRow): Record<string, unknown> {
	return withoutEmpty({
		identity_id: identity.id,
		id: identity.provider_id,
		user_id: identity.user_id,
		identity_data: identity.identity_data,
		provider: identity.provider,
		last_sign_in_at: identity.last_sign_in_at,
		created_at: identity.created_at,
		updated_at: identity.updated_at,
		email: identity.email
	});
}

function withoutEmpty(fields: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)
	);
}
