/**
 * `/functions/v1`: every folder of `supabase/functions` as an edge function in a Deno process of its
 * own, started by its first request, stopped when nobody calls it, replaced when its files change.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Identities } from '../gateway/identity.ts';
import { sendJson } from '../gateway/web.ts';
import { Catalogue, type EdgeFunction } from './catalogue.ts';
import { prepareDeno, type DenoPlace } from './deno.ts';
import { functionEnvironment } from './environment.ts';
import { DEFAULT_LIMITS, type FunctionLimits, type FunctionsContext } from './options.ts';
import { forward, sendFailure } from './proxy.ts';
import { refusal } from './verify-jwt.ts';
import { Worker } from './worker.ts';

export type { FunctionLimits, FunctionsOptions } from './options.ts';

const CHECK_MS = 250;
/** a function that does not boot is not tried again for every request of a crowd */
const BOOT_AGAIN_MS = 500;
const PREFIX = '/functions/v1';

export class FunctionServer {
	#context: FunctionsContext;
	#identities: Identities;
	#limits: FunctionLimits;
	#catalogue: Catalogue;
	#deno: DenoPlace | null = null;
	#current = new Map<string, Worker>();
	#all = new Set<Worker>();
	#failed = new Map<string, { version: string; at: number }>();
	#timer: NodeJS.Timeout;
	#open = true;

	constructor(context: FunctionsContext, identities: Identities) {
		const { directory, configFile, watch, log } = context;
		this.#context = context;
		this.#identities = identities;
		this.#limits = { ...DEFAULT_LIMITS, ...context.limits };
		this.#catalogue = new Catalogue(directory, configFile, watch ?? true, log);
		const harnessFolder = dirname(fileURLToPath(import.meta.url));
		try {
			this.#deno = prepareDeno(context.home, [this.#catalogue.directory, harnessFolder]);
			const root = process.getuid?.() === 0 && !this.#deno.account;
			if (root) log('functions_run_as_root', { why: 'no other account reaches code and home' });
		} catch (error) {
			// the rest of the stack works without functions
			log('functions_unavailable', { error: (error as Error).message });
		}
		this.#timer = setInterval(() => this.#check(), CHECK_MS);
	}

	/** `down` when there is no Deno that could run them. */
	health(): 'ok' | 'down' {
		return this.#open && this.#deno ? 'ok' : 'down';
	}

	/** The processes there are now, for tests and `status`. */
	processes(): { name: string; pid: number }[] {
		return [...this.#all].filter(({ alive }) => alive).map(({ name, pid }) => ({ name, pid }));
	}

	/** Answers a request below `/functions/v1`, whatever its method. */
	async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		// the function sees /<name>/… with the query as it was sent
		const path = (request.url ?? '').slice(PREFIX.length);
		const name = /^\/([^/?]+)/.exec(path)?.[1];
		const edge = name ? this.#catalogue.find(name) : undefined;
		if (!edge) return sendNotFound(response);
		// the one method that reaches us and that a web Request cannot carry
		if (request.method === 'TRACE') return sendJson(response, 405, { message: 'Not allowed' });
		if (edge.verifyJwt && request.method !== 'OPTIONS') {
			const msg = await refusal(request.headers, this.#identities);
			const readable = { 'access-control-allow-origin': '*' };
			if (msg) return sendJson(response, 401, { msg }, readable);
		}
		const worker = this.#workerFor(edge);
		if (!worker) return sendFailure(response, 'boot');
		await forward(worker, this.#limits, request, response, path);
	}

	async stop(): Promise<void> {
		this.#open = false;
		clearInterval(this.#timer);
		const workers = [...this.#all];
		workers.forEach((worker) => worker.kill('stopped'));
		await Promise.all(workers.map(({ ended }) => ended));
	}

	#workerFor(edge: EdgeFunction): Worker | null {
		const current = this.#current.get(edge.name);
		if (current && !current.retired && current.version === edge.version) return current;
		current?.retire();
		const failed = this.#failed.get(edge.name);
		const again = failed?.version !== edge.version || Date.now() - failed.at > BOOT_AGAIN_MS;
		return this.#open && this.#deno && again ? this.#start(edge, this.#deno) : null;
	}

	#start(edge: EdgeFunction, deno: DenoPlace): Worker {
		const { home, secrets, log } = this.#context;
		const { directory, secrets: userSecrets } = this.#catalogue;
		const environment = functionEnvironment(this.#context, secrets, userSecrets);
		const worker = new Worker({ edge, directory, deno, home }, environment, this.#limits, log);
		this.#current.set(edge.name, worker);
		this.#all.add(worker);
		worker.ready.then(
			() => this.#failed.delete(edge.name),
			() => this.#failed.set(edge.name, { version: edge.version, at: Date.now() })
		);
		void worker.ended.then(() => {
			this.#all.delete(worker);
			if (this.#current.get(edge.name) === worker) this.#current.delete(edge.name);
		});
		return worker;
	}

	#check(): void {
		const now = Date.now();
		for (const worker of this.#all) {
			worker.check();
			const idle = worker.pid > 0 && worker.flights.size === 0;
			if (idle && now - worker.idleSince > this.#limits.idleMs) worker.retire();
		}
	}
}

function sendNotFound(response: ServerResponse): void {
	response.writeHead(404, { 'content-type': 'text/plain', 'access-control-allow-origin': '*' });
	response.end('Function not found');
}
