/** `POST /invite` mails an invitation; `POST /admin/generate_link` makes a link without mailing it. */
import {
	audit,
	createAccount,
	findByEmail,
	findById,
	makeCode,
	setToken,
	validEmail,
	type TokenColumn
} from '../accounts.ts';
import { textOf, type Call } from '../call.ts';
import { emailExists, invalid, userNotFound } from '../errors.ts';
import { assertPasswordStrong, hashPassword } from '../password.ts';
import { allowedRedirect } from '../redirect.ts';
import type { AuthService } from '../service.ts';
import { toUserJson, type UserRow } from '../user.ts';

export async function invite(service: AuthService, call: Call): Promise<Response> {
	const email = validEmail(call.body.email);
	const user = await invited(service, email, metadataOf(call));
	const { code, hash } = makeCode(email, service.settings.otpLength);
	await setToken(service.sql, user.id, 'confirmation_token', hash);
	await service.post.send({
		kind: 'invite',
		to: email,
		email,
		code,
		tokenHash: hash,
		redirectTo: redirectOf(service, call),
		data: metadataOf(call)
	});
	return Response.json(await fresh(service, user.id));
}

type LinkType =
	'signup' | 'invite' | 'magiclink' | 'recovery' | 'email_change_current' | 'email_change_new';

const COLUMN: Record<LinkType, TokenColumn> = {
	signup: 'confirmation_token',
	invite: 'confirmation_token',
	magiclink: 'recovery_token',
	recovery: 'recovery_token',
	email_change_current: 'email_change_token_current',
	email_change_new: 'email_change_token_new'
};

const isLinkType = (type: string): type is LinkType => Object.hasOwn(COLUMN, type);

export async function generateLink(service: AuthService, call: Call): Promise<Response> {
	const email = validEmail(call.body.email);
	const asked = textOf(call, 'type');
	const wanted = asked === 'email_change' ? 'email_change_new' : asked;
	if (!isLinkType(wanted)) throw invalid(`Invalid email action link type requested: ${asked}`);
	const known = await findByEmail(service.sql, email);
	// a magic link for somebody unknown is a sign-up
	const type = wanted === 'magiclink' && !known ? 'signup' : wanted;
	const user = await accountFor(service, call, type, known, email);
	const newEmail = type.startsWith('email_change') ? await changeTo(service, call, user, type) : '';
	const recipient = type === 'email_change_new' ? newEmail : email;
	const { code, hash } = makeCode(recipient, service.settings.otpLength);
	await setToken(service.sql, user.id, COLUMN[type], hash);
	const redirectTo = redirectOf(service, call) ?? service.settings.siteUrl;
	const query = new URLSearchParams({
		token: hash,
		type: type.startsWith('email_change') ? 'email_change' : type,
		redirect_to: redirectTo
	});
	return Response.json({
		...(await fresh(service, user.id)),
		action_link: `${service.url}/auth/v1/verify?${query}`,
		email_otp: code,
		hashed_token: hash,
		verification_type: type,
		redirect_to: redirectTo
	});
}

async function accountFor(
	service: AuthService,
	call: Call,
	type: LinkType,
	known: UserRow | undefined,
	email: string
): Promise<UserRow> {
	if (type === 'invite') return invited(service, email, metadataOf(call));
	if (type === 'signup') return signedUp(service, call, known, email);
	if (!known) throw userNotFound('User with this email not found');
	return known;
}

async function signedUp(
	service: AuthService,
	call: Call,
	known: UserRow | undefined,
	email: string
): Promise<UserRow> {
	if (known?.confirmed_at) throw emailExists();
	if (known) return known;
	const password = textOf(call, 'password');
	if (password) assertPasswordStrong(password, service.settings);
	else if (textOf(call, 'type') === 'signup') throw invalid('Signup requires a valid password');
	return createAccount(service.sql, {
		email,
		confirmed: false,
		passwordHash: password ? await hashPassword(service.sql, password) : null,
		userMetadata: metadataOf(call)
	});
}

/** The unconfirmed account of an invitation; one that was confirmed is somebody's already. */
async function invited(
	service: AuthService,
	email: string,
	userMetadata: Record<string, unknown>
): Promise<UserRow> {
	const { sql } = service;
	const known = await findByEmail(sql, email);
	if (known?.confirmed_at) throw emailExists();
	const user = known ?? (await createAccount(sql, { email, confirmed: false, userMetadata }));
	await sql`update auth.users set invited_at = now() where id = ${user.id}`;
	await audit(sql, 'user_invited', 'team', null, { user_id: user.id });
	return user;
}

async function changeTo(
	service: AuthService,
	call: Call,
	user: UserRow,
	type: LinkType
): Promise<string> {
	const { sql, settings } = service;
	if (type === 'email_change_current' && !settings.doubleConfirmChanges) {
		throw invalid('Enable secure email change to generate link for current email');
	}
	const newEmail = validEmail(call.body.new_email);
	const owner = await findByEmail(sql, newEmail);
	if (owner && owner.id !== user.id) throw emailExists();
	// making the second of the two links must not undo what the first was used for
	await sql`
		update auth.users
		set email_change = ${newEmail},
			email_change_confirm_status =
				case when email_change = ${newEmail} then email_change_confirm_status else 0 end
		where id = ${user.id}`;
	return newEmail;
}

function metadataOf(call: Call): Record<string, unknown> {
	const { data } = call.body;
	return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}

const redirectOf = (service: AuthService, call: Call) =>
	allowedRedirect(
		call.url.searchParams.get('redirect_to') ?? textOf(call, 'redirect_to'),
		service.settings
	);

async function fresh(service: AuthService, id: string): Promise<Record<string, unknown>> {
	const row = await findById(service.sql, id);
	return (await toUserJson(service.sql, row ? [row] : []))[0] ?? {};
}
