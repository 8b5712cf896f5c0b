/** What the tests of `/auth/v1` share: a mailbox, requests by hand and supabase-js with the secret key. */
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import type { Mailer, OutgoingMail as Mail } from '../../supabase/embedded/mail/mailer.ts';
import type { TestStack } from '../support/stack.ts';

export const PASSWORD = 'Correct-horse-1';

export class Mailbox {
	mails: Mail[] = [];
	readonly mailer: Mailer = async (mail) => void this.mails.push(mail);

	/** the newest mail to an address, with its link and code taken apart */
	newest(to: string): { mail: Mail; link: URL; tokenHash: string; type: string; code: string } {
		const mail = this.mails.findLast((one) => one.to === to);
		if (!mail) throw new Error(`No mail to ${to}`);
		const link = new URL(/https?:\S+token_hash=\S+/.exec(mail.text)?.[0] ?? '');
		return {
			mail,
			link,
			tokenHash: link.searchParams.get('token_hash') ?? '',
			type: link.searchParams.get('type') ?? '',
			code: /Code: (\d+)/.exec(mail.text)?.[1] ?? ''
		};
	}

	count(to: string): number {
		return this.mails.filter((mail) => mail.to === to).length;
	}
}

/** supabase-js with the secret key, as a server of the application uses it. */
export const adminClient = (stack: TestStack): SupabaseClient =>
	createClient(stack.url, stack.keys.secret, {
		auth: { persistSession: false, autoRefreshToken: false }
	});

export type Answer = {
	status: number;
	headers: Headers;
	body: Record<string, unknown> & { error_code?: string; msg?: string };
};

/** A request to `/auth/v1` by hand, with the publishable key unless told otherwise. */
export async function ask(
	stack: TestStack,
	method: string,
	path: string,
	{ body, token, apikey }: { body?: unknown; token?: string; apikey?: string | null } = {}
): Promise<Answer> {
	const answer = await fetch(`${stack.url}/auth/v1${path}`, {
		method,
		redirect: 'manual',
		headers: {
			...(apikey === null ? {} : { apikey: apikey ?? stack.keys.publishable }),
			...(token ? { authorization: `Bearer ${token}` } : {}),
			...(body === undefined ? {} : { 'content-type': 'application/json' })
		},
		...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) })
	});
	const text = await answer.text();
	return {
		status: answer.status,
		headers: answer.headers,
		body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : {}
	};
}

export async function accessToken(client: SupabaseClient): Promise<string> {
	const { data } = await client.auth.getSession();
	if (!data.session) throw new Error('Nobody is signed in');
	return data.session.access_token;
}
