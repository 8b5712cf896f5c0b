/** What the edge functions' server is told, and its limits. */
import type { Log } from '../log.ts';
import type { Secrets } from '../secrets.ts';

export type FunctionsOptions = {
	/** the folder with one folder per function, as `supabase/functions` */
	directory: string;
	/** with `[functions.<name>]`; `config.toml` beside the folder when not given */
	configFile?: string;
	/** whether a change of a file is noticed at the next request; true unless told otherwise */
	watch?: boolean;
	limits?: Partial<FunctionLimits>;
};

/** Hosted's numbers where hosted publishes one (supabase-facts §6). */
export type FunctionLimits = {
	/** until a started function must have called `Deno.serve` or exported its handler */
	bootMs: number;
	/** processor time without a pause, and on average per request */
	cpuMs: number;
	/** of one request from its start to its last byte */
	wallMs: number;
	/** without a byte from the function */
	silenceMs: number;
	/** V8's heap; the whole process may use `PROCESS_OVERHEAD_MB` more */
	memoryMb: number;
	/** without a request before the process is stopped */
	idleMs: number;
};

export const DEFAULT_LIMITS: FunctionLimits = {
	bootMs: 10_000,
	cpuMs: 2_000,
	wallMs: 400_000,
	silenceMs: 150_000,
	memoryMb: 256,
	idleMs: 150_000
};

/** What Deno itself and the code of big packages take beside the heap. */
export const PROCESS_OVERHEAD_MB = 160;

export type FunctionsContext = FunctionsOptions & {
	home: string;
	/** where functions reach the gateway */
	url: string;
	/** the schema owner's database address, `SUPABASE_DB_URL` */
	dbUrl: string;
	secrets: Secrets;
	/** `<home>/logs/functions.log` */
	log: Log;
};
