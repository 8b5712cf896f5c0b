import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Above the well-known ports, below those that systems give to outgoing connections. */
const [FIRST, END] = [12_000, 32_000];
const ATTEMPTS = 50;

/**
 * A port of this machine nobody listens on at the moment, for a stack nobody has to find. Not one the
 * system would propose: it may give that one to somebody's outgoing connection before it is listened on.
 * @throws when none of 50 random ports is free
 */
export async function freePort(): Promise<number> {
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		const port = randomInt(FIRST, END);
		if (await isFree(port)) return port;
	}
	throw new Error(`No free port found between ${FIRST} and ${END}`);
}

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}
