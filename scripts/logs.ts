/** `npm run logs [-- postgres|stack|functions] [-f]`: the last lines of the logs, and what follows. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSettings } from './settings.ts';

const NAMES = ['postgres', 'stack', 'functions'];
const LAST_BYTES = 16_000;
const LAST_LINES = 50;
const LOOK_EVERY_MS = 250;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { follow: { type: 'boolean', short: 'f' } }
});
const wrong = positionals.find((name) => !NAMES.includes(name));
const chosen = positionals.length > 0 ? positionals : NAMES;
const directory = join(readSettings().home, 'logs');

/** Where each log was read up to. */
const read = new Map<string, number>();

function readFrom(file: string, start: number): string {
	const { size } = statSync(file);
	const bytes = Buffer.alloc(Math.max(0, size - start));
	const handle = openSync(file, 'r');
	try {
		readSync(handle, bytes, 0, bytes.length, start);
	} finally {
		closeSync(handle);
	}
	// a line still being written is for the next look
	const end = bytes.lastIndexOf(10) + 1;
	read.set(file, start + end);
	return bytes.subarray(0, end).toString();
}

function show(name: string, text: string): void {
	for (const line of text.split('\n').filter(Boolean)) {
		console.log(chosen.length > 1 ? `${name.padEnd(9)} ${line}` : line);
	}
}

function showLast(name: string): void {
	const file = join(directory, `${name}.log`);
	if (!existsSync(file)) {
		if (positionals.length > 0) console.error(`There is no log of ${name} yet.`);
		return;
	}
	const start = Math.max(0, statSync(file).size - LAST_BYTES);
	const lines = readFrom(file, start).split('\n').filter(Boolean);
	// the first one may have lost its beginning
	show(
		name,
		lines
			.slice(start > 0 ? 1 : 0)
			.slice(-LAST_LINES)
			.join('\n')
	);
}

function showNew(name: string): void {
	const file = join(directory, `${name}.log`);
	if (!existsSync(file)) return;
	const known = read.get(file) ?? 0;
	// a shorter file is a new one
	show(name, readFrom(file, statSync(file).size < known ? 0 : known));
}

if (wrong) {
	console.error(`There is no log "${wrong}". There are: ${NAMES.join(', ')}.`);
	process.exitCode = 1;
} else if (!existsSync(directory)) {
	console.error(`There are no logs in ${directory}. Start Verstak first: npm start`);
	process.exitCode = 1;
} else {
	chosen.forEach(showLast);
	if (values.follow) setInterval(() => chosen.forEach(showNew), LOOK_EVERY_MS);
}
