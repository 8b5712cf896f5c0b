/** Whether somebody has the skill an order's service asks for. */
import type { Client } from '$lib/supabase/types.ts';
import type { Card } from './board.ts';

/**
 * Who can do a service: ids of masters; null where no skill is asked for, because nobody has it or
 * the order names no service, and where the server could not be asked: a warning is only a help.
 */
export async function skilledFor(
	client: Client,
	service: Card['service_id']
): Promise<ReadonlySet<string> | null> {
	if (service === null || service === undefined) return null;
	const { data } = await client
		.from('employee_skills')
		.select('employee_id')
		.eq('service_id', service);
	return data && data.length > 0 ? new Set(data.map(({ employee_id }) => employee_id)) : null;
}

/** What a master lacks for an order: its service's name in a language; null if nothing. */
export async function lackingSkill(
	client: Client,
	{ service_id, master_id }: Pick<Card, 'service_id' | 'master_id'>,
	locale: string
): Promise<string | null> {
	if (master_id === null) return null;
	const skilled = await skilledFor(client, service_id);
	if (!skilled || skilled.has(master_id)) return null;
	const { data } = await client
		.from('services')
		.select('name')
		.eq('id', Number(service_id))
		.maybeSingle();
	const names = (data?.name ?? {}) as Record<string, string>;
	return names[locale] || names.en || '—';
}
