/** What every part of the auth service works with. */
import type { Sql } from 'postgres';
import type { Identities } from '../gateway/identity.ts';
import type { Log } from '../log.ts';
import type { Call, Change } from './call.ts';
import type { TokenCompleter } from './claims.ts';
import { tooMany, type Limits, type RateLimiter } from './limits.ts';
import type { PostOffice } from './mail/post.ts';
import type { AuthSettings } from './settings.ts';
import type { Turns } from './turns.ts';

export type AuthService = {
	sql: Sql;
	settings: AuthSettings;
	identities: Identities;
	tokens: TokenCompleter;
	limiter: RateLimiter;
	post: PostOffice;
	/** refreshes under way, by refresh token */
	refreshes: Turns;
	/** where clients reach the gateway */
	url: string;
	log: Log;
	/** lite's own answer to the request, with parts of it replaced if asked */
	lite(call: Call, change?: Change): Promise<Response>;
};

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type LimitName = keyof Limits;
const MAILS = new Set<LimitName>(['signup', 'otp', 'recover', 'resend']);

/**
 * Counts one request against the address it comes from and, if given, the account it is about.
 * @param account an e-mail address, or the user's id for factors; empty when not known
 * @throws AuthError 429
 */
export function limit(service: AuthService, name: LimitName, call: Call, account = ''): void {
	const rules = service.settings.limits[name];
	take(service, name, 'address', call.address, rules.address, false);
	if (!account) return;
	if ('user' in rules) take(service, name, 'user', account, rules.user, false);
	if ('email' in rules) {
		const key = accountKey(name, call, account);
		take(service, name, 'email', key, rules.email, MAILS.has(name));
	}
}

/** Takes back what a right password was counted for, so that only failures add up. */
export function forgive(service: AuthService, call: Call, email: string): void {
	const key = bucket('password', 'email', accountKey('password', call, email));
	service.limiter.refund(key, service.settings.limits.password.email);
}

/** No two mails to one address in quick succession, whether there is an account or not. */
export function limitMailGap(service: AuthService, email: string): void {
	const seconds = service.settings.mailGap;
	if (seconds > 0) take(service, 'mail', 'gap', email, { count: 1, seconds }, true);
}

// guessing one password is counted by address, too: nobody can lock another one out from afar
const accountKey = (name: LimitName, call: Call, account: string) =>
	name === 'password' ? `${call.address} ${account}` : account;

// what somebody sends as an address may be long; the beginning tells enough
const bucket = (name: string, kind: string, key: string) => `${name} ${kind} ${key.slice(0, 320)}`;

function take(
	service: AuthService,
	name: string,
	kind: string,
	key: string,
	rule: { count: number; seconds: number },
	mail: boolean
): void {
	const wait = service.limiter.take(bucket(name, kind, key), rule);
	if (wait === 0) return;
	service.log('auth_limited', { limit: name, by: kind, retry_after: wait });
	throw tooMany(wait, mail);
}
