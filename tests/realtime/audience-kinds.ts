/** The messages that carry no version: each compared with the rows it speaks of. */
import { isDeepStrictEqual as same } from 'node:util';
import type { Message } from './audience-company.ts';
import { differing, keysOf, type Row, type Rows, type World } from './audience-world.ts';

export function columns(scope: string, before: World, after: World, heard: Message[]): string[] {
	const told = heard.filter(({ event }) => event !== 'order_changed');
	if (told.some(({ event, payload }) => event !== 'columns_changed' || keysOf(payload) !== 'id'))
		return [`unexpected ${told.map(({ event }) => event)}`];
	const changed = !same(before.stages, after.stages);
	return scope === 'board' && changed && told.length === 0
		? ['columns changed, and nobody said so']
		: [];
}

export function money(before: Rows, after: Rows, heard: Message[]): string[] {
	const wrong: string[] = [];
	for (const { event, payload } of heard) {
		const known = event === 'order_money_changed' && keysOf(payload) === 'id order_id paid total';
		if (!known || !after[String(payload.order_id)])
			wrong.push(`${event} ${JSON.stringify(payload)}`);
	}
	for (const [id, row] of Object.entries(after)) {
		const last = heard.filter(({ payload }) => String(payload.order_id) === id).at(-1)?.payload;
		const was = before[id] ?? { total: 0, paid: 0 };
		const moved = was.total !== row.total || was.paid !== row.paid;
		if (moved && !last) wrong.push(`money of ${id} not told`);
		if (last && (last.total !== row.total || last.paid !== row.paid))
			wrong.push(`money of ${id} told wrongly`);
	}
	return wrong;
}

export function masters(before: Rows, after: Rows, heard: Message[]): string[] {
	const wrong: string[] = [];
	for (const { event, payload } of heard)
		if (event !== 'master_changed' || !after[String(payload.id)])
			wrong.push(`${event} of ${payload.id}`);
	for (const [id, face] of Object.entries(after)) {
		const last = heard.filter(({ payload }) => payload.id === id).at(-1)?.payload;
		if (last ? !same(last, face) : !same(before[id], face))
			wrong.push(`master ${id}: ${differing(last ?? before[id] ?? {}, face)}`);
	}
	return wrong;
}

const MONEY = [
	'budget',
	'spend',
	'revenue',
	'refunded',
	'profit',
	'roi',
	'cost_per_lead',
	'cost_per_client',
	'payback_on'
];

export function campaigns(scope: string, before: Rows, after: Rows, heard: Message[]): string[] {
	const wrong: string[] = [];
	const allowed =
		scope === 'campaigns'
			? 'at campaign_id id kind location_id'
			: 'at campaign_id cause id location_id';
	for (const { payload } of heard) {
		const {
			campaign_id: id,
			location_id: place,
			cause
		} = payload as { campaign_id: unknown; location_id: unknown; cause?: Row };
		if (keysOf(payload) !== allowed) wrong.push(`${scope} with ${keysOf(payload)}`);
		if (id === null ? place !== null || cause?.amount !== undefined : !after[String(id)])
			wrong.push(`${scope} of foreign ${JSON.stringify(payload)}`);
		if (cause && keysOf(cause) !== (id === null ? 'kind' : 'amount kind'))
			wrong.push(`cause with ${keysOf(cause)}`);
	}
	const part = (row: Row | undefined) =>
		Object.entries(row ?? {}).filter(([key]) =>
			scope === 'campaign_money'
				? ['spend', 'revenue', 'refunded'].includes(key)
				: !MONEY.includes(key)
		);
	for (const [id, row] of Object.entries(after)) {
		const told = heard.some(({ payload }) => String(payload.campaign_id) === id);
		if (before[id] && !same(part(before[id]), part(row)) && !told)
			wrong.push(`${scope} of ${id} not told: ${differing(before[id], row)}`);
	}
	return wrong;
}

export function mine(scope: string, before: Rows, after: Rows, heard: Message[]): string[] {
	const wrong: string[] = [];
	const view = (row: Row) => [
		(row.stage_kind ?? (row.stage as Row | undefined)?.kind) as string,
		row.promised_at,
		row.payment_state
	];
	for (const { event, payload } of heard)
		if (
			event !== 'order_changed' ||
			keysOf(payload) !== 'at id number payment_state promised_at stage' ||
			!after[String(payload.number)]
		)
			wrong.push(`${scope}: ${event} ${JSON.stringify(payload)}`);
	for (const [number, row] of Object.entries(after)) {
		const last = heard.filter(({ payload }) => String(payload.number) === number).at(-1)?.payload;
		const was = before[number];
		if (last && !same(view(last), view(row)))
			wrong.push(`${scope} ${number}: ${view(last)} not ${view(row)}`);
		if (!last && (scope === 'client' || was) && (!was || !same(view(was), view(row))))
			wrong.push(`${scope} ${number} not told`);
	}
	return wrong;
}
