/** One running function: its boot, the requests it is busy with, its limits and its end. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import type { Log } from '../log.ts';
import { readLines } from './lines.ts';
import { PROCESS_OVERHEAD_MB, type FunctionLimits } from './options.ts';
import { launch, type Launch } from './process.ts';
import { usageOf } from './usage.ts';

/** Why a worker ended: by itself, by one of its limits, or because it was told to. */
export type End = 'crash' | 'limit' | 'stopped';

/** A request in progress. */
export type Flight = { startedAt: number; startedCpuMs: number | null; index: number };

const OUT_OF_MEMORY = /heap out of memory|Fatal JavaScript/i;
const KILL_AFTER_MS = 1_000;

export class Worker {
	readonly name: string;
	readonly version: string;
	readonly key = randomBytes(24).toString('base64url');
	readonly agent = new Agent({ keepAlive: true });
	/** resolves with the port; rejects when the function did not boot */
	readonly ready: Promise<number>;
	readonly ended: Promise<End>;
	readonly flights = new Set<Flight>();
	/** takes no new requests */
	retired = false;
	idleSince = Date.now();
	pid = 0;
	#child: ChildProcess;
	#limits: FunctionLimits;
	#log: Log;
	#end: End | null = null;
	#stopping = false;
	#started = 0;
	#pulse: { at: number; cpuMs: number } | null = null;

	constructor(
		options: Omit<Launch, 'boot' | 'memoryMb'>,
		environment: Record<string, string>,
		limits: FunctionLimits,
		log: Log
	) {
		this.name = options.edge.name;
		this.version = options.edge.version;
		this.#limits = limits;
		this.#log = (event, fields) => log(event, { function: this.name, ...fields });
		const boot = { key: this.key, environment, graceMs: limits.wallMs };
		this.#child = launch({ ...options, memoryMb: limits.memoryMb, boot });
		this.ended = new Promise((resolve) => {
			this.#child.once('error', (error) => this.#say('error', error.message));
			this.#child.once('close', (code) => resolve(this.#close(code)));
		});
		this.ready = this.#boot();
		this.ready.catch(() => {});
	}

	get alive(): boolean {
		return this.#end === null;
	}

	/** Marks the start of a request; call the answer when it is over. */
	begin(): { flight: Flight; finish: () => void } {
		const flight = {
			startedAt: Date.now(),
			startedCpuMs: usageOf(this.pid)?.cpuMs ?? null,
			index: this.#started++
		};
		this.flights.add(flight);
		const finish = () => {
			this.flights.delete(flight);
			this.idleSince = Date.now();
			if (this.retired && this.flights.size === 0) this.#leave();
		};
		return { flight, finish };
	}

	/** No new requests; the process goes when those in progress are over. */
	retire(): void {
		if (this.retired) return;
		this.retired = true;
		if (this.flights.size === 0) this.#leave();
	}

	/** Ends the process at once. */
	kill(end: End): void {
		if (this.#end) return;
		this.retired = true;
		if (end === 'limit') this.#end ??= 'limit';
		this.#stopping = true;
		killGroup(this.#child);
	}

	/** Called a few times a second: ends a process that is beyond a limit. */
	check(): void {
		if (!this.alive || !this.pid) return;
		const usage = usageOf(this.pid);
		const { memoryMb, cpuMs } = this.#limits;
		if (usage && usage.memoryMb > memoryMb + PROCESS_OVERHEAD_MB) return this.#exceed('memory');
		if (this.flights.size === 0) return;
		if (usage && this.#cpuPerRequest(usage.cpuMs) > cpuMs) return this.#exceed('cpu');
		if (this.#pulse) {
			const { at, cpuMs: before } = this.#pulse;
			const busy = usage ? usage.cpuMs - before : Date.now() - at;
			if (busy > cpuMs) this.#exceed('cpu');
		} else this.#takePulse(usage?.cpuMs ?? 0);
	}

	/** Since the oldest request in progress began, shared among those that ran meanwhile. */
	#cpuPerRequest(cpuMs: number): number {
		const [oldest] = this.flights;
		if (!oldest || oldest.startedCpuMs === null) return 0;
		return (cpuMs - oldest.startedCpuMs) / (this.#started - oldest.index);
	}

	/** Asks the harness for a sign of life; a function in an endless loop cannot give it. */
	#takePulse(cpuMs: number): void {
		this.#pulse = { at: Date.now(), cpuMs };
		const answered = () => (this.#pulse = null);
		this.ready
			.then((port) => {
				const headers = { 'x-embedded-key': this.key, 'x-embedded-pulse': '1' };
				const pulse = httpRequest({ host: '127.0.0.1', port, headers, agent: false });
				pulse.on('response', (response) => response.resume().on('end', answered));
				pulse.on('error', answered);
				pulse.end();
			})
			.catch(answered);
	}

	#exceed(limit: string): void {
		this.#log('function_limit', { limit });
		this.kill('limit');
	}

	/** Lets background work of `EdgeRuntime.waitUntil` finish, for as long as a request may take. */
	#leave(): void {
		if (this.#stopping) return;
		this.#stopping = true;
		(this.#child.stdin as Writable).end();
		const timer = setTimeout(() => killGroup(this.#child), this.#limits.wallMs + KILL_AFTER_MS);
		void this.ended.then(() => clearTimeout(timer));
	}

	async #boot(): Promise<number> {
		const startedAt = Date.now();
		const { promise, resolve, reject } = Promise.withResolvers<number>();
		readLines(this.#child.stdout as Readable, (line) => {
			if (!line.startsWith(`${this.key} `)) return this.#say('info', line);
			const { port, pid } = JSON.parse(line.slice(this.key.length + 1)) as Record<
				'port' | 'pid',
				number
			>;
			this.pid = pid;
			resolve(port);
		});
		readLines(this.#child.stderr as Readable, (line) => {
			if (OUT_OF_MEMORY.test(line)) this.#end = 'limit';
			this.#say('error', line);
		});
		void this.ended.then(() => reject(new Error('The function did not boot')));
		const timer = setTimeout(() => {
			this.#say('error', `The function did not boot within ${this.#limits.bootMs} ms.`);
			this.kill('stopped');
		}, this.#limits.bootMs);
		try {
			const port = await promise;
			this.#log('function_booted', { pid: this.pid, ms: Date.now() - startedAt });
			return port;
		} finally {
			clearTimeout(timer);
		}
	}

	#close(code: number | null): End {
		this.#end ??= this.#stopping ? 'stopped' : 'crash';
		this.retired = true;
		this.agent.destroy();
		this.#log('function_ended', { pid: this.pid, end: this.#end, code });
		return this.#end;
	}

	#say(level: 'info' | 'error', message: string): void {
		if (message) this.#log('function_log', { level, message });
	}
}

/** The guard, Deno and the guard's watcher are one process group. */
function killGroup(child: ChildProcess): void {
	if (!child.pid || child.exitCode !== null || child.signalCode !== null) return;
	try {
		process.kill(-child.pid, 'SIGKILL');
	} catch {
		// it ended between the check and the signal
	}
}
