/** What GoTrue answers when a factor cannot be enrolled or used. */
import { AuthError } from '../errors.ts';

export const nameConflict = (name: string) =>
	new AuthError(
		422,
		'mfa_factor_name_conflict',
		`A factor with the friendly name ${JSON.stringify(name)} for this user already exists`
	);

export function disabled(type: string, what: 'enroll' | 'verify'): AuthError {
	const name = { totp: 'TOTP', phone: 'Phone', webauthn: 'WebAuthn' }[type] ?? type;
	const code = `mfa_${type === 'webauthn' ? 'web_authn' : type}_${what}_not_enabled`;
	return new AuthError(
		422,
		code,
		`MFA ${what === 'enroll' ? 'enroll' : 'verification'} is disabled for ${name}`
	);
}

export const tooManyFactors = () =>
	new AuthError(
		422,
		'too_many_enrolled_mfa_factors',
		'Maximum number of verified factors reached, unenroll to continue'
	);

export const unknownChallenge = () =>
	new AuthError(422, 'mfa_factor_not_found', 'MFA factor with the provided challenge ID not found');

export const foreignChallenge = () =>
	new AuthError(422, 'mfa_ip_address_mismatch', 'Challenge and verify IP addresses mismatch.');

export const expiredChallenge = (id: string) =>
	new AuthError(
		422,
		'mfa_challenge_expired',
		`MFA challenge ${id} has expired, verify against another challenge or create a new challenge.`
	);
