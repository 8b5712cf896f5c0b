/** What was said with a client and noted about him; automatic notes become sentences here. */
import { m } from '$lib/paraglide/messages.js';
import type { Row } from '$lib/supabase/types.ts';

export type Interaction = Pick<
	Row<'interactions'>,
	'id' | 'kind' | 'direction' | 'body' | 'template_key' | 'params' | 'at' | 'edited_at' | 'order_id'
> & { author: string | null };

export const writtenKinds = ['note', 'call', 'message'] as const;
export type WrittenKind = (typeof writtenKinds)[number];

type Params = Readonly<Record<string, unknown>>;

const sentences: Record<string, (params: Params) => string> = {
	client_blacklisted: ({ reason }) => m.clients_auto_blacklisted({ reason: text(reason) }),
	client_unblacklisted: () => m.clients_auto_unblacklisted(),
	client_merged: ({ client_name, client_id, orders }) =>
		m.clients_auto_merged({
			name: text(client_name),
			number: text(client_id),
			orders: Number(orders ?? 0)
		}),
	client_unmerged: ({ client_name, client_id }) =>
		m.clients_auto_unmerged({ name: text(client_name), number: text(client_id) }),
	contract_created: ({ number }) => m.clients_auto_contract_created({ number: text(number) }),
	contract_changed: ({ number }) => m.clients_auto_contract_changed({ number: text(number) }),
	contract_deleted: ({ number }) => m.clients_auto_contract_deleted({ number: text(number) }),
	contract_draft: ({ number }) => m.clients_auto_contract_draft({ number: text(number) }),
	contract_signed: ({ number }) => m.clients_auto_contract_signed({ number: text(number) }),
	contract_closed: ({ number }) => m.clients_auto_contract_closed({ number: text(number) }),
	contract_cancelled: ({ number }) => m.clients_auto_contract_cancelled({ number: text(number) }),
	lead_converted: ({ lead_id }) => m.clients_auto_lead_converted({ number: text(lead_id) })
};

/** The words of an entry in the reader's language; a template nobody knows yet is shown by its facts. */
export function wordsOf({ body, template_key, params }: Interaction): string {
	if (template_key === null) return body ?? '';
	const facts = paramsOf(params);
	const say = sentences[template_key];
	if (say) return say(facts);
	const known = Object.values(facts).map(text).filter(Boolean).join(' · ');
	return known ? m.clients_auto_other({ facts: known }) : m.clients_auto_something();
}

const DAY = 24 * 3_600_000;
/** as long as undo_merge takes a merge back */
const UNDO_DAYS = 30;

/** Ids of the merges in a history that can still be undone. */
export function undoableMerges(history: readonly Interaction[], now = Date.now()): Set<number> {
	const mergesOf = (key: string) =>
		history
			.filter(({ template_key }) => template_key === key)
			.map((entry) => ({ id: Number(paramsOf(entry.params).merge_id), at: Date.parse(entry.at) }));
	const undone = new Set(mergesOf('client_unmerged').map(({ id }) => id));
	return new Set(
		mergesOf('client_merged')
			.filter(({ id, at }) => !undone.has(id) && now - at < UNDO_DAYS * DAY)
			.map(({ id }) => id)
	);
}

/** The merge an entry tells of, if it does. */
export const mergeOf = ({ template_key, params }: Interaction): number | null =>
	template_key === 'client_merged' ? Number(paramsOf(params).merge_id) : null;

const paramsOf = (params: unknown): Params =>
	typeof params === 'object' && params !== null ? (params as Params) : {};

const text = (value: unknown) =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : '';
