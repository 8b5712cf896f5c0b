/** Vite's development server as a child of `npm run dev`; ends with its parent. */
import { createServer } from 'vite';

try {
	const server = await createServer({
		server: { port: Number(process.env.PORT), strictPort: true, host: process.env.HOST }
	});
	await server.listen();
	process.send?.({ ready: true });
} catch (error) {
	process.send?.({ failed: error instanceof Error ? error.message : String(error) });
	process.exit(1);
}
process.once('disconnect', () => process.exit(0));
process.once('SIGINT', () => {});
process.once('SIGTERM', () => process.exit(0));
