/**
 * How values travel between REST and Postgres. They are read as Postgres itself writes them in JSON
 * (`to_json`), which is what PostgREST sends; they are written without a type, so that the column
 * decides, as it does for PostgREST. postgres.js by itself takes NULL in a list for the text 'NULL'
 * or for false, times for Postgres' own notation, and a list that begins with true for a boolean.
 */
import type { Client } from '../postgres/clients.ts';

type Parse = (text: string) => unknown;
type Serialize = (value: unknown) => string;
type TypeRow = { oid: number; element: number | null; base: number | null };

const TEXT_OID = 25;
const JSON_OIDS = [114, 3802];
const NUMBER_OIDS = [20, 21, 23, 700, 701, 1700];
const TIME_OIDS = [1114, 1184];
const BOOLEAN_OID = 16;
const TIME = /^(\d+-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:([+-]\d\d)(?::(\d\d))?)?( BC)?$/;

/** NaN and infinities are texts in JSON. */
function parseNumber(text: string): number | string {
	const number = Number(text);
	return Number.isFinite(number) ? number : text;
}

/** `2026-01-31 08:00:00.1+00` as `2026-01-31T08:00:00.1+00:00`; infinities stay words. */
function parseTime(text: string): string {
	const [, day, hour, zone, minutes = '00', era = ''] = TIME.exec(text) ?? [];
	if (!day) return text;
	return `${day}T${hour}${zone ? `${zone}:${minutes}` : ''}${era}`;
}

const SCALARS: Readonly<Record<number, Parse>> = {
	[BOOLEAN_OID]: (text) => text === 't',
	...Object.fromEntries(NUMBER_OIDS.map((oid) => [oid, parseNumber])),
	...Object.fromEntries(TIME_OIDS.map((oid) => [oid, parseTime])),
	...Object.fromEntries(JSON_OIDS.map((oid) => [oid, (text: string) => JSON.parse(text)]))
};

const asWords: Parse = (text) => text;

/** A list in Postgres' notation, of any depth: `{1,NULL}`, `{{"a b"},{c}}`, `[0:1]={x,y}`. */
export function parseArray(text: string, parse: Parse = asWords): unknown[] {
	let at = text.indexOf('{');
	const quoted = () => {
		let words = '';
		for (at += 1; text[at] !== '"'; at++) {
			if (text[at] === '\\') at += 1;
			words += text[at];
		}
		at += 1;
		return parse(words);
	};
	const bare = () => {
		const from = at;
		while (text[at] !== ',' && text[at] !== '}') at++;
		const words = text.slice(from, at);
		return words === 'NULL' ? null : parse(words);
	};
	const list = (): unknown[] => {
		const items: unknown[] = [];
		for (at += 1; text[at] !== '}' && at < text.length;) {
			if (text[at] === ',') at += 1;
			else items.push(text[at] === '{' ? list() : text[at] === '"' ? quoted() : bare());
		}
		at += 1;
		return items;
	};
	return list();
}

const serializeJson: Serialize = (value) => JSON.stringify(value);
const serializeWords: Serialize = (value) =>
	typeof value === 'object' ? JSON.stringify(value) : String(value);

/** @returns a list in Postgres' notation; what is already a text is taken for one */
export function serializeArray(value: unknown, serialize: Serialize = serializeWords): string {
	if (!Array.isArray(value)) return serializeWords(value);
	const items = value.map((item: unknown) => {
		if (item === null) return 'NULL';
		if (Array.isArray(item)) return serializeArray(item, serialize);
		return `"${serialize(item).replaceAll(/["\\]/g, '\\$&')}"`;
	});
	return `{${items.join(',')}}`;
}

/** What the clients of one pool know of the database's types. */
export class ValueTypes {
	#parsers: Record<number, Parse> = {};
	#serializers: Record<number, Serialize> = {};
	#reading: Promise<void> | null = null;
	#taught = new WeakSet<Client>();

	/** Types were made or dropped: they are read again before the next statement. */
	forget(): void {
		this.#reading = null;
		this.#taught = new WeakSet();
	}

	/** Before a client's statement; it has to be outside of a failed transaction. */
	async teach(client: Client): Promise<void> {
		this.#reading ??= this.#read(client).catch((error: unknown) => {
			this.#reading = null;
			throw error;
		});
		await this.#reading;
		if (this.#taught.has(client)) return;
		this.#taught.add(client);
		Object.assign(client.sql.options.parsers, this.#parsers);
		Object.assign(client.sql.options.serializers, this.#serializers);
	}

	async #read(client: Client): Promise<void> {
		const rows = await client.orLost(
			client.sql.unsafe<TypeRow[]>(`
				select t.oid::int, case when t.typcategory = 'A' then e.oid::int end as element,
					case when t.typtype = 'd' then t.typbasetype::int end as base
				from pg_catalog.pg_type t left join pg_catalog.pg_type e on e.oid = t.typelem and e.typarray = t.oid
				where t.typtype <> 'c' or t.typarray <> 0 order by t.oid`)
		);
		const types = new Map(rows.map((row) => [row.oid, row]));
		for (const { oid } of rows) {
			this.#parsers[oid] = parserOf(types, oid);
			this.#serializers[oid] = serializerOf(types, oid);
		}
	}
}

function parserOf(types: ReadonlyMap<number, TypeRow>, oid: number): Parse {
	const { element, base } = types.get(oid) ?? {};
	if (base) return parserOf(types, base);
	if (!element) return SCALARS[oid] ?? asWords;
	const parse = parserOf(types, element);
	return (text) => parseArray(text, parse);
}

function serializerOf(types: ReadonlyMap<number, TypeRow>, oid: number): Serialize {
	const { element, base } = types.get(oid) ?? {};
	if (base) return serializerOf(types, base);
	if (!element) return JSON_OIDS.includes(oid) ? serializeJson : serializeWords;
	const serialize = serializerOf(types, element);
	return (value) => serializeArray(value, serialize);
}

const DOCUMENT = /^([[{]|-?\d|(true|false|null)$)/;

/**
 * A statement's values without a type, so that Postgres asks the column. For arguments of functions
 * (`$1::jsonb`) lite has written everything but texts as JSON already, so a text that looks like it is it.
 */
export function untyped(client: Client, sql: string, values: readonly unknown[]): never[] {
	const cast = new Set([...sql.matchAll(/\$(\d+)::jsonb?\b(?!\[)/g)].map(([, n]) => Number(n)));
	return values.map((value, index) => {
		const isDocument = typeof value === 'string' && DOCUMENT.test(value);
		return client.sql.typed(value as never, isDocument && cast.has(index + 1) ? TEXT_OID : 0);
	}) as never[];
}
