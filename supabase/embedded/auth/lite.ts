/**
 * How we reach into @supabase/lite's auth service: its mails go through our post office, and a
 * password that we have checked signs in without a second check. Both are held by tests/api.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Sql } from 'postgres';
import { noteFailure } from '../request.ts';
import { AuthError } from './errors.ts';
import type { PostOffice } from './mail/post.ts';
import type { AuthSettings } from './settings.ts';

/** What the gateway knows of the request that lite is handling. */
type Step = {
	/** the user whose password was found right */
	signInAs?: string;
	/** where the link in a mail should lead in the end */
	redirectTo?: string | null;
	/** lite hides what failed behind a 500; we keep it */
	failure?: AuthError;
};

const steps = new AsyncLocalStorage<Step>();

/** Runs lite with what it cannot be told in a request. */
export async function withStep(step: Step, handle: () => Promise<Response>): Promise<Response> {
	const answer = await steps.run(step, handle);
	return step.failure ? step.failure.toResponse() : answer;
}

/** What we use of lite's `App`. */
export type LiteApp = {
	fetch(request: Request, context: { peerAddress: string | null }): Promise<Response>;
};

type LiteUser = { id: string };
type LiteService = {
	repo: {
		findUserById(id: string): Promise<unknown>;
		parseUserJson(row: unknown): LiteUser;
		findIdentitiesByUserId(id: string): Promise<unknown[]>;
	};
	signInWithPassword(email: string, password: string): Promise<unknown>;
	createSessionForUser(user: LiteUser, identities: unknown[], shape: 'user'): Promise<unknown>;
};
type LiteContext = { var: { authService?: unknown }; error?: Error };

/** For lite's `options.server.middlewares`: runs before its own handlers, service at hand. */
export async function admitChecked(context: LiteContext, next: () => Promise<void>): Promise<void> {
	const userId = steps.getStore()?.signInAs;
	const service = context.var.authService as LiteService | undefined;
	if (userId && service) {
		service.signInWithPassword = async () => {
			const user = service.repo.parseUserJson(await service.repo.findUserById(userId));
			const identities = await service.repo.findIdentitiesByUserId(userId);
			return service.createSessionForUser(user, identities, 'user');
		};
	}
	await next();
	// lite answers and prints what it did not expect; the gateway's log is told, too
	if (context.error) noteFailure(context.error);
}

/** lite's settings of `[auth]`, from ours. */
export function liteAuthConfig(settings: AuthSettings): Record<string, unknown> {
	const { google } = settings;
	return {
		enabled: true,
		site_url: settings.siteUrl,
		additional_redirect_urls: settings.redirectUrls,
		enable_signup: settings.enableSignup,
		minimum_password_length: settings.minimumPasswordLength,
		password_requirements: settings.passwordRequirements,
		jwt_expiry: settings.jwtExpiry,
		enable_refresh_token_rotation: settings.refreshTokenRotation,
		email: {
			enable_confirmations: settings.enableConfirmations,
			double_confirm_changes: settings.doubleConfirmChanges,
			otp_length: settings.otpLength,
			otp_expiry: settings.otpExpiry
		},
		...(google
			? {
					external: {
						google: { enabled: true, client_id: google.clientId, secret: google.secret }
					}
				}
			: {})
	};
}

type MailFacts = {
	userId?: string;
	tokenHash?: string;
	tokenNew?: string;
	tokenHashNew?: string;
	currentEmail?: string;
	newEmail?: string;
};

/** Puts our post office in the place of lite's mailer. */
export function takeOverMail(app: LiteApp, post: PostOffice, sql: Sql): void {
	const send = async (letter: Omit<Parameters<PostOffice['send']>[0], 'redirectTo'>) => {
		const step = steps.getStore();
		try {
			await post.send({ ...letter, redirectTo: step?.redirectTo ?? null });
		} catch (error) {
			if (step && error instanceof AuthError) step.failure = error;
			throw error;
		}
	};
	const plain =
		(kind: 'confirmation' | 'recovery' | 'magic_link') =>
		(to: string, tokenHash: string, code: string) =>
			send({ kind, to, email: to, tokenHash, code });
	const mailer = {
		sendConfirmation: plain('confirmation'),
		sendRecovery: plain('recovery'),
		sendMagicLink: plain('magic_link'),
		sendReauthentication: (to: string, code: string, facts?: MailFacts) =>
			send({ kind: 'reauthentication', to, email: to, code, tokenHash: facts?.tokenHash ?? '' }),
		sendEmailChange: async (to: string, tokenHash: string, code: string, facts: MailFacts = {}) => {
			const addresses = { email: facts.currentEmail ?? to, newEmail: facts.newEmail ?? to };
			// neither address has agreed to this change yet, whatever an earlier one came to
			await sql`
				update auth.users set email_change_confirm_status = 0 where id = ${facts.userId ?? null}`;
			await send({ kind: 'email_change', to, ...addresses, tokenHash, code });
			if (!facts.tokenNew || !facts.tokenHashNew) return;
			const second = { tokenHash: facts.tokenHashNew, code: facts.tokenNew };
			await send({ kind: 'email_change', to: addresses.newEmail, ...addresses, ...second });
		}
	};
	(app as unknown as { _mailer: typeof mailer })._mailer = mailer;
}
