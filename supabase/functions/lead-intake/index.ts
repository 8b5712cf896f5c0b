/** `POST /functions/v1/lead-intake`: leads from other programs. See handler.ts. */
import { log } from '../_shared/log.ts';
import { backendOf, callDatabase } from '../_shared/rpc.ts';
import { createHandler } from './handler.ts';

/** What we use of Deno's global; its types are not installed here. */
declare const Deno: {
	env: { get(name: string): string | undefined };
	serve(handler: (request: Request) => Promise<Response>): unknown;
};

const backend = backendOf(Deno.env);

Deno.serve(
	createHandler({
		call: (name, parameters) => callDatabase(backend, name, parameters),
		log,
		proxies: new Set((Deno.env.get('TRUSTED_PROXIES') ?? '').split(',').map((each) => each.trim()))
	})
);
