/**
 * Watches one supabase-js socket and brings it back quickly. The library waits 1, 2, 5, then 10 s
 * between tries and gives up while a tab is hidden; a workshop wants its board back within two
 * seconds of the server or the network.
 */
import type { SupabaseClient } from '@supabase/supabase-js';
import { jitter } from './repair-loop.ts';
import { watchWakeUps } from './wake-ups.ts';

type Realtime = SupabaseClient['realtime'];

/** How long a woken connection may take to prove that it is alive. */
const PROOF_MS = 2500;
const TICK_MS = 1000;
/** A connection that says nothing for longer is asked whether it is still there. */
const QUIET_MS = 10_000;

export interface SocketWatchOptions {
	/** the connection is known to be dead */
	onLost(): void;
	/** the page slept or the network is back: something may have been missed */
	onWake(): void;
	/** once a second or so, while the page is visible and has a network */
	onTick(): void;
}

export class SocketWatch {
	#realtime: Realtime;
	#options: SocketWatchOptions;
	#unwatch: () => void;
	#offline = () => this.#drop();
	#tick: ReturnType<typeof setTimeout> | undefined;
	#proof: ReturnType<typeof setTimeout> | undefined;
	#heardAt = 0;
	#askedAt = 0;
	#stopped = false;

	constructor(realtime: Realtime, options: SocketWatchOptions) {
		this.#realtime = realtime;
		this.#options = options;
		realtime.onHeartbeat((status) => {
			if (status === 'ok') this.heard();
			else if (status === 'timeout' || status === 'error') options.onLost();
		});
		this.#unwatch = watchWakeUps(() => this.#wake());
		window.addEventListener('offline', this.#offline);
		this.#schedule();
	}

	/** A message came: the connection is alive. */
	heard(): void {
		this.#heardAt = Date.now();
	}

	destroy(): void {
		this.#stopped = true;
		this.#unwatch();
		window.removeEventListener('offline', this.#offline);
		clearTimeout(this.#tick);
		clearTimeout(this.#proof);
	}

	#wake(): void {
		if (this.#realtime.isConnected()) this.#probe();
		else void this.#reconnect();
		this.#options.onWake();
	}

	/**
	 * The machine says that it has no network: a socket that does not know yet may hang for minutes.
	 * A heartbeat sent while another is unanswered is how the library takes a socket for dead; to
	 * disconnect it politely would leave its channels believing that they are joined.
	 */
	#drop(): void {
		if (this.#realtime.isConnected()) {
			void this.#realtime.sendHeartbeat();
			void this.#realtime.sendHeartbeat();
		}
		this.#options.onLost();
	}

	/** Sends a heartbeat; without an answer in time a second one makes the library reconnect. */
	#probe(): void {
		const asked = Date.now();
		this.#askedAt = asked;
		void this.#realtime.sendHeartbeat();
		clearTimeout(this.#proof);
		this.#proof = setTimeout(() => {
			if (this.#heardAt < asked) void this.#realtime.sendHeartbeat();
		}, PROOF_MS);
	}

	#schedule(): void {
		this.#tick = setTimeout(() => {
			if (document.visibilityState !== 'hidden' && navigator.onLine) {
				if (this.#realtime.getChannels().length > 0) void this.#reconnect();
				const quiet = Date.now() - Math.max(this.#heardAt, this.#askedAt);
				if (quiet > QUIET_MS && this.#realtime.isConnected()) this.#probe();
				this.#options.onTick();
			}
			this.#schedule();
		}, jitter(TICK_MS));
	}

	async #reconnect(): Promise<void> {
		if (this.#realtime.connectionState() !== 'closed') return;
		// a socket that died by itself must be disconnected before the library connects again
		await this.#realtime.disconnect();
		if (!this.#stopped) this.#realtime.connect();
	}
}
