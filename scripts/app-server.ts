/**
 * Serves the built app. Runs as a child of the start command and ends with it, even when that is
 * killed: the channel between the two then closes.
 *
 * The app may be opened under any of this machine's names, so its origin is taken from the Host
 * header; adapter-node would otherwise assume https.
 */
import { createServer } from 'node:http';

const { handler } = (await import(new URL('../build/handler.js', import.meta.url).href)) as {
	handler: Parameters<typeof createServer>[1] & object;
};

const server = createServer((request, response) => {
	request.headers['x-forwarded-proto'] ??= 'http';
	(handler as (request: unknown, response: unknown) => void)(request, response);
});
server.once('error', (error: NodeJS.ErrnoException) => {
	process.send?.({
		failed:
			error.code === 'EADDRINUSE'
				? `Port ${process.env.PORT} for the app is in use by another program.`
				: error.message
	});
	process.exit(1);
});
server.listen(Number(process.env.PORT), process.env.HOST, () => process.send?.({ ready: true }));
process.once('disconnect', () => process.exit(0));
process.once('SIGINT', () => {});
process.once('SIGTERM', () => process.exit(0));
