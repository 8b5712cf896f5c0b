/** Reads who the visitor is: the session, verified, then the employee's own row and permissions. */
import { toDomainError, type DomainError } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import { roles, type Role } from './actor.ts';
import { anonymous, type Visitor } from './visitor.ts';

/**
 * Never throws. `getClaims` checks the token's signature (against the gateway's public keys, or by
 * asking Auth), so a forged or edited cookie is nobody; it also renews an expired session.
 */
export async function loadVisitor(supabase: Client): Promise<Visitor> {
	try {
		const { data, error } = await supabase.auth.getClaims();
		if (error) return withoutAnswer(toDomainError(error));
		if (!data) return anonymous;
		const { sub, email } = data.claims;
		return await loadEmployee(supabase, sub, typeof email === 'string' ? email : '');
	} catch (error) {
		return withoutAnswer(toDomainError(error));
	}
}

async function loadEmployee(supabase: Client, id: string, email: string): Promise<Visitor> {
	const [employee, permissions] = await Promise.all([
		supabase
			.from('employees')
			.select('full_name, role, location_id, active')
			.eq('id', id)
			.maybeSingle(),
		supabase.rpc('my_permissions')
	]);
	const error = employee.error ?? permissions.error;
	if (error) {
		const status = employee.error ? employee.status : permissions.status;
		return withoutAnswer(toDomainError(error, status));
	}
	const row = employee.data;
	if (!row?.active || !isRole(row.role)) return { kind: 'outsider', email };
	return {
		kind: 'employee',
		actor: {
			id,
			email,
			fullName: row.full_name,
			role: row.role,
			locationId: row.location_id,
			permissions: permissions.data ?? []
		}
	};
}

/** a refusal makes the visitor nobody; silence or a broken backend proves nothing about them */
function withoutAnswer({ key }: DomainError): Visitor {
	return key === 'network' || key === 'unavailable' ? { kind: 'unknown' } : anonymous;
}

const isRole = (value: string): value is Role => (roles as readonly string[]).includes(value);
