import { requirePermission } from '$lib/access/require.ts';
import { loadChoices } from '$lib/orders/new/intake.data.ts';

export async function load({ locals }) {
	requirePermission(locals, 'orders.create');
	return { choices: await loadChoices(locals.supabase) };
}
