/**
 * The custom access-token hook: a Postgres function that may change the claims of every token.
 * Contract: supabase.com/docs/guides/auth/auth-hooks/custom-access-token-hook (supabase-facts §5.1).
 */
import type { Sql } from 'postgres';
import { z } from 'zod';
import { AuthError } from './errors.ts';

export type HookInput = {
	user_id: string;
	claims: Record<string, unknown>;
	/** `password`, `otp`, `oauth`, `totp`, `token_refresh`, … */
	authentication_method: string;
};

/** What GoTrue insists on in the claims that come back; further claims are free. */
const Claims = z.looseObject({
	iss: z.string().optional(),
	aud: z.union([z.string(), z.array(z.string())]),
	exp: z.int(),
	iat: z.int(),
	sub: z.string(),
	email: z.string(),
	phone: z.string(),
	role: z.string(),
	aal: z.string(),
	session_id: z.string(),
	is_anonymous: z.boolean(),
	app_metadata: z.looseObject({}).optional(),
	user_metadata: z.looseObject({}).optional()
});

const HookError = z.object({
	error: z.object({ message: z.string().min(1), http_code: z.int().optional() })
});

const TIMEOUT_MS = 2_000;

/** Runs the configured function as `supabase_auth_admin`, as hosted Supabase does. */
export class AccessTokenHook {
	#sql: Sql;
	#schema: string;
	#function: string;

	/** @param uri `pg-functions://postgres/<schema>/<function>` or `<schema>.<function>` */
	constructor(sql: Sql, uri: string) {
		const name = /^pg-functions:\/\/[^/]+\/(\w+)\/(\w+)$/.exec(uri) ?? /^(\w+)\.(\w+)$/.exec(uri);
		if (!name?.[1] || !name[2]) {
			throw new Error(`"${uri}" names no function. Form: pg-functions://postgres/<schema>/<name>`);
		}
		this.#sql = sql;
		this.#schema = name[1];
		this.#function = name[2];
	}

	/** The claims the function gives back; throws what GoTrue answers when they are not acceptable. */
	async run(input: HookInput): Promise<Record<string, unknown>> {
		const output = await this.#call(input);
		const refused = HookError.safeParse(output);
		if (refused.success) {
			const { message, http_code: status = 500 } = refused.data.error;
			const code = status === 500 ? 'unexpected_failure' : 'unknown';
			throw new AuthError(status >= 400 && status < 600 ? status : 500, code, message);
		}
		const claims = (output as { claims?: unknown } | null)?.claims;
		if (claims === undefined) {
			throw new AuthError(500, 'unexpected_failure', 'output claims field is missing');
		}
		const checked = Claims.safeParse(claims);
		if (checked.success) return checked.data;
		const complaints = checked.error.issues.map(
			(issue) => `- ${issue.path.join('.') || '(root)'}: ${issue.message}`
		);
		throw new AuthError(
			500,
			'unexpected_failure',
			`output claims do not conform to the expected schema: \n${complaints.join('\n')}`
		);
	}

	async #call(input: HookInput): Promise<unknown> {
		try {
			return await this.#sql.begin(async (tx) => {
				await tx`select set_config('statement_timeout', ${String(TIMEOUT_MS)}, true),
					set_config('role', 'supabase_auth_admin', true)`;
				const [row] = await tx<{ output: unknown }[]>`
					select ${tx(this.#schema)}.${tx(this.#function)}(${tx.json(input as never)}) as output`;
				return row?.output;
			});
		} catch (error) {
			const timeout = (error as { code?: string }).code === '57014';
			throw timeout
				? new AuthError(
						422,
						'hook_timeout',
						`Failed to reach hook within maximum time of ${TIMEOUT_MS / 1000} seconds`
					)
				: new AuthError(500, 'unexpected_failure', 'Error invoking the access token hook', {
						cause: error
					});
		}
	}
}
