import { error } from '@sveltejs/kit';
import { requirePermission } from '$lib/access/require.ts';
import { errorSentence } from '$lib/errors/error-sentence.ts';
import { statusOf } from '$lib/errors/domain-error.ts';
import { exportOrders } from '$lib/orders/list/order-export.ts';
import { findOrders, loadListChoices } from '$lib/orders/list/order-list.data.ts';
import { filtersOf, parseQuery } from '$lib/orders/list/order-list.ts';
import { loadCompany } from '$lib/settings/settings.data.ts';

const PAGE = 200;

export async function GET({ locals, url }) {
	requirePermission(locals, 'data.export');
	const query = parseQuery((field) => url.searchParams.get(field));
	const [{ timeZone }, choices] = await Promise.all([
		loadCompany(locals.supabase),
		loadListChoices(locals.supabase)
	]);
	const filters = filtersOf(query, timeZone);
	const next = (after: Record<string, unknown> | null) =>
		findOrders(locals.supabase, filters, after, PAGE);
	const first = await next(null);
	// afterwards it is too late for a status
	if (!first.ok) error(statusOf(first.error), errorSentence(first.error));
	return new Response(exportOrders(first.value, next, choices, timeZone), {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': 'attachment; filename="orders.csv"',
			'cache-control': 'no-store'
		}
	});
}
