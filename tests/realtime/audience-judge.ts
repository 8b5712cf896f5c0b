/** What must and may come to somebody on a topic when what he reads changes from one world to another. */
import { isDeepStrictEqual as same } from 'node:util';
import type { Message, Person, Topic } from './audience-company.ts';
import { campaigns, columns, masters, mine, money } from './audience-kinds.ts';
import { differing, keysOf, type Row, type Rows, type World } from './audience-world.ts';

/** Complaints about what came on a topic between two moments; none when all is right. */
export function judge(
	{ who }: Person,
	{ scope, location_id: place }: Topic,
	before: World,
	after: World,
	heard: Message[]
): string[] {
	const here = (row: Row) =>
		scope === 'master' ? row.master_id === who : row.location_id === place;
	const among = (rows: Rows, inside = here) =>
		Object.fromEntries(Object.entries(rows).filter(([, row]) => inside(row)));
	const lead = (row: Row) => row.location_id === null || row.location_id === place;
	switch (scope) {
		case 'board':
		case 'master':
			return [
				...versions(
					'order_changed',
					'card',
					ORDER,
					among(before.orders),
					among(after.orders),
					after.cards,
					heard
				),
				...columns(scope, before, after, heard)
			];
		case 'money':
			return money(among(before.orders), among(after.orders), heard);
		case 'leads': {
			const faces = among(after.leads, lead);
			const told = heard.filter(({ event }) => event !== 'leads_imported');
			const imported = told.length < heard.length;
			if (imported && Object.keys(after.leads).length === Object.keys(before.leads).length)
				return ['told of an import one cannot see'];
			if (imported) return [];
			return versions('lead_changed', 'lead', LEAD, among(before.leads, lead), faces, faces, told);
		}
		case 'masters':
			return masters(among(before.masters, lead), among(after.masters, lead), heard);
		case 'campaigns':
		case 'campaign_money':
			return campaigns(scope, before.campaigns, after.campaigns, heard);
		case 'client':
		case 'track':
			return mine(scope, before.mine, after.mine, heard);
		default:
			return heard.length > 0 ? ['something where nothing is said'] : [];
	}
}

const ORDER = 'actor_id actor_name at card event from_stage id mutation_id to_stage version';
const LEAD = 'actor_id at event id lead version';

/** Every version of everything visible once, the last with the face one reads; the rest never. */
function versions(
	event: string,
	face: string,
	keys: string,
	before: Rows,
	after: Rows,
	faces: Rows,
	heard: Message[]
): string[] {
	const wrong: string[] = [];
	const told = heard.filter((message) => message.event === event);
	for (const { payload } of told) {
		const id = String(payload.id);
		if (keysOf(payload) !== keys) wrong.push(`${event} with ${keysOf(payload)}`);
		if (!after[id] && (payload[face] !== null || !before[id]))
			wrong.push(`${event} of foreign ${id}`);
	}
	for (const id of new Set([...Object.keys(before), ...Object.keys(after)])) {
		const mine = told.filter(({ payload }) => String(payload.id) === id);
		const [was, is] = [before[id], after[id]];
		if (!is) {
			if (mine.at(-1)?.payload[face] !== null) wrong.push(`${event}: nothing of ${id}, which went`);
			continue;
		}
		const first = was ? (was.version as number) + 1 : undefined;
		const got = mine.map(({ payload }) => payload.version as number);
		const from = first ?? Math.min(...got, is.version as number);
		const wanted = Array.from({ length: (is.version as number) - from + 1 }, (_, i) => from + i);
		if (!same(got, wanted)) wrong.push(`${event} of ${id}: versions ${got}, not ${wanted}`);
		const last = mine.at(-1)?.payload[face];
		if (last && faces[id] && !same(last, faces[id]))
			wrong.push(`${event} of ${id}: ${differing(last, faces[id])}`);
		// a closed lead keeps the names it was last told with
		if (
			was &&
			!last &&
			faces === after &&
			!/converted|rejected/.test(String(is.status)) &&
			!same(was, is)
		)
			wrong.push(`${event} of ${id}: silent change of ${differing(was, is)}`);
	}
	return wrong;
}
