/** The body of `POST /admin/users` and `PUT /admin/users/:id`. */
import { z } from 'zod';
import type { Call } from '../call.ts';
import { AuthError, invalid } from '../errors.ts';
import { validEmail } from '../accounts.ts';
import { secondsOf } from '../settings.ts';

const Metadata = z.record(z.string(), z.unknown());

const UserParams = z.object({
	id: z.uuid().optional(),
	aud: z.string().max(255).optional(),
	role: z.string().max(255).optional(),
	email: z.string().optional(),
	phone: z.string().optional(),
	password: z.string().nullish(),
	/** bcrypt, for accounts that come from elsewhere */
	password_hash: z
		.string()
		.regex(/^\$2[aby]\$\d\d\$.{53}$/, 'only bcrypt hashes are supported')
		.optional(),
	email_confirm: z.boolean().optional(),
	phone_confirm: z.boolean().optional(),
	user_metadata: Metadata.nullish(),
	app_metadata: Metadata.nullish(),
	/** `none` or a duration such as `24h` */
	ban_duration: z.string().optional()
});
export type UserParams = z.infer<typeof UserParams>;

export function userParams(call: Call): UserParams {
	if (call.text.trim() === '') {
		throw new AuthError(400, 'bad_json', 'Could not decode admin user params: unexpected end');
	}
	const parsed = UserParams.safeParse(call.body);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw invalid(`${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'not valid'}`);
	}
	const { email, phone } = parsed.data;
	return {
		...parsed.data,
		...(email ? { email: validEmail(email) } : {}),
		...(phone ? { phone: validPhone(phone) } : {})
	};
}

/** Until when somebody is banned; null lifts a ban, undefined leaves it. */
export function bannedUntil({ ban_duration }: UserParams): Date | null | undefined {
	if (!ban_duration) return undefined;
	if (ban_duration === 'none') return null;
	const seconds = secondsOf(ban_duration);
	const until = new Date(Date.now() + seconds * 1000);
	if (Number.isNaN(until.getTime())) {
		throw invalid(`invalid format for ban duration: time: invalid duration "${ban_duration}"`);
	}
	return until;
}

/** Digits of an E.164 number, as GoTrue keeps them. */
function validPhone(value: string): string {
	const phone = value.replace(/[+\s]/g, '');
	if (!/^[1-9]\d{1,14}$/.test(phone)) throw invalid('Invalid phone number format (E.164 required)');
	return phone;
}
