/** The proof after a restore: same rows, no dangling reference, no id that would come twice. */
import type { Client } from 'pg';
import { BackupError, SCHEMAS, tableName, type TableEntry } from './manifest.ts';
import { copyOut, type TableShape } from './tables.ts';

/** Every table's COPY text has the backup's row count and checksum. */
export async function verifyTables(
	client: Client,
	entries: TableEntry[],
	shapes: Map<string, TableShape>
): Promise<void> {
	for (const entry of entries) {
		const shape = shapes.get(tableName(entry));
		if (!shape) throw new BackupError(`Table ${tableName(entry)} is missing after the restore.`);
		const found = await copyOut(client, { ...shape, columns: entry.columns });
		if (found.rows !== entry.rows || found.sha256 !== entry.sha256) {
			throw new BackupError(
				`Table ${tableName(entry)} is not what was backed up: ${found.rows} of ${entry.rows} rows.`
			);
		}
	}
}

/** Checks every foreign key anew, because loading skipped them; leaves the constraints as they were. */
export async function verifyForeignKeys(client: Client): Promise<number> {
	const { rows } = await client.query<{ table: string; name: string; definition: string }>(
		`select conrelid::regclass::text as table, quote_ident(conname) as name,
			pg_get_constraintdef(c.oid) as definition
		from pg_constraint c join pg_namespace n on n.oid = c.connamespace
		where contype = 'f' and conparentid = 0 and n.nspname = any ($1) order by 1, 2`,
		[SCHEMAS]
	);
	for (const { table, name, definition } of rows) {
		await client.query('begin');
		try {
			await client.query(`alter table ${table} drop constraint ${name}`);
			await client.query(`alter table ${table} add constraint ${name} ${definition}`);
		} catch (error) {
			throw new BackupError(
				`Table ${table} breaks its foreign key ${name}: ${(error as Error).message}`,
				{ cause: error }
			);
		} finally {
			await client.query('rollback');
		}
	}
	return rows.length;
}

/** The next id of every table is one nobody has. */
export async function verifyNextIds(client: Client): Promise<number> {
	const { rows } = await client.query<{ sequence: string; table: string; column: string }>(
		`select s.oid::regclass::text as sequence, d.refobjid::regclass::text as table,
			quote_ident(a.attname) as column
		from pg_class s
		join pg_namespace n on n.oid = s.relnamespace
		join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
			and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
		join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
		where s.relkind = 'S' and n.nspname = any ($1)`,
		[SCHEMAS]
	);
	for (const { sequence, table, column } of rows) {
		const { rows: state } = await client.query<{ fits: boolean }>(
			`select coalesce((select max(${column}) from ${table}) < last_value + is_called::int, true)
				as fits from ${sequence}`
		);
		if (!state[0]?.fits) {
			throw new BackupError(`The next ${column} of table ${table} would be one that exists.`);
		}
	}
	return rows.length;
}
