/** What SQL lets somebody read at a moment. */
import { isDeepStrictEqual as same } from 'node:util';
import type { Company, Person } from './audience-company.ts';

export type Row = Record<string, unknown>;
export type Rows = Record<string, Row>;
export type World = {
	orders: Rows;
	cards: Rows;
	masters: Rows;
	leads: Rows;
	campaigns: Rows;
	mine: Rows;
	stages: unknown;
};

/** Read as the person himself, by tables under row-level security and by calls anybody may make. */
export async function worldOf({ commitAs }: Company, { who, token }: Person): Promise<World> {
	if (token) {
		const [row] = await commitAs(null, (tx) => tx`select public.track_order(${token}) as seen`);
		return { ...nothing, mine: { [row?.seen.number]: row?.seen } };
	}
	const by = (rows: string, key = 'id') =>
		`coalesce((select jsonb_object_agg(r.${key}, to_jsonb(r)) from ${rows} r), '{}')`;
	return commitAs(who, async (tx) => {
		const [may] = await tx`select 'board.read' = any (public.my_permissions()) as board`;
		const board = may?.board ? 'public.board_snapshot()' : `'{"cards": [], "masters": []}'::json`;
		const [row] = await tx.unsafe(`with board as materialized (select (${board})::jsonb as b)
			select ${by('public.orders')} as orders, ${by('public.lead_faces')} as leads,
				${by('public.campaign_report()', 'campaign_id')} as campaigns,
				${by('public.my_client_orders', 'number')} as mine,
				(select coalesce(jsonb_object_agg(c ->> 'id', c), '{}') from board, jsonb_array_elements(b -> 'cards') c) as cards,
				(select coalesce(jsonb_object_agg(c ->> 'id', c), '{}') from board, jsonb_array_elements(b -> 'masters') c) as masters,
				(select jsonb_agg(s order by s.id) from public.stages s) as stages`);
		return row as unknown as World;
	});
}

const nothing: World = {
	orders: {},
	cards: {},
	masters: {},
	leads: {},
	campaigns: {},
	mine: {},
	stages: null
};

export const keysOf = (value: unknown) =>
	Object.keys(value as object)
		.sort()
		.join(' ');

export const differing = (one: unknown, other: unknown) =>
	Object.keys({ ...(one as Row), ...(other as Row) })
		.filter((key) => !same((one as Row)[key], (other as Row)[key]))
		.map(
			(key) =>
				`${key} ${JSON.stringify((one as Row)[key])} not ${JSON.stringify((other as Row)[key])}`
		)
		.join(', ');
