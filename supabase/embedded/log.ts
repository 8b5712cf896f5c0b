/** Structured log of the embedded stack: one JSON object a line, no personal data. */
import { createWriteStream } from 'node:fs';

export type Log = (event: string, fields?: Record<string, unknown>) => void;

export function openLog(file: string): { log: Log; close(): void } {
	const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
	return {
		log: (event, fields = {}) =>
			void stream.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`),
		close: () => void stream.end()
	};
}
