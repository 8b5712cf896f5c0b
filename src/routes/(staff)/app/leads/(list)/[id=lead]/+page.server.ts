import { error } from '@sveltejs/kit';
import { requirePage } from '$lib/access/require.ts';
import { statusOf } from '$lib/errors/domain-error.ts';
import { errorSentence } from '$lib/errors/error-sentence.ts';
import { loadDetails } from '$lib/leads/leads.data.ts';

export async function load({ locals, params }) {
	requirePage(locals, 'leads');
	const details = await loadDetails(locals.supabase, Number(params.id));
	if (!details.ok) error(statusOf(details.error), errorSentence(details.error));
	return { details: details.value };
}
