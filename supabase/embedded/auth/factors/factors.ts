/**
 * Second factors: `POST /factors`, `POST /factors/:id/challenge`, `POST /factors/:id/verify`,
 * `DELETE /factors/:id`. Answers and refusals as GoTrue's mfa.go (supabase-facts §5.2); TOTP only.
 * Stricter than GoTrue in one point: a code is good once.
 */
import { isIP } from 'node:net';
import { decodeJwt } from 'jose';
import { audit } from '../accounts.ts';
import { textOf, type Call } from '../call.ts';
import { AuthError, invalid, userBanned } from '../errors.ts';
import { limit, UUID, type AuthService } from '../service.ts';
import { factorsOf, type FactorRow } from '../user.ts';
import {
	disabled,
	expiredChallenge,
	foreignChallenge,
	nameConflict,
	tooManyFactors,
	unknownChallenge
} from './refusals.ts';
import {
	findChallenge,
	findFactor,
	insertChallenge,
	insertFactor,
	raiseSession,
	removeAbandoned,
	removeFactor,
	useStep,
	type ChallengeRow
} from './store.ts';
import { makeSecret, otpauthUri, qrSvg, stepOf } from './totp.ts';

export type Caller = { userId: string; email: string; sessionId: string; aal: string };

/** Returns null for a path or method that is none of these. */
export async function serveFactors(service: AuthService, call: Call): Promise<Response | null> {
	const [, id, action] = /^\/factors(?:\/([^/]+)(?:\/(challenge|verify))?)?$/.exec(call.path) ?? [];
	const isKnown = id ? action || call.method === 'DELETE' : call.method === 'POST';
	if (!isKnown || (action && call.method !== 'POST')) return null;
	const caller = await callerOf(service, call);
	if (caller instanceof Response) return caller;
	limit(service, 'factors', call, action === 'verify' ? caller.userId : '');
	if (!id) return enroll(service, call, caller);
	if (!UUID.test(id)) throw invalid('factor_id must be an UUID', 404);
	const factor = await findFactor(service.sql, caller.userId, id);
	if (!factor) throw new AuthError(404, 'mfa_factor_not_found', 'Factor not found');
	if (action === 'challenge') return challenge(service, call, factor);
	if (action === 'verify') return verify(service, call, caller, factor);
	return unenroll(service, caller, factor);
}

/** Who is signed in; lite's own refusal when the key, the token or the session is not good. */
async function callerOf(service: AuthService, call: Call): Promise<Caller | Response> {
	const answer = await service.lite(call, { method: 'GET', path: '/user' });
	if (!answer.ok) return answer;
	const token = /^Bearer\s+(.+)$/i.exec(call.headers.get('authorization') ?? '')?.[1] ?? '';
	const claims = decodeJwt(token);
	const sessionId = UUID.test(String(claims.session_id)) ? String(claims.session_id) : null;
	const [row] = await service.sql<(Caller & { banned: boolean })[]>`
		select u.id as "userId", coalesce(u.email, '') as email, s.id as "sessionId",
			coalesce(s.aal, 'aal1') as aal, coalesce(u.banned_until > now(), false) as banned
		from auth.users u join auth.sessions s on s.user_id = u.id
		where u.id = ${String(claims.sub)} and s.id = ${sessionId}
			and u.deleted_at is null`;
	if (!row) {
		throw new AuthError(
			403,
			'session_not_found',
			'Session from session_id claim in JWT does not exist'
		);
	}
	if (row.banned) throw userBanned(403);
	return row;
}

async function enroll(service: AuthService, call: Call, caller: Caller): Promise<Response> {
	const { sql, settings } = service;
	if (call.body.factor_type !== 'totp') {
		throw ['phone', 'webauthn'].includes(textOf(call, 'factor_type'))
			? disabled(textOf(call, 'factor_type'), 'enroll')
			: invalid('factor_type needs to be totp, phone, or webauthn');
	}
	if (!settings.totp.enroll) throw disabled('totp', 'enroll');
	const friendlyName = textOf(call, 'friendly_name').slice(0, 200);
	await removeAbandoned(sql);
	await assertRoomFor(service, caller, friendlyName);
	const secret = makeSecret();
	const issuer = textOf(call, 'issuer') || new URL(settings.siteUrl).host;
	const uri = otpauthUri(secret, issuer.slice(0, 100), caller.email);
	const factor = await insertFactor(sql, { userId: caller.userId, friendlyName, secret }).catch(
		(error: unknown) => {
			throw (error as { code?: string }).code === '23505' ? nameConflict(friendlyName) : error;
		}
	);
	await audit(sql, 'factor_in_progress', 'factor', caller.userId, { factor_id: factor.id });
	return Response.json({
		id: factor.id,
		type: 'totp',
		friendly_name: friendlyName,
		totp: { qr_code: qrSvg(uri), secret, uri }
	});
}

