/** Runs repairs one at a time; a gap that appears during a repair causes one more after it. */

/** `base` milliseconds, spread by a half, so that a fleet of boards does not come back in step. */
export const jitter = (base: number): number => base * (0.75 + Math.random() / 2);

/** Doubling from a quarter of a second to `most`, with jitter. */
export const backoff = (failures: number, most = 1500): number =>
	jitter(Math.min(most, 125 * 2 ** failures));

/**
 * How long (ms) after a repair it is made once more. A transaction is in the log, and told, before
 * others can read it: who joins after the telling and reads before that would miss it for good.
 * https://www.postgresql.org/docs/17/logicaldecoding-explanation.html
 */
export const AGAIN_MS = 1500;

export class RepairLoop {
	#repair: (again: boolean) => Promise<void>;
	#onStart: () => void;
	#onDone: () => void;
	#wanted = false;
	#running = false;
	#stopped = false;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** `repair` rejects when it could not reach the server and should be repeated; `again` is the second look. */
	constructor(repair: (again: boolean) => Promise<void>, onStart: () => void, onDone: () => void) {
		this.#repair = repair;
		this.#onStart = onStart;
		this.#onDone = onDone;
	}

	/** Something may have been missed. */
	gap(): void {
		this.#wanted = true;
		if (!this.#running && !this.#stopped) void this.#run();
	}

	destroy(): void {
		this.#stopped = true;
		clearTimeout(this.#timer);
	}

	async #run(): Promise<void> {
		clearTimeout(this.#timer);
		this.#running = true;
		let failures = 0;
		while (this.#wanted && !this.#stopped) {
			this.#wanted = false;
			this.#onStart();
			try {
				await this.#repair(false);
				failures = 0;
			} catch {
				this.#wanted = true;
				failures += 1;
				await new Promise<void>((resolve) => {
					this.#timer = setTimeout(resolve, backoff(failures));
				});
			}
		}
		this.#running = false;
		if (this.#stopped) return;
		this.#onDone();
		this.#timer = setTimeout(() => void this.#lookAgain(), jitter(AGAIN_MS));
	}

	async #lookAgain(): Promise<void> {
		this.#running = true;
		await this.#repair(true).catch(() => (this.#wanted = true));
		this.#running = false;
		if (this.#wanted && !this.#stopped) void this.#run();
	}
}
