import { describe, expect, test } from 'vitest';
import type { Client } from '$lib/supabase/types.ts';
import { loadVisitor } from './visitor.data.ts';

type Answer = { data?: unknown; error?: unknown; status?: number };
const row = { full_name: 'Anna B', role: 'operator', location_id: 2, active: true };

/** the three calls that loadVisitor makes, answered as told */
function client({
	claims = { data: { claims: { sub: 'u1', email: 'a@b.c' } }, error: null },
	employee = { data: row, error: null, status: 200 },
	permissions = { data: ['board.read'], error: null, status: 200 }
}: { claims?: Answer; employee?: Answer; permissions?: Answer } = {}): Client {
	const query = { select: () => query, eq: () => query, maybeSingle: async () => employee };
	return {
		auth: { getClaims: async () => claims },
		from: () => query,
		rpc: async () => permissions
	} as unknown as Client;
}

describe('the visitor', () => {
	test('is an employee with role, location and permissions', async () => {
		expect(await loadVisitor(client())).toEqual({
			kind: 'employee',
			actor: {
				id: 'u1',
				email: 'a@b.c',
				fullName: 'Anna B',
				role: 'operator',
				locationId: 2,
				permissions: ['board.read']
			}
		});
	});

	test('is nobody without a session, or with a forged one', async () => {
		const none = client({ claims: { data: null, error: null } });
		const forged = client({
			claims: { data: null, error: { name: 'AuthInvalidJwtError', status: 400 } }
		});
		expect(await loadVisitor(none)).toEqual({ kind: 'anonymous' });
		expect(await loadVisitor(forged)).toEqual({ kind: 'anonymous' });
	});

	test('is an outsider without a row, or when deactivated', async () => {
		const outsider = { kind: 'outsider', email: 'a@b.c' };
		const gone = { data: { ...row, active: false }, error: null };
		expect(await loadVisitor(client({ employee: { data: null, error: null } }))).toEqual(outsider);
		expect(await loadVisitor(client({ employee: gone }))).toEqual(outsider);
	});

	test('is nobody when the database refuses the token', async () => {
		const refused = { data: null, error: { code: 'PGRST301', message: 'bad JWT' }, status: 401 };
		expect(await loadVisitor(client({ employee: refused }))).toEqual({ kind: 'anonymous' });
	});

	test('is unknown, not nobody, when the gateway is silent', async () => {
		const unreachable = { name: 'AuthRetryableFetchError', status: 0 };
		const silent = {
			data: null,
			error: { message: 'TypeError: fetch failed', code: '' },
			status: 0
		};
		const down = { data: null, error: { message: '' }, status: 503 };
		for (const answers of [
			{ claims: { data: null, error: unreachable } },
			{ employee: silent },
			{ permissions: down }
		])
			expect(await loadVisitor(client(answers))).toEqual({ kind: 'unknown' });
	});
});
