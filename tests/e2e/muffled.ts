import type { Page } from '@playwright/test';

/** Lets a test lose what the server says over the socket, while the socket itself stays open. */
export async function muffled(page: Page): Promise<{ deaf: boolean }> {
	const ears = { deaf: false };
	await page.routeWebSocket(/\/realtime\/v1\//, (socket) => {
		const server = socket.connectToServer();
		server.onMessage((message) => {
			if (!ears.deaf) socket.send(message);
		});
		socket.onMessage((message) => server.send(message));
	});
	return ears;
}
