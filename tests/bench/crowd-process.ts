/** Many raw websockets that note how old each message is on arrival, and do nothing else. */
import { once } from 'node:events';
import WebSocket from 'ws';
import { answerQuestions } from './child.ts';
import { now } from './percentiles.ts';
import { readStamp, type Place } from './fanout-message.ts';

export type CrowdQuestion =
	{ kind: 'join'; places: Place[] } | { kind: 'reset' | 'report' | 'leave' };
export type CrowdReport = {
	latencies: Float64Array;
	received: number;
	first: number;
	last: number;
};

/** what does not fit is counted, not timed */
const times = new Float64Array(4_000_000);
let received = 0;
let first = 0;
let last = 0;
const sockets: WebSocket[] = [];

answerQuestions(async (question: CrowdQuestion) => {
	if (question.kind === 'join') return join(question.places);
	if (question.kind === 'reset') return void (received = 0);
	if (question.kind === 'leave') return leave();
	return { latencies: times.slice(0, received), received, first, last } satisfies CrowdReport;
});
process.once('disconnect', () => process.exit(0));

async function join(places: Place[]): Promise<void> {
	for (let done = 0; done < places.length; done += 100) {
		await Promise.all(places.slice(done, done + 100).map(enter));
	}
}

async function enter({ url, join }: Place): Promise<void> {
	const options = { perMessageDeflate: false, skipUTF8Validation: true };
	const socket = new WebSocket(url, options);
	sockets.push(socket);
	await once(socket, 'open');
	if (join) {
		socket.send(join);
		const [answer] = await once(socket, 'message');
		if (!String(answer).includes('"status":"ok"')) throw new Error(String(answer));
	}
	socket.on('message', note);
}

function note(data: WebSocket.RawData): void {
	const sent = readStamp(data as Buffer);
	if (!sent) return;
	last = now();
	if (received === 0) first = last;
	if (received < times.length) times[received] = last - sent;
	received++;
}

async function leave(): Promise<void> {
	const closed = sockets.map((socket) => once(socket, 'close'));
	for (const socket of sockets.splice(0)) socket.terminate();
	await Promise.all(closed);
	received = 0;
}
