import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { nextPath } from '$lib/access/guard.ts';
import { linkSentence } from '$lib/access/mail-link.ts';
import { homeOf } from '$lib/access/pages.ts';
import { signIn } from '$lib/access/sign-in.data.ts';
import { readCredentials, type Credentials, type SignInErrors } from '$lib/access/sign-in.ts';
import { loadVisitor } from '$lib/access/visitor.data.ts';
import { statusOf } from '$lib/errors/domain-error.ts';
import { errorSentence } from '$lib/errors/error-sentence.ts';
import { loadCompanyName } from '$lib/settings/settings.data.ts';
import { config } from '$lib/supabase/config.server.ts';
import { DEMO_PASSWORD, demoAccounts, demoCredentials } from './demo-accounts.ts';

// a plain form: it needs no JavaScript
export const csr = false;

export async function load({ locals, url }) {
	const { visitor, supabase } = locals;
	return {
		company: await loadCompanyName(supabase),
		demo: config().demo ? { password: DEMO_PASSWORD, accounts: demoAccounts() } : null,
		problem: linkSentence(url.searchParams.get('link')),
		outsider: visitor.kind === 'outsider' ? visitor.email : null,
		next: nextPath(url.searchParams.get('next'))
	};
}

export const actions = {
	password: async (event) => {
		const form = await event.request.formData();
		const next = nextPath(form.get('next'));
		const { credentials, errors } = readCredentials(form);
		if (!credentials) return refuse(400, { form, next, errors });
		return enter(event, { credentials, form, next });
	},
	demo: async (event) => {
		const form = await event.request.formData();
		const credentials = config().demo ? demoCredentials(form.get('account')) : null;
		if (!credentials) error(404);
		return enter(event, { credentials, form, next: nextPath(form.get('next')) });
	}
};

type Attempt = { credentials: Credentials; form: FormData; next: string | null };

async function enter({ locals }: RequestEvent, { credentials, form, next }: Attempt) {
	const result = await signIn(locals.supabase, credentials);
	if (!result.ok) {
		const { error: failure } = result;
		return refuse(statusOf(failure), { form, next, sentence: errorSentence(failure) });
	}
	const visitor = await loadVisitor(locals.supabase);
	redirect(303, visitor.kind === 'employee' ? (next ?? homeOf(visitor.actor)) : '/');
}

/** the password is never sent back */
function refuse(
	status: number,
	answer: { form: FormData; next: string | null; errors?: SignInErrors; sentence?: string }
) {
	const { form, next, errors = {}, sentence = null } = answer;
	return fail(status, { email: String(form.get('email') ?? ''), next, errors, sentence });
}
