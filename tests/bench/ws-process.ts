/** The yardstick: a bare `ws` server that hands every message to all sockets on the same path. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { answerQuestions } from './child.ts';
import { usage, type UsageAnswer } from './usage.ts';

const rooms = new Map<string, Set<WebSocket>>();
const http = createServer();
const server = new WebSocketServer({
	server: http,
	perMessageDeflate: false,
	clientTracking: false
});

server.on('connection', (socket, request) => {
	const name = request.url ?? '/';
	const room = rooms.get(name) ?? new Set<WebSocket>();
	rooms.set(name, room.add(socket));
	socket.on('close', () => room.delete(socket));
	socket.on('message', (data, binary) => {
		for (const member of room) if (member !== socket) member.send(data, { binary });
	});
});

answerQuestions(async (question: 'start' | 'usage'): Promise<{ url: string } | UsageAnswer> => {
	if (question === 'usage') return usage();
	await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
	return { url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}` };
});
process.once('disconnect', () => process.exit(0));
