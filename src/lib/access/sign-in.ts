/** What the sign-in form must hold. */
import * as z from 'zod';
import { m } from '$lib/paraglide/messages.js';

const schema = z.object({
	email: z.string().trim().min(1, 'missing').max(254, 'invalid').pipe(z.email('invalid')),
	// longer ones only keep the hash function busy
	password: z.string().min(1, 'missing').max(1_024, 'invalid')
});

export type Credentials = z.infer<typeof schema>;
export type SignInErrors = { email?: string; password?: string };

/** @returns the credentials, or a sentence for each field that is wrong */
export function readCredentials(
	form: FormData
): { credentials: Credentials; errors: null } | { credentials: null; errors: SignInErrors } {
	const parsed = schema.safeParse({
		email: form.get('email') ?? '',
		password: form.get('password') ?? ''
	});
	if (parsed.success) return { credentials: parsed.data, errors: null };
	const errors: SignInErrors = {};
	for (const { path, message } of parsed.error.issues) {
		if (path[0] === 'password') errors.password ??= m.signin_password_missing();
		else
			errors.email ??= message === 'missing' ? m.signin_email_missing() : m.signin_email_invalid();
	}
	return { credentials: null, errors };
}
