/** Where our Supabase is: the environment, checked once at the door. */
import { env } from '$env/dynamic/public';
import * as z from 'zod';

const schema = z.object({
	PUBLIC_SUPABASE_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
	PUBLIC_SUPABASE_KEY: z.string().min(1),
	PUBLIC_VERSTAK_DEMO: z
		.string()
		.optional()
		.transform((value) => value === '1'),
	PUBLIC_VERSTAK_PUSH_KEY: z
		.string()
		.optional()
		.transform((value) => value || null)
});

export type Config = {
	/** origin and path of the Data API gateway, no slash at the end */
	supabaseUrl: string;
	/** the publishable key: no secret, it says only which project */
	supabaseKey: string;
	/** the demo company is loaded: say so, and offer its accounts */
	demo: boolean;
	/** the public half of the VAPID keys; null: no push messages */
	pushKey: string | null;
};

let known: Config | undefined;

/** @throws Error naming the variables that are missing or wrong */
export function config(): Config {
	return (known ??= parseConfig(env));
}

/** Exported for its test. */
export function parseConfig(values: Record<string, string | undefined>): Config {
	const parsed = schema.safeParse(values);
	if (!parsed.success) {
		const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
		throw new Error(`Environment variables are missing or wrong. ${wrong.join('; ')}`);
	}
	const { PUBLIC_SUPABASE_URL, PUBLIC_SUPABASE_KEY, PUBLIC_VERSTAK_DEMO } = parsed.data;
	const { PUBLIC_VERSTAK_PUSH_KEY } = parsed.data;
	return {
		supabaseUrl: PUBLIC_SUPABASE_URL,
		supabaseKey: PUBLIC_SUPABASE_KEY,
		demo: PUBLIC_VERSTAK_DEMO,
		pushKey: PUBLIC_VERSTAK_PUSH_KEY
	};
}
