/** `POST /functions/v1/notify`: sends what waits in the outbox. Called by the scheduler. */
import { log } from '../_shared/log.ts';
import { backendOf, callDatabase } from '../_shared/rpc.ts';
import { createHandler } from './handler.ts';
import { pushSender, vapidOf } from './push.ts';

/** What we use of Deno's global; its types are not installed here. */
declare const Deno: {
	env: { get(name: string): string | undefined };
	serve(handler: (request: Request) => Promise<Response>): unknown;
};

const backend = backendOf(Deno.env);
const call = (name: string, parameters?: object) => callDatabase(backend, name, parameters);
const vapid = vapidOf(Deno.env);

Deno.serve(
	createHandler({
		keys: [backend.key, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY') ?? backend.key],
		call,
		log,
		senders: vapid ? { push: pushSender(backend, call, vapid) } : {}
	})
);
