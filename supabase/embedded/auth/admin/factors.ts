/** `/admin/users/:id/factors`: what an administrator may do with somebody's second factors. */
import { audit } from '../accounts.ts';
import { textOf, type Call } from '../call.ts';
import { AuthError } from '../errors.ts';
import { findFactor, removeFactor } from '../factors/store.ts';
import type { AuthService } from '../service.ts';
import { factorJson, factorsOf, type FactorRow, type UserRow } from '../user.ts';

export async function listFactors(
	service: AuthService,
	_call: Call,
	user: UserRow
): Promise<Response> {
	const factors = (await factorsOf(service.sql, [user.id])).get(user.id) ?? [];
	return Response.json(factors.map(factorJson));
}

export async function deleteFactor(
	service: AuthService,
	user: UserRow,
	factorId: string
): Promise<Response> {
	const factor = await existing(service, user, factorId);
	await removeFactor(service.sql, factor);
	await audit(service.sql, 'factor_deleted', 'factor', null, {
		user_id: user.id,
		factor_id: factor.id
	});
	return Response.json(factorJson(factor));
}

export async function updateFactor(
	service: AuthService,
	call: Call,
	user: UserRow,
	factorId: string
): Promise<Response> {
	const factor = await existing(service, user, factorId);
	const name = textOf(call, 'friendly_name') || factor.friendly_name;
	const [row] = await service.sql<FactorRow[]>`
		update auth.mfa_factors set friendly_name = ${name}, updated_at = now()
		where id = ${factor.id} returning *`;
	return Response.json(factorJson(row ?? factor));
}

async function existing(service: AuthService, user: UserRow, id: string): Promise<FactorRow> {
	const factor = await findFactor(service.sql, user.id, id);
	if (!factor) throw new AuthError(404, 'mfa_factor_not_found', 'Factor not found');
	return factor;
}
