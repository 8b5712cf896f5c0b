/**
 * How often an address or an account may knock. A token bucket per key, kept as one number (the
 * generic cell rate algorithm): the moment at which the bucket would be full again.
 */
import { AuthError } from './errors.ts';

/** `count` at once, refilled evenly over `seconds` */
export type Limit = { count: number; seconds: number };

export type Limits = {
	/** sign-ins by password: per address, and per address and e-mail together */
	password: { address: Limit; email: Limit };
	refresh: { address: Limit };
	signup: { address: Limit; email: Limit };
	/** magic links and codes by mail; per e-mail from wherever asked */
	otp: { address: Limit; email: Limit };
	recover: { address: Limit; email: Limit };
	resend: { address: Limit; email: Limit };
	/** codes and links; per e-mail from wherever, because six digits can be guessed from many addresses */
	verify: { address: Limit; email: Limit };
	/** second factors: per address and per user */
	factors: { address: Limit; user: Limit };
};

export const DEFAULT_LIMITS: Limits = {
	password: { address: { count: 600, seconds: 300 }, email: { count: 30, seconds: 300 } },
	refresh: { address: { count: 3_000, seconds: 300 } },
	signup: { address: { count: 100, seconds: 300 }, email: { count: 10, seconds: 3_600 } },
	otp: { address: { count: 60, seconds: 300 }, email: { count: 10, seconds: 3_600 } },
	recover: { address: { count: 60, seconds: 300 }, email: { count: 10, seconds: 3_600 } },
	resend: { address: { count: 60, seconds: 300 }, email: { count: 10, seconds: 3_600 } },
	verify: { address: { count: 120, seconds: 300 }, email: { count: 15, seconds: 300 } },
	factors: { address: { count: 300, seconds: 300 }, user: { count: 15, seconds: 300 } }
};

const REMEMBERED_KEYS = 50_000;

export class RateLimiter {
	#fullAt = new Map<string, number>();
	#remembered: number;
	#now: () => number;

	constructor(remembered = REMEMBERED_KEYS, now: () => number = Date.now) {
		this.#remembered = remembered;
		this.#now = now;
	}

	/** Takes one from the bucket. Returns 0, or in how many seconds the next one may be taken. */
	take(key: string, { count, seconds }: Limit): number {
		const now = this.#now();
		const step = (seconds * 1000) / count;
		const fullAt = Math.max(this.#fullAt.get(key) ?? 0, now) + step;
		const wait = fullAt - seconds * 1000 - now;
		if (wait > 0) return Math.ceil(wait / 1000);
		// written anew, so that the map's order is that of use and the oldest can go first
		this.#fullAt.delete(key);
		this.#fullAt.set(key, fullAt);
		if (this.#fullAt.size > this.#remembered) this.#forget(now);
		return 0;
	}

	/** Puts one back: an attempt that turned out to be legitimate. */
	refund(key: string, { count, seconds }: Limit): void {
		const fullAt = this.#fullAt.get(key);
		if (fullAt !== undefined) this.#fullAt.set(key, fullAt - (seconds * 1000) / count);
	}

	get size(): number {
		return this.#fullAt.size;
	}

	#forget(now: number): void {
		for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key);
		const surplus = this.#fullAt.size - Math.floor(this.#remembered * 0.9);
		for (const key of [...this.#fullAt.keys()].slice(0, Math.max(0, surplus))) {
			this.#fullAt.delete(key);
		}
	}
}

/** GoTrue's answer to too many requests; `mail` when it is mails that are counted. */
export function tooMany(seconds: number, mail: boolean): AuthError {
	return new AuthError(
		429,
		mail ? 'over_email_send_rate_limit' : 'over_request_rate_limit',
		mail ? 'email rate limit exceeded' : 'Request rate limit reached',
		{ headers: { 'retry-after': String(seconds) } }
	);
}
