import { expect, test } from 'vitest';
import type { Actor } from '$lib/access/actor.ts';
import { commandsOf, hrefOf, matching } from './commands.ts';

const actor = (permissions: string[], role: Actor['role'] = 'coordinator'): Actor => ({
	id: 'me',
	email: 'me@example.test',
	fullName: 'Me',
	role,
	locationId: null,
	permissions
});
const here = { pathname: '/app/board', search: '?location=1' };
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);

test('offers what the person may do, and nothing else', () => {
	const all = ids(commandsOf(actor(['board.read', 'orders.read', 'orders.create']), here));
	expect(all).toEqual(
		expect.arrayContaining(['new-order', 'board', 'orders', 'replay', 'signout'])
	);
	expect(commandsOf(actor(['orders.create']), here)[0]?.deed).toEqual({
		do: 'goto',
		href: '/app/board/new?location=1'
	});
	const master = ids(commandsOf(actor(['board.read', 'orders.work'], 'master'), here));
	expect(master).toContain('my');
	for (const id of ['new-order', 'orders', 'replay']) expect(master).not.toContain(id);
});

test('finds commands by the beginnings of their words, in any order', () => {
	const commands = commandsOf(actor(['board.read', 'orders.create']), here);
	expect(ids(matching(commands, 'dark'))).toEqual(['theme-dark']);
	expect(ids(matching(commands, 'ord ne'))).toEqual(['new-order']);
	expect(ids(matching(commands, 'xyz'))).toEqual([]);
	expect(matching(commands, ' ')).toBe(commands);
});

test('an order opens beside what the person is looking at', () => {
	const found = { kind: 'order', id: 7, title: '', subtitle: '', client_id: 3 } as const;
	const all = actor(['board.read', 'orders.read']);
	expect(hrefOf(found, all, '/app/board')).toBe('/app/board/7');
	expect(hrefOf(found, all, '/app/orders')).toBe('/app/orders/7');
	expect(hrefOf(found, actor(['orders.read']), '/app')).toBe('/app/orders/7');
	expect(hrefOf({ ...found, kind: 'asset' }, all, '/app')).toMatch(/clients\/3|client=3/);
});
