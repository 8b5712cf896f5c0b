/** The way of a form without JavaScript: shown, sent, shown again with its mistakes, thanked for. */
import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { statusOf } from '$lib/errors/domain-error.ts';
import { errorSentence } from '$lib/errors/error-sentence.ts';
import { m } from '$lib/paraglide/messages.js';
import { thanksPath } from './embed.ts';
import { loadForm, submitLead } from './lead-form.data.ts';
import { errorsOf, keptVisit, payloadOf, valuesOf } from './lead-form.ts';

type Event = Pick<RequestEvent, 'request' | 'locals' | 'url' | 'getClientAddress'>;

/** @param campaign whose form it is; null: the company's own site */
export async function takeLead(event: Event, campaign: number | null) {
	const { request, locals, url } = event;
	const form = await request.formData();
	const { country } = await loadForm(locals.supabase, campaign);
	const answer = await submitLead(
		locals.supabase,
		payloadOf(form, campaign, country),
		event.getClientAddress()
	);
	if (answer.ok && answer.value === null) redirect(303, thanksPath(url));
	const shownAgain = { values: valuesOf(form), visit: keptVisit(form) };
	if (!answer.ok) {
		const sentence = errorSentence(answer.error);
		return fail(statusOf(answer.error), { ...shownAgain, errors: {}, sentence });
	}
	const { fields, campaign: ended } = errorsOf(answer.value ?? {});
	return fail(422, { ...shownAgain, errors: fields, sentence: ended ?? m.forms_check() });
}
