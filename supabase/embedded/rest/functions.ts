/** The functions of schema `public` as `/rest/v1/rpc` may call them, read from the catalogue. */
import type { Sql } from 'postgres';

type CatalogueRow = {
	name: string;
	argument_names: string[];
	argument_types: string[];
	defaults: number;
	returns_set: boolean;
	returns_void: boolean;
};

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

export class CallableFunction {
	readonly returnsVoid: boolean;
	#row: CatalogueRow;
	#required: string[];
	#statements = new Map<string, string>();

	constructor(row: CatalogueRow) {
		this.#row = row;
		this.returnsVoid = row.returns_void;
		this.#required = row.argument_names.slice(0, row.argument_names.length - row.defaults);
	}

	/** True when exactly these argument names can be passed. */
	accepts(given: string[]): boolean {
		return (
			given.every((name) => this.#row.argument_names.includes(name)) &&
			this.#required.every((name) => given.includes(name))
		);
	}

	/** The select that calls the function; its parameter $1 is the JSON object of arguments. */
	statement(given: string[]): string {
		const key = given.join('\n');
		const known = this.#statements.get(key);
		if (known) return known;
		const built = this.#build(given);
		this.#statements.set(key, built);
		return built;
	}

	#build(given: string[]): string {
		const { name, argument_names, argument_types, returns_set, returns_void } = this.#row;
		const columns = given.map(
			(argument) => `${quoted(argument)} ${argument_types[argument_names.indexOf(argument)]}`
		);
		const passed = given.map((argument) => `${quoted(argument)} => given.${quoted(argument)}`);
		const call = `public.${quoted(name)}(${passed.join(', ')})`;
		const source = given.length > 0 ? `json_to_record($1) as given (${columns.join(', ')})` : '';
		if (returns_set) {
			const from = source ? `${source}, lateral ${call} as answer` : `${call} as answer`;
			return `select coalesce(json_agg(answer), '[]')::text from ${from}`;
		}
		const value = returns_void ? `${call}::text` : `to_json(${call})::text`;
		return `select ${value}${source ? ` from ${source}` : ''}`;
	}
}

/**
 * Functions with one signature per name, named arguments and no OUT or VARIADIC parameters. The few
 * others are left to lite, which knows PostgREST's rules for overloads.
 */
export async function readFunctions(sql: Sql): Promise<Map<string, CallableFunction>> {
	const rows = await sql<CatalogueRow[]>`
		select p.proname as name,
			coalesce((p.proargnames)[1:p.pronargs], '{}') as argument_names,
			array(select format_type(type, null)
				from unnest(p.proargtypes) with ordinality as types (type, place)
				order by place) as argument_types,
			p.pronargdefaults as defaults,
			p.proretset as returns_set,
			p.prorettype = 'void'::regtype as returns_void
		from pg_catalog.pg_proc p
		where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and p.provariadic = 0
			and not coalesce(p.proargmodes::text[] && array['o', 'b', 'v'], false)
			and not exists (
				select from pg_catalog.pg_proc other
				where other.pronamespace = p.pronamespace and other.proname = p.proname and other.oid <> p.oid
			)`;
	return new Map(
		rows
			.filter((row) => row.argument_names.length === row.argument_types.length)
			.filter((row) => row.argument_names.every(Boolean))
			.map((row) => [row.name, new CallableFunction(row)])
	);
}
