/** A stack with this project's own functions, and a token for the intake. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres, { type Sql } from 'postgres';
import { startTestStack, type TestStack } from '../support/stack.ts';

const FUNCTIONS = fileURLToPath(new URL('../../supabase/functions', import.meta.url));

export type IntakeStack = TestStack & {
	owner: Sql;
	/** sends to the modern door unless a path says otherwise */
	send(payload: unknown, options?: SendOptions): Promise<Answer>;
	makeToken(options?: {
		campaign?: number;
		expiresAt?: string;
	}): Promise<{ id: number; token: string }>;
	/** what the function itself wrote */
	lines(): Record<string, unknown>[];
};
export type SendOptions = {
	token?: string | null;
	path?: string;
	method?: string;
	headers?: Record<string, string>;
	/** the body as it is, instead of the payload as JSON */
	body?: string;
};
export type Answer = {
	status: number;
	headers: Headers;
	text: string;
	body: Record<string, unknown>;
};

let serial = 0;
export const freshPhone = () => `+38067${String(2_000_000 + ++serial)}`;

export async function startIntakeStack(): Promise<IntakeStack> {
	const stack = await startTestStack('demo', { functions: { directory: FUNCTIONS } });
	const owner = postgres(stack.dbUrl, { max: 2, onnotice: () => {} });
	const admin = await stack.signIn('admin');
	const makeToken: IntakeStack['makeToken'] = async ({ campaign, expiresAt } = {}) => {
		const { data, error } = await admin.rpc('create_api_token', {
			name: 'Site',
			scopes: ['leads.create'],
			campaign_id: campaign ?? null,
			expires_at: expiresAt ?? null
		});
		if (error) throw error;
		return data as { id: number; token: string };
	};
	const { token: usual } = await makeToken();
	const send: IntakeStack['send'] = async (payload, options = {}) => {
		const token = options.token === undefined ? usual : options.token;
		const answer = await fetch(`${stack.url}/functions/v1/lead-intake${options.path ?? ''}`, {
			method: options.method ?? 'POST',
			headers: {
				'content-type': 'application/json',
				...(token ? (options.path ? { token } : { authorization: `Bearer ${token}` }) : {}),
				...options.headers
			},
			body:
				options.method && options.method !== 'POST'
					? undefined
					: (options.body ?? JSON.stringify(payload))
		});
		const text = await answer.text();
		const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
		return { status: answer.status, headers: answer.headers, text, body };
	};
	return {
		...stack,
		owner,
		send,
		makeToken,
		lines: () =>
			readFileSync(join(stack.home, 'logs/functions.log'), 'utf8')
				.split('\n')
				.filter((line) => line.includes('lead_intake'))
				.map(
					(line) =>
						JSON.parse((JSON.parse(line) as { message: string }).message) as Record<string, unknown>
				),
		dispose: async () => {
			await owner.end();
			await stack.dispose();
		}
	};
}
