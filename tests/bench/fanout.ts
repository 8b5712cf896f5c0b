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
import { body, push, type Place } from './fanout-message.ts';
import { now, percentiles } from './percentiles.ts';
import type { UsageAnswer } from './usage.ts';

/** `rate`: messages a second over all topics; Infinity: as fast as the server takes them */
type Load = { name: string; topics: number; each: number; rate: number; seconds: number };

const LOADS: Load[] = [
	{ name: '1 topic × 1,000', topics: 1, each: 1_000, rate: 20, seconds: 8 },
	{ name: '100 topics × 10', topics: 100, each: 10, rate: 2_000, seconds: 8 },
	{ name: '1 topic × 1,000, flood', topics: 1, each: 1_000, rate: Infinity, seconds: 3 },
	{ name: '100 topics × 10, flood', topics: 100, each: 10, rate: Infinity, seconds: 3 }
];

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
		for (const load of LOADS) {
			const [bare, ours] = [await runCase(servers[0], load), await runCase(servers[1], load)];
			const ratio = Math.round((100 * Number(ours?.p95)) / Number(bare?.p95)) / 100;
			results.push({ ...bare, p95_to_ws: 1 }, { ...ours, p95_to_ws: ratio });
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

async function runCase(server: Server | undefined, load: Load): Promise<BenchCase> {
	if (!server) throw new Error('no server');
	const { topics, each, rate, seconds } = load;
	const crowd = startChild('crowd-process.ts');
	const senders: WebSocket[] = [];
	try {
		const before = await server.child.ask<UsageAnswer>('usage');
		const numbers = Array.from({ length: topics * each }, (_, n) => n % topics);
		await crowd.ask({ kind: 'join', places: numbers.map(server.place) });
		await sleep(300);
		const joined = await server.child.ask<UsageAnswer>('usage');
		for (let n = 0; n < topics; n++) senders.push(await openSender(server.place(n)));
		await send(server, senders, { ...load, rate: Math.min(rate, 200), seconds: 1 });
		await sleep(300);
		await crowd.ask({ kind: 'reset' });
		const sent = await send(server, senders, load);
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
			server_cpu_seconds: Math.round(100 * (after.cpuSeconds - joined.cpuSeconds)) / 100,
			kb_per_idle_connection:
				Math.round((joined.memoryBytes - before.memoryBytes) / each / topics / 100) / 10
		};
	} finally {
		for (const sender of senders) sender.terminate();
		await crowd.ask({ kind: 'leave' });
		await crowd.stop();
	}
}

async function openSender({ url, join }: Place): Promise<WebSocket> {
	const socket = new WebSocket(url, { perMessageDeflate: false });
	await once(socket, 'open');
	if (join) {
		socket.send(join);
		await once(socket, 'message');
	}
	return socket;
}

/** A flood keeps a few messages under way, so that it measures the server and not its queue. */
async function send(server: Server, senders: WebSocket[], { rate, seconds, each }: Load) {
	const began = now();
	const end = began + seconds * 1000;
	for (let sent = 0; ; sent++) {
		const due = Number.isFinite(rate) ? began + (sent * 1000) / rate : now();
		if (due >= end) return sent;
		if (due > now()) await sleep(due - now());
		const topic = sent % senders.length;
		senders[topic]?.send(server.frame(topic, body(now())));
		if (!Number.isFinite(rate) && sent % Math.ceil(2_000 / each) === 0) await sleep(1);
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
