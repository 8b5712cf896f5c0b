import { expect, test } from 'vitest';
import { m } from '$lib/paraglide/messages.js';
import { readCredentials } from './sign-in.ts';

function form(values: Record<string, string>): FormData {
	const data = new FormData();
	for (const [name, value] of Object.entries(values)) data.set(name, value);
	return data;
}

test('spaces around the address are forgiven, in the password they count', () => {
	const read = readCredentials(form({ email: ' anna@company.com ', password: ' p ' }));
	expect(read.credentials).toEqual({ email: 'anna@company.com', password: ' p ' });
});

test('each wrong field gets its own sentence', () => {
	expect(readCredentials(form({})).errors).toEqual({
		email: m.signin_email_missing(),
		password: m.signin_password_missing()
	});
	expect(readCredentials(form({ email: 'anna', password: 'x' })).errors).toEqual({
		email: m.signin_email_invalid()
	});
});

test('oversized and non-text input is refused', () => {
	const long = readCredentials(form({ email: `${'a'.repeat(300)}@b.cc`, password: 'x' }));
	expect(long.errors).toHaveProperty('email');
	const data = form({ email: 'anna@company.com' });
	data.set('password', new File(['x'], 'x.txt'));
	expect(readCredentials(data).errors).toHaveProperty('password');
});
