/**
 * Suite `fanout`: one socket's messages to many others, through Realtime and through a bare `ws`
 * server, one after the other in the same run with the same sends.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { BenchCase } from './bench.ts';
import { startChild, type Child } from './child.ts';
import type { CrowdReport } from './crowd-process.ts';
import { body, push, readStamp, type Place } from './fanout-message.ts';
import { now, percentiles } from './percentiles.ts';
import type { UsageAnswer } from './usage.ts';

/** `rate`: messages a second over all topics; Infinity: as fast as the server takes them */
type Load = { name: string; topics: number; each: number; rate: number; seconds: number };

const LOADS: Load[] = [
	{ name: '1 topic × 1,000', topics: 1, each: 1_000, rate: 20, seconds: 5 },
	{ name: '100 topics × 10', topics: 100, each: 10, rate: 2_000, seconds: 5 },
	{ name: '1 topic × 1,000, flood', topics: 1, each: 1_000, rate: Infinity, seconds: 3 },
	{ name: '100 topics × 10, flood', topics: 100, each: 10, rate: Infinity, seconds: 3 }
];

const IDLE = 1_000;
const ROUNDS = 3;

type Server = {
	name: string;
	child: Child;
	place(topic: number): Place;
	frame(topic: number, payload: Buffer): Buffer;
};

export async function runFanout(): Promise<BenchCase[]> {
	const servers = [await openWs(), await openRealtime()];
	const results: BenchCase[] = [];
	try {
		for (const server of servers) results.push(await runIdle(server));
		for (const load of LOADS) {
			results.push(...(await runRounds(servers, load)));
		}
		return results;
	} finally {
		await Promise.all(servers.map(({ child }) => child.stop()));
	}
}

async function openWs(): Promise<Server> {
	const child = startChild('ws-process.ts', ['--expose-gc']);
	const { url } = await child.ask<{ url: string }>('start');
	return {
		name: 'ws',
		child,
		place: (topic) => ({ url: `${url}/${topic}` }),
		frame: (topic, payload) => push(`realtime:${topic}`, payload)
	};
}

async function openRealtime(): Promise<Server> {
	const child = startChild('realtime-process.ts', ['--expose-gc']);
	const { url, key } = await child.ask<{ url: string; key: string }>('start');
	return {
		name: 'realtime',
		child,
		place: (topic) => ({
			url: `${url}?apikey=${key}&vsn=2.0.0`,
			join: JSON.stringify(['1', '1', `realtime:${topic}`, 'phx_join', { config: {} }])
		}),
		frame: (topic, payload) => push(`realtime:${topic}`, payload)
	};
}

/** Turn by turn; of each the calmest round counts, because what else the machine does only adds. */
async function runRounds(servers: Server[], load: Load): Promise<BenchCase[]> {
	const rounds: BenchCase[][] = servers.map(() => []);
	for (let round = 0; round < ROUNDS; round++) {
		for (const [index, server] of servers.entries()) {
			rounds[index]?.push(await runCase(server, load));
		}
	}
	const calmest = rounds.map((cases) => {
		cases.sort((a, b) => Number(a.p95) - Number(b.p95));
		return cases[0] as BenchCase;
	});
	return calmest.map((each) => {
		const ratio = Number(each.p95) / Number(calmest[0]?.p95);
		return { ...each, p95_to_ws: Math.round(100 * ratio) / 100 };
	});
}

/** What a connection costs that joined its topic and says nothing. */
async function runIdle({ name, child, place }: Server): Promise<BenchCase> {
	const crowd = startChild('crowd-process.ts');
	try {
		const before = await child.ask<UsageAnswer>('usage');
		await crowd.ask({ kind: 'join', places: Array.from({ length: IDLE }, () => place(0)) });
		await sleep(1_000);
		const after = await child.ask<UsageAnswer>('usage');
		const kb = (bytes: number) => Math.round(bytes / IDLE / 100) / 10;
		return {
			name: `${name}: ${IDLE} idle connections`,
			rss_kb_each: kb(after.rssBytes - before.rssBytes),
			used_kb_each: kb(after.usedBytes - before.usedBytes)
		};
	} finally {
		await crowd.ask({ kind: 'leave' });
		await crowd.stop();
	}
}

async function runCase(server: Server, load: Load): Promise<BenchCase> {
	const { topics, each, rate, seconds } = load;
	const crowd = startChild('crowd-process.ts');
	const senders: WebSocket[] = [];
	try {
		const numbers = Array.from({ length: topics * each }, (_, n) => n % topics);
		await crowd.ask({ kind: 'join', places: numbers.map(server.place) });
		for (let n = 0; n < topics; n++) senders.push(await openSocket(server.place(n)));
		const pacer = await openPacer(server, topics);
		senders.push(...pacer.sockets);
		const warmed = await send(server, senders, pacer, { ...load, rate: 20, seconds: 2 });
		await settled(crowd, warmed * each);
		await crowd.ask({ kind: 'reset' });
		const before = await server.child.ask<UsageAnswer>('usage');
		const sent = await send(server, senders, pacer, load);
		const report = await settled(crowd, sent * each);
		const after = await server.child.ask<UsageAnswer>('usage');
		return {
			name: `${server.name}: ${load.name}`,
			rate: Number.isFinite(rate) ? rate : 'flood',
			seconds,
			...percentiles([...report.latencies]),
			sent,
			delivered: report.received,
			lost: sent * each - report.received,
			delivered_per_second: Math.round((1000 * report.received) / (report.last - report.first)),
			server_cpu_seconds: Math.round(100 * (after.cpuSeconds - before.cpuSeconds)) / 100
		};
	} finally {
		for (const sender of senders) sender.terminate();
		await crowd.ask({ kind: 'leave' });
		await crowd.stop();
	}
}

async function openSocket({ url, join }: Place): Promise<WebSocket> {
	const socket = new WebSocket(url, { perMessageDeflate: false });
	await once(socket, 'open');
	if (join) {
		socket.send(join);
		await once(socket, 'message');
	}
	return socket;
}

type Pacer = { sockets: WebSocket[]; waiting(): number; sent(): void };

/** One listener a topic that tells how much is under way, so that a flood never piles up. */
async function openPacer({ place }: Server, topics: number): Promise<Pacer> {
	let underWay = 0;
	const sockets = await Promise.all(Array.from({ length: topics }, (_, n) => openSocket(place(n))));
	for (const socket of sockets) {
		socket.on('message', (data) => readStamp(data as Buffer) && underWay--);
	}
	return { sockets, waiting: () => underWay, sent: () => void underWay++ };
}

async function send(
	server: Server,
	senders: WebSocket[],
	pacer: Pacer,
	{ rate, seconds, topics, each }: Load
): Promise<number> {
	const flood = !Number.isFinite(rate);
	const window = Math.ceil(4_000 / each);
	const began = now();
	const end = began + seconds * 1000;
	for (let sent = 0; ; sent++) {
		const due = flood ? now() : began + (sent * 1000) / rate;
		if (due >= end) return sent;
		const pause = due - now();
		if (pause > 0) await sleep(pause);
		while (flood && pacer.waiting() >= window) await sleep(1);
		pacer.sent();
		const topic = sent % topics;
		senders[topic]?.send(server.frame(topic, body(now())));
	}
}

/** Waits until all has arrived, or nothing more comes. */
async function settled(crowd: Child, expected: number): Promise<CrowdReport> {
	for (let before = -1; ; await sleep(500)) {
		const report = await crowd.ask<CrowdReport>({ kind: 'report' });
		if (report.received >= expected || report.received === before) return report;
		before = report.received;
	}
}
