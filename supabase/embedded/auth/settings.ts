/**
 * What the auth service is told: `supabase/config.toml` (the official CLI's file, so that hosted and
 * embedded behave alike) and on top of it what the program that starts the stack passes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';

export type MailTemplate = { subject?: string; html?: string };
export type MailKind = 'confirmation' | 'recovery' | 'magic_link' | 'invite' | 'email_change';

export type AuthSettings = {
	/** the application's address: links in mails lead to `<siteUrl>/auth/confirm` */
	siteUrl: string;
	/** further addresses a sign-in may return to; `*` and `**` as in config.toml */
	redirectUrls: string[];
	enableSignup: boolean;
	/** whether a new account has to prove its e-mail address before its first sign-in */
	enableConfirmations: boolean;
	/** whether both the old and the new address have to agree to a change */
	doubleConfirmChanges: boolean;
	minimumPasswordLength: number;
	/** `letters_digits`, `lower_upper_letters_digits`, `lower_upper_letters_digits_symbols` or empty */
	passwordRequirements: string;
	/** seconds an access token lives */
	jwtExpiry: number;
	refreshTokenRotation: boolean;
	otpLength: number;
	/** seconds a code or link in a mail is good for */
	otpExpiry: number;
	/** seconds between two mails to one address */
	mailGap: number;
	totp: { enroll: boolean; verify: boolean; maxFactors: number; challengeSeconds: number };
	/** `pg-functions://postgres/<schema>/<function>` or `<schema>.<function>`; null for none */
	accessTokenHook: string | null;
	google: { clientId: string; secret: string } | null;
	templates: Partial<Record<MailKind, MailTemplate>>;
	limits: Limits;
	/** whether a proxy of ours appends the client to `X-Forwarded-For` */
	trustForwardedFor: boolean;
};

/** What a caller of start() may say; the rest comes from config.toml, then from our defaults. */
export type AuthOptions = Partial<Omit<AuthSettings, 'limits' | 'totp'>> & {
	limits?: Partial<Limits>;
	totp?: Partial<AuthSettings['totp']>;
};

const Template = z.object({ subject: z.string().optional(), content_path: z.string().optional() });
const Switchable = z.object({ enabled: z.boolean().default(false) });

const AuthTable = z.object({
	site_url: z.url().default('http://localhost:3000'),
	additional_redirect_urls: z.array(z.string()).default([]),
	jwt_expiry: z.number().int().positive().default(3600),
	enable_refresh_token_rotation: z.boolean().default(true),
	enable_signup: z.boolean().default(true),
	minimum_password_length: z.number().int().min(6).default(8),
	password_requirements: z.string().default(''),
	email: z
		.object({
			double_confirm_changes: z.boolean().default(true),
			enable_confirmations: z.boolean().default(false),
			otp_length: z.number().int().min(6).max(10).default(6),
			otp_expiry: z.number().int().positive().default(3600),
			max_frequency: z.string().default('1s'),
			template: z.record(z.string(), Template).default({})
		})
		.prefault({}),
	mfa: z
		.object({
			max_enrolled_factors: z.number().int().positive().default(10),
			totp: z
				.object({
					enroll_enabled: z.boolean().default(false),
					verify_enabled: z.boolean().default(false)
				})
				.prefault({})
		})
		.prefault({}),
	hook: z
		.object({ custom_access_token: Switchable.extend({ uri: z.string().default('') }).optional() })
		.prefault({}),
	external: z
		.object({
			google: Switchable.extend({
				client_id: z.string().default(''),
				secret: z.string().default('')
			}).optional()
		})
		.prefault({})
});
type AuthTable = z.infer<typeof AuthTable>;

/**
 * @param configFile a config.toml of the Supabase CLI; a missing one means defaults
 * @throws when the file is not valid, with the place in it
 */
export function authSettings(options: AuthOptions, configFile: string): AuthSettings {
	const file = existsSync(configFile) ? parse(readFileSync(configFile, 'utf8')) : {};
	const fromFile = settingsOf(AuthTable.parse(file.auth ?? {}), dirname(resolve(configFile)));
	return {
		...fromFile,
		...options,
		totp: { ...fromFile.totp, ...options.totp },
		limits: { ...DEFAULT_LIMITS, ...options.limits }
	};
}

function settingsOf(table: AuthTable, directory: string): AuthSettings {
	const { email, mfa } = table;
	const hook = table.hook.custom_access_token;
	return {
		siteUrl: table.site_url.replace(/\/+$/, ''),
		redirectUrls: table.additional_redirect_urls,
		enableSignup: table.enable_signup,
		enableConfirmations: email.enable_confirmations,
		doubleConfirmChanges: email.double_confirm_changes,
		minimumPasswordLength: table.minimum_password_length,
		passwordRequirements: table.password_requirements,
		jwtExpiry: table.jwt_expiry,
		refreshTokenRotation: table.enable_refresh_token_rotation,
		otpLength: email.otp_length,
		otpExpiry: email.otp_expiry,
		mailGap: secondsOf(email.max_frequency),
		totp: {
			enroll: mfa.totp.enroll_enabled,
			verify: mfa.totp.verify_enabled,
			maxFactors: mfa.max_enrolled_factors,
			challengeSeconds: 300
		},
		accessTokenHook: hook?.enabled ? hook.uri : null,
		google: googleOf(table),
		templates: templatesOf(email.template, directory),
		limits: DEFAULT_LIMITS,
		trustForwardedFor: false
	};
}

function googleOf(table: AuthTable): AuthSettings['google'] {
	const google = table.external.google;
	if (!google?.enabled) return null;
	const clientId = fromEnvironment(google.client_id);
	const secret = fromEnvironment(google.secret);
	return clientId && secret ? { clientId, secret } : null;
}

/** The CLI's `env(NAME)`; a variable that is not set is empty. */
function fromEnvironment(value: string): string {
	const name = /^env\((\w+)\)$/.exec(value)?.[1];
	return name ? (process.env[name] ?? '') : value;
}

/** Paths in config.toml are relative to the project, whose `supabase/` holds the file. */
function templatesOf(
	table: Record<string, z.infer<typeof Template>>,
	directory: string
): AuthSettings['templates'] {
	return Object.fromEntries(
		Object.entries(table).map(([kind, { subject, content_path }]) => [
			kind,
			{
				...(subject ? { subject } : {}),
				...(content_path
					? { html: readFileSync(resolve(directory, '..', content_path), 'utf8') }
					: {})
			}
		])
	);
}

const UNIT_SECONDS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3_600 };

/** A Go duration (`1h30m`, `0.5s`) in seconds; NaN for anything else. */
export function secondsOf(duration: string): number {
	if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(duration)) return NaN;
	let seconds = 0;
	for (const [, amount, unit] of duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
		seconds += Number(amount) * (UNIT_SECONDS[unit ?? ''] ?? NaN);
	}
	return seconds;
}
