/** Tables as ordered COPY text, the same on every server, so that checksums can be compared. */
import { createHash } from 'node:crypto';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { SCHEMAS } from './manifest.ts';

export type TableShape = {
	schema: string;
	name: string;
	/** schema and name, quoted */
	target: string;
	columns: string[];
	/** what COPY's rows are ordered by */
	order: string;
};

/** Text forms of dates, floats and bytes must not depend on who asks. */
export const STABLE_TEXT = `
	set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
	set local extra_float_digits = 1; set local bytea_output = 'hex'; set local row_security = off;
	set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`;

/** Every table with data of its own; a partition's rows come with its parent. */
export async function listTables(client: Client): Promise<TableShape[]> {
	const { rows } = await client.query<TableShape>(
		`select n.nspname as schema, c.relname as name, format('%I.%I', n.nspname, c.relname) as target,
			(select json_agg(quote_ident(a.attname) order by a.attnum) from pg_attribute a
				where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
			) as columns,
			coalesce((
				select string_agg(quote_ident(a.attname), ', ' order by array_position(i.indkey::int2[], a.attnum))
				from pg_index i
				join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])
				where i.indrelid = c.oid and i.indisprimary
			), quote_ident(c.relname) || '::text collate "C"') as order
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = any ($1)
		order by 1, 2`,
		[SCHEMAS]
	);
	return rows;
}

/** Counts and hashes what passes. In COPY's text format a line is a row. */
export class Tally extends Transform {
	#hash = createHash('sha256');
	rows = 0;

	override _transform(chunk: Buffer, _encoding: string, done: (e: null, c: Buffer) => void) {
		this.#hash.update(chunk);
		for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) this.rows++;
		done(null, chunk);
	}

	result(): { rows: number; sha256: string } {
		return { rows: this.rows, sha256: this.#hash.digest('hex') };
	}
}

/** Streams a table through further steps and tells its rows and checksum. */
export async function copyOut(
	client: Client,
	table: TableShape,
	...steps: NodeJS.WritableStream[]
): Promise<{ rows: number; sha256: string }> {
	const tally = new Tally();
	const query = `copy (select ${table.columns.join(', ')} from ${table.target} order by ${table.order}) to stdout`;
	const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
	const rest = steps.length > 0 ? steps : [nowhere];
	await pipeline([client.query(copyTo(query)), tally, ...rest] as never);
	return tally.result();
}
