import { requirePage } from '$lib/access/require.ts';
import { listMyShifts } from '$lib/masters/shift.data.ts';
import { monthOf } from '$lib/masters/shift.ts';

export async function load({ locals, url, parent }) {
	requirePage(locals, 'my');
	const { company } = await parent();
	const asked = url.searchParams.get('month') ?? '';
	const month = /^20\d\d-(0[1-9]|1[0-2])$/.test(asked)
		? asked
		: monthOf(new Date(), company.timeZone);
	return { month, shifts: await listMyShifts(locals.supabase, month) };
}
