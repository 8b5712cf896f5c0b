/** The rows of realtime.subscription, and the question what its subscribers may see of changes. */
import type { Sql, TransactionSql } from 'postgres';
import type { Claims } from '../token.ts';
import { ChangesRefused, describe, type Binding } from './binding.ts';

export type Subscription = { uuid: string; binding: Binding };

/** What is to be sent of one change to some subscriptions; `data` is JSON text. */
export type Verdict = { ord: number; data: string; uuids: string[] };

export class SubscriptionTable {
	readonly #sql: Sql;
	readonly #publication: string;

	constructor(sql: Sql, publication: string) {
		this.#sql = sql;
		this.#publication = publication;
	}

	/**
	 * Writes the subscriptions of one channel, all or none; those already there get the new claims.
	 * @returns the tables (oid) of each
	 * @throws ChangesRefused when a request matches no table or a filter does not fit
	 */
	async write(subscriptions: Subscription[], claims: Claims): Promise<number[][]> {
		return this.#sql.begin(async (sql) => {
			const tables: number[][] = [];
			for (const { uuid, binding } of subscriptions) {
				const found = await this.#insert(sql, uuid, binding, claims).catch((error: unknown) => {
					throw explain(error, binding);
				});
				if (found.length === 0) {
					throw new ChangesRefused(
						'Unable to subscribe to changes with given parameters. Please check Realtime is ' +
							`enabled for the given connect parameters: [${describe(binding)}]`
					);
				}
				tables.push(found);
			}
			return tables;
		});
	}

	async #insert(
		sql: TransactionSql,
		uuid: string,
		binding: Binding,
		claims: Claims
	): Promise<number[]> {
		const { schema, table, action, filters, select } = binding;
		const columns = select === null ? null : JSON.stringify(select);
		const rows = await sql<{ oid: string }[]>`
			insert into realtime.subscription as s
				(subscription_id, entity, filters, claims, action_filter, selected_columns)
			select ${uuid}::uuid, format('%I.%I', schemaname, tablename)::regclass,
				array(
					select row(f ->> 'column', f ->> 'op', f ->> 'value', f ->> 'negate')::realtime.user_defined_filter
					from jsonb_array_elements(${JSON.stringify(filters)}::text::jsonb) f
				),
				${JSON.stringify(claims)}::text::jsonb, ${action},
				case when ${columns}::text is not null then
					array(select jsonb_array_elements_text(${columns}::text::jsonb)) end
			from pg_publication_tables
			where pubname = ${this.#publication}
				and (${schema} = '*' or schemaname = ${schema}) and (${table} = '*' or tablename = ${table})
			on conflict (subscription_id, entity) do update set claims = excluded.claims
			returning s.entity::oid::text as oid`;
		return rows.map(({ oid }) => Number(oid));
	}

	async remove(uuids: string[]): Promise<void> {
		await this.#sql`
			delete from realtime.subscription
			where subscription_id = any (string_to_array(${uuids.join()}, ',')::uuid[])`;
	}

	async removeAllBut(uuids: string[]): Promise<void> {
		await this.#sql`
			delete from realtime.subscription
			where subscription_id <> all (string_to_array(${uuids.join()}, ',')::uuid[])`;
	}

	/** Whether the transactions are over for everybody who looks from now on. */
	async sees(xids: number[]): Promise<boolean> {
		const rows = await this.#sql<{ seen: boolean }[]>`
			select realtime.commits_visible(string_to_array(${xids.join()}, ',')::bigint[]) as seen`;
		return rows[0]?.seen === true;
	}

	/**
	 * Asks for all changes of one table at once.
	 * @param changes JSON text as realtime.apply_rls_batch() takes it
	 */
	async judge(table: number, changes: string, maxRecordBytes: number): Promise<Verdict[]> {
		const rows = await this.#sql<{ ord: number; data: string; uuids: string }[]>`
			select ord, (wal || jsonb_build_object('errors', nullif(to_jsonb(errors), '[]')))::text as data,
				array_to_string(subscription_ids, ',') as uuids
			from realtime.apply_rls_batch(${table}::oid::regclass, ${changes}::text::jsonb, ${maxRecordBytes})`;
		return rows.map(({ ord, data, uuids }) => ({
			ord: Number(ord),
			data,
			uuids: uuids.split(',')
		}));
	}

	/** Forgets the slot of an earlier server, unless somebody uses it. */
	async dropSlot(name: string): Promise<void> {
		await this.#sql`
			select pg_drop_replication_slot(slot_name) from pg_replication_slots
			where slot_name = ${name} and not active`;
	}
}

/** What the database refused is the client's mistake; that it is away is not. */
function explain(error: unknown, binding: Binding): unknown {
	const { code = '', message, name } = error as { code?: string; message: string; name?: string };
	if (name !== 'PostgresError' || /^(08|53|57)/.test(code)) return error;
	const label = code === 'P0001' ? ' (raise_exception)' : '';
	return new ChangesRefused(
		'Unable to subscribe to changes with given parameters. An exception happened so please check ' +
			`your connect parameters: [${describe(binding)}]. Exception: ERROR ${code}${label} ${message}`
	);
}
