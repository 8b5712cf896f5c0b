/**
 * Runs inside Deno, before the function's own code: takes over `Deno.serve`, gives the function the
 * environment it may see, and serves whichever handler it offers on a port of Deno's choice.
 *
 * The gateway's process sends one JSON line on stdin (`Boot`) and keeps it open; its end asks us to
 * finish background work and leave. Without the gateway's process a guard kills us (worker.ts).
 */

/** What we use of Deno's global; its types are not installed here. */
declare const Deno: {
	pid: number;
	serve: unknown;
	env: {
		toObject(): Record<string, string>;
		set(name: string, value: string): void;
		delete(name: string): void;
	};
	stdin: {
		read(into: Uint8Array): Promise<number | null>;
		readSync(into: Uint8Array): number | null;
	};
	stdout: { writeSync(text: Uint8Array): number };
	exit(code: number): never;
};

/** The address a request came from, as `Deno.serve` tells it. */
type Info = {
	remoteAddr: { transport: 'tcp'; hostname: string; port: number };
	completed: unknown;
};
type Handler = (request: Request, info: Info) => Response | Promise<Response>;
type ServeOptions = {
	handler?: Handler;
	onError?: (error: unknown) => Response | Promise<Response>;
	onListen?: (address: object) => void;
};
type Serve = (
	options: object,
	handler: Handler
) => { finished: Promise<void>; addr: { port: number } };

/** How the gateway's process starts us. */
type Boot = {
	/** known to the gateway alone, so that no other program here can call a function past it */
	key: string;
	environment: Record<string, string>;
	/** for `EdgeRuntime.waitUntil` when we are asked to leave */
	graceMs: number;
};

const realServe = Deno.serve as Serve;
const boot = JSON.parse(firstLine()) as Boot;
const background = new Set<Promise<unknown>>();
let offered: ServeOptions | undefined;

for (const name of Object.keys(Deno.env.toObject())) Deno.env.delete(name);
for (const [name, value] of Object.entries(boot.environment)) Deno.env.set(name, value);
Object.defineProperty(Deno, 'serve', { value: serve, writable: true, configurable: true });
Object.defineProperty(globalThis, 'EdgeRuntime', { value: { waitUntil }, configurable: true });
void leaveWhenAsked();

/** Byte by byte, because what follows the line is not ours to take. */
function firstLine(): string {
	const bytes: number[] = [];
	const one = new Uint8Array(1);
	while (Deno.stdin.readSync(one) === 1 && one[0] !== 10) bytes.push(one[0] as number);
	return new TextDecoder().decode(new Uint8Array(bytes));
}

/** All forms of `Deno.serve`: (handler), (options, handler), (options with handler). */
function serve(first: Handler | ServeOptions, second?: Handler): object {
	const options = typeof first === 'function' ? { handler: first } : first;
	offered = second ? { ...options, handler: second } : options;
	const addr = { transport: 'tcp', hostname: '0.0.0.0', port: 8000 };
	options.onListen?.(addr);
	const never = new Promise<void>(() => {});
	return {
		addr,
		finished: never,
		shutdown: () => Promise.resolve(),
		ref() {},
		unref() {},
		[Symbol.asyncDispose]: () => Promise.resolve()
	};
}

function waitUntil<T>(work: Promise<T>): Promise<T> {
	background.add(work);
	const done = () => void background.delete(work);
	work.then(done, (error: unknown) => {
		console.error('Background work failed:', error);
		done();
	});
	return work;
}

/** Called by the generated main module once the function's module has been evaluated. */
export function open(entry: { default?: { fetch?: Handler } }): void {
	const exported = entry.default;
	const fetch = exported?.fetch?.bind(exported);
	const handler = offered?.handler ?? fetch;
	if (!handler) {
		console.error('The function neither calls Deno.serve nor exports default { fetch }.');
		Deno.exit(1);
	}
	const options = {
		hostname: '127.0.0.1',
		port: 0,
		onListen: announce,
		...(offered?.onError ? { onError: offered.onError } : {})
	};
	realServe(options, (request, info) => answer(handler, request, info));
}

function announce({ port }: { port: number }): void {
	const line = `${boot.key} ${JSON.stringify({ port, pid: Deno.pid })}\n`;
	Deno.stdout.writeSync(new TextEncoder().encode(line));
}

function answer(handler: Handler, request: Request, info: Info): Response | Promise<Response> {
	const key = request.headers.get('x-embedded-key');
	if (key !== boot.key) return new Response(null, { status: 403 });
	if (request.headers.has('x-embedded-pulse')) return new Response(null, { status: 204 });
	// the headers of a request that arrived cannot be changed
	const headers = new Headers(request.headers);
	headers.delete('x-embedded-key');
	const client = headers.get('x-forwarded-for')?.split(',')[0]?.trim();
	const hostname = client || info.remoteAddr.hostname;
	return handler(new Request(request, { headers }), {
		remoteAddr: { ...info.remoteAddr, hostname },
		completed: info.completed
	});
}

async function leaveWhenAsked(): Promise<void> {
	const ignored = new Uint8Array(64);
	while ((await Deno.stdin.read(ignored)) !== null);
	dispatchEvent(new CustomEvent('beforeunload', { detail: { reason: 'early_drop' } }));
	const patience = new Promise((done) => setTimeout(done, boot.graceMs));
	while (background.size > 0) {
		const outcome = await Promise.race([Promise.allSettled(background), patience]);
		if (!outcome) break;
	}
	Deno.exit(0);
}
