/**
 * Where links in mails lead: `?token_hash=…&type=…[&next=…]`. Uses the token up, which signs the
 * reader in, and goes on to `next`, if that is a path of this site.
 */
import { redirect } from '@sveltejs/kit';
import { ownPath } from '$lib/access/guard.ts';
import { readLink } from '$lib/access/mail-link.ts';
import { homeOf } from '$lib/access/pages.ts';
import { confirmLink } from '$lib/access/sign-in.data.ts';
import { loadVisitor } from '$lib/access/visitor.data.ts';

export async function GET({ url, locals }) {
	const link = readLink(url.searchParams);
	const outcome = link ? await confirmLink(locals.supabase, link) : 'expired';
	if (outcome !== 'confirmed') redirect(303, `/signin?link=${outcome}`);
	const next = ownPath(url.searchParams.get('next'), url.origin);
	if (next) redirect(303, next);
	const visitor = await loadVisitor(locals.supabase);
	redirect(303, visitor.kind === 'employee' ? homeOf(visitor.actor) : '/');
}

/** Mail scanners look at links; the token must wait for the reader. */
export const HEAD = () => new Response();
