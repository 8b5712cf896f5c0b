import { isHttpError } from '@sveltejs/kit';
import { expect, test } from 'vitest';
import type { Actor } from './actor.ts';
import { requireEmployee, requirePage, requirePermission } from './require.ts';
import { anonymous, type Visitor } from './visitor.ts';

const actor: Actor = {
	id: 'a',
	email: 'a@b.c',
	fullName: 'A B',
	role: 'operator',
	locationId: 1,
	permissions: ['board.read']
};
const employee: Visitor = { kind: 'employee', actor };

function statusOf(call: () => unknown): number {
	try {
		call();
	} catch (error) {
		if (isHttpError(error)) return error.status;
		throw error;
	}
	return 200;
}

test('an employee is let in and returned', () => {
	expect(requireEmployee({ visitor: employee })).toBe(actor);
	expect(requirePermission({ visitor: employee }, 'board.read')).toBe(actor);
	expect(requirePage({ visitor: employee }, 'board')).toBe(actor);
});

test('without the permission: 403', () => {
	expect(statusOf(() => requirePermission({ visitor: employee }, 'orders.move'))).toBe(403);
	expect(statusOf(() => requirePage({ visitor: employee }, 'my'))).toBe(403);
});

test('nobody: 401; nobody can say: 503', () => {
	const outsider: Visitor = { kind: 'outsider', email: 'x@y.z' };
	expect(statusOf(() => requirePage({ visitor: anonymous }, 'board'))).toBe(401);
	expect(statusOf(() => requirePermission({ visitor: outsider }, 'board.read'))).toBe(401);
	expect(statusOf(() => requireEmployee({ visitor: { kind: 'unknown' } }))).toBe(503);
});
