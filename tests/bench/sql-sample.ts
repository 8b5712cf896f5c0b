/** Values of the measured database that the statements of suite `sql` ask for. */
import type { Sql } from 'postgres';

export type Sample = {
	orders: number[];
	clients: number[];
	phones: string[];
	serials: string[];
	names: string[];
	/** unassigned orders of location 1 with their versions */
	open: { id: number; version: number }[];
	stages: Record<string, number>;
	masters: string[];
	known: string;
};

export async function takeSample(sql: Sql): Promise<Sample> {
	const list = async <T>(query: string) => (await sql.unsafe(query)).map((row) => row.value as T);
	// forty rows from the oldest to the newest
	const spread = (table: string, column: string, where = 'true') =>
		`select t.${column} as value from (select min(id) as first, max(id) as last from ${table}) ends
			cross join lateral generate_series(1, 40) n
			cross join lateral (select * from ${table} t
				where t.id >= ends.first + (ends.last - ends.first) * n / 41 and ${where} order by t.id limit 1) t`;
	const stages = await sql<{ kind: string; id: number }[]>`
		select kind::text, min(id)::int as id from public.stages group by kind`;
	const [known] = await sql<{ value: string }[]>`
		select jsonb_object_agg(o.id, o.version)::text as value from public.orders o
		join public.stages s on s.id = o.stage_id where s.kind not in ('done', 'closed', 'refused')`;
	return {
		orders: await list(spread('public.orders', 'id::int')),
		clients: await list(spread('public.clients', 'id::int')),
		phones: await list(spread('public.client_phones', 'phone')),
		serials: await list(spread('public.assets', 'serial', 'serial is not null')),
		names: await list(spread('public.clients', 'last_name', 'last_name is not null')),
		open: await list(`select jsonb_build_object('id', o.id, 'version', o.version) as value from public.orders o
			join public.stages s on s.id = o.stage_id and s.kind = 'unassigned'
			where o.location_id = (select min(id) from public.locations) limit 100`),
		stages: Object.fromEntries(stages.map(({ kind, id }) => [kind, id])),
		masters: await list(`select e.id as value from public.employees e where e.role = 'master'
			and e.location_id = (select min(id) from public.locations)
			and private.active_count(e.id) < e.capacity`),
		known: known?.value ?? '{}'
	};
}