async function assertRoomFor(service: AuthService, caller: Caller, name: string): Promise<void> {
	const factors = (await factorsOf(service.sql, [caller.userId])).get(caller.userId) ?? [];
	if (factors.some((factor) => (factor.friendly_name ?? '') === name)) throw nameConflict(name);
	if (factors.length >= service.settings.totp.maxFactors) {
		throw tooManyFactors();
	}
	if (caller.aal !== 'aal2' && factors.some((factor) => factor.status === 'verified')) {
		throw new AuthError(403, 'insufficient_aal', 'AAL2 required to enroll a new factor');
	}
}

async function challenge(service: AuthService, call: Call, factor: FactorRow): Promise<Response> {
	if (!service.settings.totp.verify) throw disabled('totp', 'verify');
	const made = await insertChallenge(service.sql, factor.id, inetOf(call));
	const { challengeSeconds } = service.settings.totp;
	const expiresAt = Math.floor(made.created_at.getTime() / 1000) + challengeSeconds;
	return Response.json({ id: made.id, type: factor.factor_type, expires_at: expiresAt });
}

async function verify(
	service: AuthService,
	call: Call,
	caller: Caller,
	factor: FactorRow
): Promise<Response> {
	const { sql } = service;
	const code = textOf(call, 'code').trim();
	if (!code) throw invalid('Code needs to be non-empty');
	if (!service.settings.totp.verify) throw disabled('totp', 'verify');
	const open = await openChallenge(service, call, factor);
	const step = stepOf(factor.secret ?? '', code);
	if (step === null || !(await useStep(sql, factor.id, step))) {
		throw new AuthError(422, 'mfa_verification_failed', 'Invalid TOTP code entered');
	}
	const { userId, sessionId } = caller;
	await sql.begin((tx) =>
		raiseSession(tx as never, { userId, sessionId, factorId: factor.id, challengeId: open.id })
	);
	await audit(sql, 'verification_attempted', 'factor', userId, { factor_id: factor.id });
	return freshTokens(service, call, sessionId);
}

async function openChallenge(
	service: AuthService,
	call: Call,
	factor: FactorRow
): Promise<ChallengeRow> {
	const id = textOf(call, 'challenge_id');
	const found = UUID.test(id) ? await findChallenge(service.sql, factor.id, id) : undefined;
	if (!found) throw unknownChallenge();
	// one answer for both, so that nobody learns whether a challenge was used
	if (found.verified_at || found.ip_address !== inetOf(call)) {
		throw foreignChallenge();
	}
	const age = (Date.now() - found.created_at.getTime()) / 1000;
	if (age <= service.settings.totp.challengeSeconds) return found;
	await service.sql`delete from auth.mfa_challenges where id = ${id}`;
	throw expiredChallenge(id);
}

/** New tokens by lite's refresh; what was issued before the second factor is no longer good. */
async function freshTokens(service: AuthService, call: Call, sessionId: string): Promise<Response> {
	const { sql } = service;
	const [live] = await sql<{ token: string }[]>`
		select token from auth.refresh_tokens
		where session_id = ${sessionId} and not revoked order by created_at desc limit 1`;
	if (!live) throw new AuthError(400, 'refresh_token_not_found', 'The session has ended');
	const answer = await service.lite(call, {
		path: '/token',
		query: { grant_type: 'refresh_token' },
		body: { refresh_token: live.token }
	});
	await sql`delete from auth.refresh_tokens where session_id = ${sessionId} and revoked`;
	return answer;
}

async function unenroll(
	service: AuthService,
	caller: Caller,
	factor: FactorRow
): Promise<Response> {
	if (factor.status === 'verified' && caller.aal !== 'aal2') {
		throw new AuthError(422, 'insufficient_aal', 'AAL2 required to unenroll verified factor');
	}
	await removeFactor(service.sql, factor);
	await audit(service.sql, 'factor_unenrolled', 'factor', caller.userId, { factor_id: factor.id });
	return Response.json({ id: factor.id });
}

/** An address Postgres takes; behind an unknown peer all share one. */
const inetOf = (call: Call) => (isIP(call.address) ? call.address : '0.0.0.0');
