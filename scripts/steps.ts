/** Progress lines of the start command: one per step, with its time, and advice when one fails. */
const PLAIN = !process.stdout.isTTY || Boolean(process.env.NO_COLOR);
const paint = (code: number, text: string) => (PLAIN ? text : `\u001b[${code}m${text}\u001b[0m`);

/** A step that failed, with a sentence on what to do about it. */
export class StepFailure extends Error {
	advice: string;
	constructor(step: string, cause: unknown, advice: string) {
		super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
		this.advice = advice;
	}
}

/** Runs one step, printing its name and duration. */
export async function step<T>(name: string, advice: string, work: () => Promise<T>): Promise<T> {
	const began = performance.now();
	try {
		const result = await work();
		const seconds = ((performance.now() - began) / 1000).toFixed(1);
		console.log(`${paint(32, '✓')} ${name} ${paint(2, `${seconds} s`)}`);
		return result;
	} catch (error) {
		console.log(`${paint(31, '✗')} ${name}`);
		throw error instanceof StepFailure ? error : new StepFailure(name, error, advice);
	}
}

/** Prints a failure for a person and sets the exit code. */
export function reportFailure(error: unknown): void {
	console.error(`\n${error instanceof Error ? error.message : String(error)}`);
	if (error instanceof StepFailure) console.error(paint(33, `→ ${error.advice}`));
	process.exitCode = 1;
}
