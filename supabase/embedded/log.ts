/** Structured log of the embedded stack: one JSON object a line, no personal data, of bounded size. */
import { createWriteStream, existsSync, openSync, renameSync, statSync } from 'node:fs';

export type Log = (event: string, fields?: Record<string, unknown>) => void;

/** A log and the one before it take at most twice this. */
const MAX_BYTES = 10_000_000;

/** Makes a log that has grown too large `<file>.1`, in place of the one before it. */
export function rotate(file: string, maxBytes = MAX_BYTES): void {
	if (existsSync(file) && statSync(file).size >= maxBytes) renameSync(file, `${file}.1`);
}

export function openLog(file: string, maxBytes = MAX_BYTES): { log: Log; close(): void } {
	// opened at once, so that what is still to be written goes where it belongs after a renaming
	const open = () => createWriteStream('', { fd: openSync(file, 'a', 0o600) });
	rotate(file, maxBytes);
	let stream = open();
	let size = statSync(file).size;
	const log: Log = (event, fields = {}) => {
		const line = `${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`;
		if (size >= maxBytes) {
			stream.end();
			renameSync(file, `${file}.1`);
			stream = open();
			size = 0;
		}
		size += Buffer.byteLength(line);
		stream.write(line);
	};
	return { log, close: () => void stream.end() };
}
