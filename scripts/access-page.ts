/**
 * The tables of docs/access.md: what a new installation allows, read from the database, and what the
 * access proof (tests/support/rights) tries, which the tests compare with the database.
 */
import type { Sql } from 'postgres';
import { attempts, calls, untriedCalls } from '../tests/support/rights/rights.ts';
import type { Needs } from '../tests/support/rights/needs.ts';
import { fill, table } from './markdown.ts';

export async function accessPage(page: string, sql: Sql): Promise<string> {
	const parts: Record<string, string> = {
		matrix: await matrix(sql),
		transitions: await transitions(sql),
		tables: tables(),
		calls: callTable(),
		live: await live(sql),
		histories: await histories(sql)
	};
	return Object.entries(parts).reduce((text, [name, part]) => fill(text, name, part), page);
}

async function matrix(sql: Sql): Promise<string> {
	const roles = await sql<{ role: string }[]>`
		select unnest(enum_range(null::public.employee_role))::text as role`;
	const rows = await sql<{ permission: string; roles: string[] }[]>`
		select permission, array_agg(role::text) as roles from public.role_permissions
		group by permission order by permission`;
	return table(
		['permission', ...roles.map(({ role }) => role)],
		rows.map((row) => [
			`\`${row.permission}\``,
			...roles.map(({ role }) => (row.roles.includes(role) ? '●' : ''))
		])
	);
}

async function transitions(sql: Sql): Promise<string> {
	const kinds = await sql<{ kind: string }[]>`
		select unnest(enum_range(null::public.stage_kind))::text as kind`;
	const rows = await sql<{ from_kind: string; to_kind: string; permission: string }[]>`
		select from_kind::text, to_kind::text, permission from public.stage_transitions`;
	const needed = (from: string, to: string) => {
		const row = rows.find(({ from_kind, to_kind }) => from_kind === from && to_kind === to);
		return row ? `\`${row.permission.replace('orders.', '')}\`` : '';
	};
	return table(
		['from ↓ to →', ...kinds.map(({ kind }) => kind)],
		kinds.map(({ kind: from }) => [from, ...kinds.map(({ kind: to }) => needed(from, to))])
	);
}

const words = (needs: Needs) =>
	Array.isArray(needs)
		? needs
				.map((need) =>
					need
						.split('|')
						.map((one) => `\`${one}\``)
						.join(' or ')
				)
				.join(', ')
		: needs === 'nobody'
			? '–'
			: needs;

function tables(): string {
	const names = [...new Set(attempts.map(({ table: name }) => name))].sort();
	const needed = (name: string, verb: string) => {
		const attempt = attempts.find((one) => one.table === name && one.verb === verb);
		return attempt ? words(attempt.needs) : '–';
	};
	return table(
		['table or view', 'read', 'add', 'change', 'remove'],
		names.map((name) => [
			`\`${name}\``,
			...['select', 'insert', 'update', 'delete'].map((verb) => needed(name, verb))
		])
	);
}

function callTable(): string {
	const rows = calls.map(({ name, needs }) => [`\`${name}\``, words(needs)]);
	const others = untriedCalls.map((name) => [`\`${String(name)}\``, 'see its comment']);
	return table(
		['call', 'needs'],
		[...rows, ...others].sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
	);
}

async function live(sql: Sql): Promise<string> {
	const rows = await sql<{ scope: string; per: string; permissions: string[] }[]>`
		select scope, per, permissions from private.live_scopes order by scope`;
	return table(
		['audience', 'one topic per', 'needs'],
		rows.map(({ scope, per, permissions }) => [`\`${scope}\``, per, words(permissions)])
	);
}

async function histories(sql: Sql): Promise<string> {
	const rows = await sql<{ table_name: string; permissions: string[] }[]>`
		select table_name, permissions from private.recorded_tables order by table_name`;
	return table(
		['history of', 'is read with'],
		rows.map(({ table_name, permissions }) => [
			`\`${table_name}\``,
			permissions.map((one) => `\`${one}\``).join(' or ')
		])
	);
}
