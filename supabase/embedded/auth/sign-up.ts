/**
 * `/signup`, `/otp`, `/magiclink`, `/recover` and `/resend`: lite creates and mails; where it falls
 * short of GoTrue (repeated sign-up, unproven addresses, resend) we do it.
 */
import { randomUUID } from 'node:crypto';
import { createAccount, findByEmail, makeCode, setToken, validEmail } from './accounts.ts';
import { emailOf, textOf, type Call } from './call.ts';
import { AuthError, invalid } from './errors.ts';
import { withStep } from './lite.ts';
import { assertPasswordStrong, hashPassword } from './password.ts';
import { allowedRedirect } from './redirect.ts';
import { limit, limitMailGap, type AuthService } from './service.ts';
import type { UserRow } from './user.ts';

const done = () => Response.json({});

const redirectOf = (service: AuthService, call: Call) =>
	allowedRedirect(call.url.searchParams.get('redirect_to'), service.settings);

/** Passes a request on to lite, whose mails then lead where the caller asked. */
function mailedByLite(service: AuthService, call: Call): Promise<Response> {
	return withStep({ redirectTo: redirectOf(service, call) }, () => service.lite(call));
}

export async function signUp(service: AuthService, call: Call): Promise<Response> {
	const email = emailOf(call);
	const { settings } = service;
	limit(service, 'signup', call, settings.enableConfirmations ? email : '');
	const password = textOf(call, 'password');
	if (!settings.enableConfirmations || !settings.enableSignup || !email || !password) {
		return mailedByLite(service, call);
	}
	validEmail(email);
	assertPasswordStrong(password, settings);
	const known = await findByEmail(service.sql, email);
	if (!known) return mailedByLite(service, call);
	// as long as making an account takes, so that time does not tell who has one
	await hashPassword(service.sql, password);
	if (!known.confirmed_at) await sendConfirmation(service, call, known);
	return Response.json(nobody(email, call.body.data));
}

/** What a sign-up looks like from outside; tells nothing about the account that exists already. */
function nobody(email: string, data: unknown): Record<string, unknown> {
	const now = new Date().toISOString();
	return {
		id: randomUUID(),
		aud: 'authenticated',
		role: 'authenticated',
		email,
		phone: '',
		confirmation_sent_at: now,
		app_metadata: { provider: 'email', providers: ['email'] },
		user_metadata: typeof data === 'object' && data ? data : {},
		identities: [],
		created_at: now,
		updated_at: now,
		is_anonymous: false
	};
}

/** `/otp` and `/magiclink`: a code and a link to sign in with; makes the account if allowed. */
export async function sendMagicLink(service: AuthService, call: Call): Promise<Response> {
	const asked = emailOf(call);
	limit(service, 'otp', call, asked);
	if (!asked) return service.lite(call);
	const email = validEmail(asked);
	limitMailGap(service, email);
	const known = await findByEmail(service.sql, email);
	if (known?.confirmed_at) return mailedByLite(service, call);
	if (known) {
		await sendConfirmation(service, call, known);
		return done();
	}
	const made = await makeWithoutPassword(service, call, email);
	if (made.confirmed_at) return mailedByLite(service, call);
	await sendConfirmation(service, call, made);
	return done();
}

async function makeWithoutPassword(
	service: AuthService,
	call: Call,
	email: string
): Promise<UserRow> {
	if (call.path === '/otp' && call.body.create_user === false) {
		throw new AuthError(422, 'otp_disabled', 'Signups not allowed for otp');
	}
	if (!service.settings.enableSignup) {
		throw new AuthError(422, 'signup_disabled', 'Signups not allowed for this instance');
	}
	const { data } = call.body;
	return createAccount(service.sql, {
		email,
		confirmed: !service.settings.enableConfirmations,
		userMetadata: {
			...(typeof data === 'object' && data !== null ? data : {}),
			email,
			email_verified: false,
			phone_verified: false
		}
	});
}

export async function recover(service: AuthService, call: Call): Promise<Response> {
	const email = emailOf(call);
	limit(service, 'recover', call, email);
	if (email) limitMailGap(service, validEmail(email));
	return mailedByLite(service, call);
}

export async function resend(service: AuthService, call: Call): Promise<Response> {
	const type = textOf(call, 'type');
	limit(service, 'resend', call, emailOf(call));
	if (type !== 'signup' && type !== 'email_change') {
		throw invalid('Missing one of these types: signup, email_change, sms, phone_change');
	}
	if (!emailOf(call)) throw invalid('Type provided requires an email address');
	const email = validEmail(emailOf(call));
	limitMailGap(service, email);
	const user = await findByEmail(service.sql, email);
	if (type === 'signup' && user && !user.confirmed_at) await sendConfirmation(service, call, user);
	if (type === 'email_change' && user?.email_change) await sendEmailChange(service, call, user);
	return done();
}

async function sendConfirmation(service: AuthService, call: Call, user: UserRow): Promise<void> {
	const to = user.email ?? '';
	const { code, hash } = makeCode(to, service.settings.otpLength);
	await setToken(service.sql, user.id, 'confirmation_token', hash);
	await service.post.send({
		kind: user.invited_at ? 'invite' : 'confirmation',
		to,
		email: to,
		code,
		tokenHash: hash,
		redirectTo: redirectOf(service, call)
	});
}

async function sendEmailChange(service: AuthService, call: Call, user: UserRow): Promise<void> {
	const email = user.email ?? '';
	const newEmail = user.email_change ?? '';
	const letter = { kind: 'email_change', email, newEmail } as const;
	const redirectTo = redirectOf(service, call);
	const old = service.settings.doubleConfirmChanges && email ? [email] : [];
	const pending = user.email_change_confirm_status === 0 ? [...old, newEmail] : [newEmail];
	for (const to of pending) {
		const { code, hash } = makeCode(to, service.settings.otpLength);
		const column = to === newEmail ? 'email_change_token_new' : 'email_change_token_current';
		await setToken(service.sql, user.id, column, hash);
		await service.post.send({ ...letter, to, code, tokenHash: hash, redirectTo });
	}
}
