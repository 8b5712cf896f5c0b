/**
 * One change a client asks for in `config.postgres_changes`: event, schema, table, filter and
 * selected columns. Refusals in hosted's words, which print values as Elixir does
 * (supabase-facts §1.10; the syntax of filters is PostgREST's).
 */
import { createHash } from 'node:crypto';
import type { ChangeFilter } from '../join-config.ts';

export type Filter = { column: string; op: string; value: string; negate: boolean };

export type Binding = {
	/** marks the changes of this request in messages */
	id: number;
	action: '*' | 'INSERT' | 'UPDATE' | 'DELETE';
	/** names, or `*` for every one of the publication */
	schema: string;
	table: string;
	filters: Filter[];
	/** null for all columns */
	select: string[] | null;
};

/** A request that can never be served; the message is for the client. */
export class ChangesRefused extends Error {}

const OPERATORS = [
	...['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in'],
	...['like', 'ilike', 'is', 'match', 'imatch', 'isdistinct']
];

/** The same number for the same request, as the client expects it in every answer. */
export function bindingId(asked: ChangeFilter): number {
	const digest = createHash('sha256').update(JSON.stringify(asked)).digest();
	return digest.readUInt32BE() >>> 1;
}

/** @throws ChangesRefused */
export function readBinding(asked: ChangeFilter): Binding {
	const [schema, table, filter] = [asked.schema, asked.table, asked.filter].map(
		(each) => each ?? ''
	);
	const select = readSelect(asked.select);
	const texts = [schema, table, filter].every((each) => typeof each === 'string');
	if (!texts || (!schema && !table) || (filter && !(schema && table))) {
		throw new ChangesRefused(
			'No subscription params provided. Please provide at least a `schema` or `table` to ' +
				`subscribe to: ${inspect(asked)}`
		);
	}
	const binding: Binding = {
		id: bindingId(asked),
		action: readAction(asked.event),
		schema: (schema as string) || 'public',
		table: (table as string) || '*',
		filters: readFilters(filter as string),
		select
	};
	if (select && (binding.schema === '*' || binding.table === '*')) {
		throw new ChangesRefused(
			'Column selection is not supported for wildcard subscriptions. ' +
				'Provide an explicit schema and table name.'
		);
	}
	return binding;
}

/** The request in a refusal, as hosted prints it. */
export function describe({ action, schema, table, filters, select }: Binding): string {
	const tuples = filters.map(({ column, op, value, negate }) => {
		return `{${[column, op, value].map(inspect).join(', ')}, ${negate}}`;
	});
	return (
		`event: ${action}, schema: ${schema}, table: ${table}, ` +
		`filters: [${tuples.join(', ')}], select: ${inspect(select)}`
	);
}

function readAction(event: unknown): Binding['action'] {
	const name = typeof event === 'string' ? event.toUpperCase() : '*';
	return name === 'INSERT' || name === 'UPDATE' || name === 'DELETE' ? name : '*';
}

function readSelect(select: unknown): string[] | null {
	if (typeof select === 'string') {
		throw new ChangesRefused(
			'Error parsing `select` params: expected a list of column name strings, ' +
				'e.g. select: ["col1", "col2"]'
		);
	}
	if (!Array.isArray(select)) return null;
	const names = select.filter((name): name is string => typeof name === 'string');
	return names.length > 0 ? names : null;
}

function readFilters(text: string): Filter[] {
	if (text.trim() === '') return [];
	return splitConditions(text).map(readFilter);
}

/** Splits at commas that are neither within quotes nor within parentheses. */
function splitConditions(text: string): string[] {
	const parts: string[] = [];
	let depth = 0;
	let quoted = false;
	let start = 0;
	for (let at = 0; at < text.length; at++) {
		const char = text[at];
		if (quoted && char === '\\') at++;
		else if (char === '"' && (quoted || '.(,'.includes(text[at - 1] ?? ' '))) quoted = !quoted;
		else if (quoted) continue;
		else if (char === '(') depth++;
		else if (char === ')') depth = Math.max(0, depth - 1);
		else if (char === ',' && depth === 0) {
			parts.push(text.slice(start, at));
			start = at + 1;
		}
	}
	return [...parts, text.slice(start)];
}

function readFilter(condition: string): Filter {
	const text = condition.trim();
	if (text === '') fail('filter must not contain empty segments (check for extra commas)');
	const equals = text.indexOf('=');
	if (equals < 0) fail(inspect([text]));
	const rest = text.slice(equals + 1);
	const negate = rest.startsWith('not.');
	const [op = '', ...tail] = (negate ? rest.slice(4) : rest).split('.');
	if (tail.length === 0) fail(inspect([op]));
	const value = tail.join('.');
	if (!OPERATORS.includes(op)) fail(inspect([op, value]));
	return { column: text.slice(0, equals), op, value: readValue(op, value), negate };
}

/** `in.(…)` becomes an array literal of Postgres, which quotes its elements in the same way. */
function readValue(op: string, value: string): string {
	if (op === 'in') {
		if (!/^\(.*\)$/s.test(value)) fail('`in` filter value must be wrapped by parentheses');
		return `{${value.slice(1, -1)}}`;
	}
	const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(value);
	return quoted?.[1]?.replace(/\\(.)/gs, '$1') ?? value;
}

function fail(reason: string): never {
	throw new ChangesRefused(`Error parsing \`filter\` params: ${reason}`);
}

/** A JSON value in Elixir's notation. */
function inspect(value: unknown): string {
	if (value === null || value === undefined) return 'nil';
	if (Array.isArray(value)) return `[${value.map(inspect).join(', ')}]`;
	if (typeof value !== 'object') return JSON.stringify(value);
	const pairs = Object.entries(value).map(([key, each]) => `${inspect(key)} => ${inspect(each)}`);
	return `%{${pairs.join(', ')}}`;
}
