/**
 * Passwords: who may sign in with one, and which are good enough. Hashes are bcrypt, computed by
 * Postgres (pgcrypto): a hash takes tens of milliseconds, which would stall every socket of this
 * process.
 */
import type { Sql } from 'postgres';
import { AuthError, invalid } from './errors.ts';
import type { AuthSettings } from './settings.ts';

/** bcrypt of a password nobody has, compared with when there is no account to compare with */
const NOBODYS_HASH = '$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy';
const COST = 10;

export type PasswordCheck = { id: string; confirmed: boolean } | null;

/**
 * The account that an e-mail and a password open, or null. A wrong password and an unknown address
 * cost the same single statement with the same single hash, so their times tell nothing.
 */
export async function checkPassword(
	sql: Sql,
	email: string,
	password: string
): Promise<PasswordCheck> {
	// Postgres has no text with a zero byte, so no account has such a password
	const possible = !password.includes('\0') && !email.includes('\0');
	const [row] = await sql<{ id: string | null; confirmed: boolean; matches: boolean }[]>`
		select account.id, account.confirmed_at is not null as confirmed,
			extensions.crypt(${possible ? password : ''}, hash.value) = hash.value
				and hash.usable and account.id is not null as matches
		from (select 1) as always
		left join auth.users account on account.email = ${possible ? email.toLowerCase() : ''}
			and not account.is_sso_user and account.deleted_at is null
		cross join lateral (
			select usable, case when usable
				then regexp_replace(account.encrypted_password, '^\\$2[by]\\$', '$2a$')
				else ${NOBODYS_HASH} end as value
			from (select coalesce(
				account.encrypted_password ~ '^\\$2[aby]\\$\\d\\d\\$.{53}$', false) as usable) as kind
		) as hash`;
	return possible && row?.matches && row.id ? { id: row.id, confirmed: row.confirmed } : null;
}

/** bcrypt, in the form GoTrue reads, too. */
export async function hashPassword(sql: Sql, password: string): Promise<string> {
	if (password.includes('\0')) throw invalid('Password contains a character that is not allowed');
	const [row] = await sql<{ hash: string }[]>`
		select extensions.crypt(${password}, extensions.gen_salt('bf', ${COST})) as hash`;
	if (!row) throw new Error('Postgres computed no hash');
	return row.hash;
}

const LETTERS = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const DIGITS = '0123456789';
const REQUIRED: Record<string, string[]> = {
	letters_digits: [LETTERS.join(''), DIGITS],
	lower_upper_letters_digits: [...LETTERS, DIGITS],
	lower_upper_letters_digits_symbols: [...LETTERS, DIGITS, '!@#$%^&*']
};

/** Throws GoTrue's `weak_password` when a new password breaks the configured rules. */
export function assertPasswordStrong(password: string, settings: AuthSettings): void {
	if (new TextEncoder().encode(password).length > 72) {
		throw invalid('Password cannot be longer than 72 characters');
	}
	const sets = REQUIRED[settings.passwordRequirements] ?? [];
	const short = password.length < settings.minimumPasswordLength;
	const poor = sets.some((set) => ![...set].some((letter) => password.includes(letter)));
	if (!short && !poor) return;
	const sentences = [
		...(short ? [`Password should be at least ${settings.minimumPasswordLength} characters.`] : []),
		...(poor ? [`Password should contain at least one character of each: ${sets.join(', ')}.`] : [])
	];
	const reasons = [...(short ? ['length'] : []), ...(poor ? ['characters'] : [])];
	throw new AuthError(422, 'weak_password', sentences.join(' '), {
		details: { weak_password: { reasons } }
	});
}
