/** The headers a function gets: the caller's own and where the call came from. */
import type { IncomingMessage } from 'node:http';

/** set by us, never taken from outside */
const OURS = new Set([
	'x-embedded-key',
	'x-embedded-pulse',
	'x-forwarded-for',
	'x-forwarded-host',
	'x-forwarded-proto',
	'x-forwarded-port'
]);
const HOP_BY_HOP = new Set([
	'connection',
	'keep-alive',
	'upgrade',
	'expect',
	'te',
	'trailer',
	'proxy-connection'
]);

const isLoopback = (address: string) => /^(::ffff:)?127\.|^::1$/.test(address);

/**
 * A flat list of names and values. A forwarding header is believed only from a proxy or an app on
 * this machine; anybody else could write a foreign address into it.
 */
export function forwardedHeaders(request: IncomingMessage): string[] {
	const peer = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
	const believed = isLoopback(peer) ? request.headers : {};
	const chain = [believed['x-forwarded-for'], peer].flat().filter(Boolean).join(', ');
	const host = request.headers.host ?? 'localhost';
	const kept = request.rawHeaders.flatMap((name, at, all) => {
		const lower = name.toLowerCase();
		if (at % 2 === 1 || OURS.has(lower) || HOP_BY_HOP.has(lower)) return [];
		return [name, all[at + 1] as string];
	});
	return [
		...kept,
		'x-forwarded-for',
		chain,
		'x-forwarded-host',
		String(believed['x-forwarded-host'] ?? host),
		'x-forwarded-proto',
		String(believed['x-forwarded-proto'] ?? 'http'),
		'x-forwarded-port',
		String(believed['x-forwarded-port'] ?? request.socket.localPort ?? '')
	];
}
