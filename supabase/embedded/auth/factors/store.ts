/** Factors and challenges in the database. */
import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import type { FactorRow } from '../user.ts';

export type ChallengeRow = {
	id: string;
	created_at: Date;
	verified_at: Date | null;
	ip_address: string;
};

/** seconds a factor that was never challenged waits for its owner */
const ABANDONED_SECONDS = 300;

/** Removes what was begun and never used, for everybody, as GoTrue does on every enrolment. */
export async function removeAbandoned(sql: Sql): Promise<void> {
	await sql`
		delete from auth.mfa_factors factor
		where status <> 'verified'
			and created_at < now() - make_interval(secs => ${ABANDONED_SECONDS})
			and not exists (select from auth.mfa_challenges where factor_id = factor.id)`;
	await sql`delete from auth.mfa_challenges where created_at < now() - interval '1 day'`;
}

export async function findFactor(
	sql: Sql,
	userId: string,
	factorId: string
): Promise<FactorRow | undefined> {
	const [row] = await sql<FactorRow[]>`
		select * from auth.mfa_factors where id = ${factorId} and user_id = ${userId}`;
	return row;
}

export async function insertFactor(
	sql: Sql,
	factor: { userId: string; friendlyName: string; secret: string }
): Promise<FactorRow> {
	const [row] = await sql<FactorRow[]>`
		insert into auth.mfa_factors
			(id, user_id, friendly_name, factor_type, status, secret, created_at, updated_at)
		values (${randomUUID()}, ${factor.userId}, ${factor.friendlyName}, 'totp', 'unverified',
			${factor.secret}, now(), now())
		returning *`;
	if (!row) throw new Error('The factor was not written');
	return row;
}

export async function insertChallenge(
	sql: Sql,
	factorId: string,
	address: string
): Promise<ChallengeRow> {
	const [row] = await sql<ChallengeRow[]>`
		with touched as (
			update auth.mfa_factors set last_challenged_at = clock_timestamp() where id = ${factorId}
		)
		insert into auth.mfa_challenges (id, factor_id, created_at, ip_address)
		values (${randomUUID()}, ${factorId}, now(), ${address}::inet)
		returning id, created_at, verified_at, host(ip_address) as ip_address`;
	if (!row) throw new Error('The challenge was not written');
	return row;
}

export async function findChallenge(
	sql: Sql,
	factorId: string,
	challengeId: string
): Promise<ChallengeRow | undefined> {
	const [row] = await sql<ChallengeRow[]>`
		select id, created_at, verified_at, host(ip_address) as ip_address
		from auth.mfa_challenges where id = ${challengeId} and factor_id = ${factorId}`;
	return row;
}

/** Remembers that a factor was used in a time step; false if it was, in this step or a later one. */
export async function useStep(sql: Sql, factorId: string, step: number): Promise<boolean> {
	const used = await sql`
		insert into gateway.totp_steps as known (factor_id, step) values (${factorId}, ${step})
		on conflict (factor_id) do update set step = excluded.step where known.step < excluded.step
		returning step`;
	return used.length > 0;
}

/**
 * The session has a second factor from now on. Other sessions of the user without one end, and so do
 * factors of this type that were begun and not finished.
 */
export async function raiseSession(
	sql: Sql,
	facts: { userId: string; sessionId: string; factorId: string; challengeId: string }
): Promise<void> {
	const { userId, sessionId, factorId, challengeId } = facts;
	await sql`update auth.mfa_challenges set verified_at = now() where id = ${challengeId}`;
	await sql`
		update auth.mfa_factors set status = 'verified', updated_at = now()
		where id = ${factorId} and status <> 'verified'`;
	await sql`
		update auth.sessions set aal = 'aal2', factor_id = ${factorId}, updated_at = now()
		where id = ${sessionId}`;
	await sql`
		insert into auth.mfa_amr_claims (id, session_id, created_at, updated_at, authentication_method)
		values (${randomUUID()}, ${sessionId}, now(), now(), 'totp')
		on conflict (session_id, authentication_method) do update set updated_at = now()`;
	await sql`
		delete from auth.sessions
		where user_id = ${userId} and id <> ${sessionId} and coalesce(aal, 'aal1') < 'aal2'`;
	await sql`
		delete from auth.mfa_factors
		where user_id = ${userId} and status = 'unverified' and factor_type = 'totp'`;
}

/** Removes a factor; sessions that were raised by it fall back to one factor. */
export async function removeFactor(sql: Sql, factor: FactorRow): Promise<void> {
	await sql.begin(async (tx) => {
		await tx`
			delete from auth.mfa_amr_claims claim
			using auth.sessions session
			where session.id = claim.session_id and session.factor_id = ${factor.id}
				and claim.authentication_method = ${factor.factor_type}`;
		await tx`
			update auth.sessions set aal = 'aal1', factor_id = null
			where user_id = ${factor.user_id} and factor_id = ${factor.id}`;
		await tx`delete from auth.mfa_factors where id = ${factor.id}`;
	});
}
