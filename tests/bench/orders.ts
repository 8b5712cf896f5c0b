/** Fills the measured database with orders, a fifth of them open, as a company has after a year. */
import postgres from 'postgres';
import type { Card } from './writer.ts';

const OPEN_SHARE = 0.2;
/** a board this small keeps all its orders open */
const ALL_OPEN_BELOW = 2_000;
const MOVED = 400;

/**
 * Adds orders until there are `total`, and returns some open ones with the columns to move them
 * between: those without a limit and without need of a master.
 */
export async function fillOrders(
	dbUrl: string,
	total: number
): Promise<{ cards: Card[]; stages: number[] }> {
	const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
	try {
		const stages = await sql<{ id: number; kind: string }[]>`
			select id::int, kind::text from public.stages where location_id is null order by position`;
		const idOf = (kind: string) => stages.find((stage) => stage.kind === kind)?.id as number;
		const moving = [idOf('unassigned'), idOf('waiting')];
		const [{ existing, client, location } = { existing: 0, client: 0, location: 0 }] = await sql<
			{ existing: number; client: number; location: number }[]
		>`select (select count(*) from public.orders)::int as existing,
			(select min(id) from public.clients)::int as client,
			(select min(id) from public.locations)::int as location`;
		const open = total <= ALL_OPEN_BELOW ? total : Math.round(total * OPEN_SHARE);
		// digits before any rank the database draws, unique and in order
		const insert = (count: number, stage: number, from: number) => sql`
			insert into public.orders (stage_id, rank, location_id, client_id, problem, type)
			select ${stage}, '0' || lpad((${from}::int + i)::text, 8, '0') || '1', ${location}, ${client},
				'Measured order ' || i, 'repair'
			from generate_series(1, ${count}::int) as i`;
		await insert(Math.round(open / 2), moving[0] as number, 0);
		await insert(Math.round(open / 2), moving[1] as number, 0);
		await insert(Math.max(0, total - open - existing), idOf('closed'), 0);
		await sql`delete from realtime.messages`;
		await sql`analyze`.catch(() => undefined);
		const cards = await sql<Card[]>`
			select id::int, version, stage_id::int from public.orders
			where stage_id = any (${moving}) and location_id = ${location} and master_id is null
			order by id desc limit ${MOVED}`;
		return { cards: [...cards], stages: moving };
	} finally {
		await sql.end();
	}
}
