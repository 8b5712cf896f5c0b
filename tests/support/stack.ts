/** A private embedded Supabase for one test file, and people signed in to it. */
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { DEMO_PASSWORD } from '../../supabase/demo/demo.ts';
import { start, type Stack, type StartOptions } from '../../supabase/embedded/start.ts';
import { copyTemplate, prepareTemplates, removeHome, type TemplateName } from './template.ts';

export type DemoName =
	| 'admin'
	| 'manager'
	| 'marketer'
	| 'operator'
	| 'coordinator'
	| 'coordinator2'
	| 'master'
	| 'master2'
	| 'client';

export const demoEmail = (name: DemoName) => `${name}@demo.verstak.test`;

export type TestStack = Stack & {
	home: string;
	ports: { api: number; db: number };
	/** supabase-js with the publishable key and nobody signed in */
	anonymous(): SupabaseClient;
	/** supabase-js signed in as one of the demo accounts */
	signIn(name: DemoName): Promise<SupabaseClient>;
	/** stops the stack and removes its home */
	dispose(): Promise<void>;
};

/** @param options what start() is told beside home and ports */
export async function startTestStack(
	template: TemplateName = 'demo',
	options: Partial<Omit<StartOptions, 'home' | 'ports'>> = {}
): Promise<TestStack> {
	await prepareTemplates();
	const home = copyTemplate(template);
	const ports = { api: await freePort(), db: await freePort() };
	const stack = await start({ ...options, home, ports });
	await stack.reloadSchema();
	const clients: SupabaseClient[] = [];
	const anonymous = () => {
		const client = createClient(stack.url, stack.keys.publishable, {
			auth: { persistSession: false, autoRefreshToken: false }
		});
		clients.push(client);
		return client;
	};
	return {
		...stack,
		home,
		ports,
		anonymous,
		signIn: async (name) => {
			const client = anonymous();
			const { error } = await client.auth.signInWithPassword({
				email: demoEmail(name),
				password: DEMO_PASSWORD
			});
			if (error) throw new Error(`${name} cannot sign in: ${error.message}`);
			return client;
		},
		dispose: async () => {
			await Promise.all(clients.map((client) => client.removeAllChannels()));
			await stack.stop();
			removeHome(home);
		}
	};
}
