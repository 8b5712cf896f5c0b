/** A process's output as lines of bounded length: a function must not fill our memory. */
import type { Readable } from 'node:stream';

const LONGEST_LINE = 8_192;

export function readLines(stream: Readable, take: (line: string) => void): void {
	let rest = '';
	stream.setEncoding('utf8');
	stream.on('data', (text: string) => {
		const lines = (rest + text).split('\n');
		rest = lines.pop() ?? '';
		lines.forEach((line) => take(line.slice(0, LONGEST_LINE)));
		if (rest.length > LONGEST_LINE) {
			take(rest.slice(0, LONGEST_LINE));
			rest = '';
		}
	});
	stream.on('end', () => {
		if (rest) take(rest);
	});
	stream.on('error', () => {});
}
