/** Suite `live`: how long after `move_order` is called the other boards have the card. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { DEMO_PASSWORD } from '../../supabase/demo/demo.ts';
import { demoEmail, type DemoName } from '../support/stack.ts';
import type { BenchCase } from './bench.ts';
import { startChild, type Child } from './child.ts';
import { fillOrders } from './orders.ts';
import { percentiles } from './percentiles.ts';
import type { StackAnswer, UsageAnswer } from './stack-process.ts';
import type { ReportAnswer } from './subscriber-process.ts';
import { write, type Card } from './writer.ts';

type Parameters = { subscribers: number; rate: number; orders: number; seconds: number };

const CASES: (Parameters & { name: string })[] = [
	{ name: '2 clients', subscribers: 1, rate: 20, orders: 1_000, seconds: 10 },
	{ name: '50 subscribers × 20/s', subscribers: 50, rate: 20, orders: 1_000, seconds: 10 },
	{ name: '200 subscribers × 20/s', subscribers: 200, rate: 20, orders: 1_000, seconds: 10 },
	{ name: '200 × 20/s, 10,000 orders', subscribers: 200, rate: 20, orders: 10_000, seconds: 10 },
	{ name: '100 × 150/s sustained', subscribers: 100, rate: 150, orders: 10_000, seconds: 10 }
];

const READERS: DemoName[] = ['coordinator', 'manager', 'admin', 'operator'];

export async function runLive(): Promise<BenchCase[]> {
	const results: BenchCase[] = [];
	for (const parameters of CASES) results.push(await runCase(parameters));
	return results;
}

async function runCase({ name, ...parameters }: Parameters & { name: string }): Promise<BenchCase> {
	const stackProcess = startChild('stack-process.ts');
	const subscribers = startChild('subscriber-process.ts');
	try {
		const stack = await stackProcess.ask<StackAnswer>('start');
		const cards = await fillOrders(stack.dbUrl, parameters.orders);
		const tokens = await Promise.all(READERS.map((reader) => signIn(stack, reader)));
		await subscribers.ask({
			kind: 'join',
			url: stack.url,
			key: stack.publishableKey,
			tokens,
			count: parameters.subscribers
		});
		const writer = createClient(stack.url, stack.publishableKey, {
			accessToken: () => Promise.resolve(tokens[0] as string)
		});
		const measured = await measure(stackProcess, subscribers, writer, cards, parameters);
		return { name, ...parameters, ...measured };
	} finally {
		await subscribers.stop();
		await stackProcess.stop();
	}
}

async function signIn(stack: StackAnswer, name: DemoName): Promise<string> {
	const client = createClient(stack.url, stack.publishableKey, { auth: { persistSession: false } });
	const { data, error } = await client.auth.signInWithPassword({
		email: demoEmail(name),
		password: DEMO_PASSWORD
	});
	if (error) throw error;
	return data.session.access_token;
}

async function measure(
	stackProcess: Child,
	subscribers: Child,
	writer: SupabaseClient,
	{ cards, stages }: { cards: Card[]; stages: number[] },
	{ rate, seconds }: Parameters
) {
	// caches, plans and the JIT settle in two seconds that do not count
	await write(writer, cards, stages, { rate: Math.min(rate, 20), seconds: 2 });
	await sleep(300);
	await subscribers.ask({ kind: 'reset' });
	const before = await stackProcess.ask<UsageAnswer>('usage');
	const written = await write(writer, cards, stages, { rate, seconds });
	const after = await stackProcess.ask<UsageAnswer>('usage');
	await sleep(1_000);
	const report = await subscribers.ask<ReportAnswer>({
		kind: 'report',
		sentAt: written.sentAt,
		versions: written.versions
	});
	const share = (cpu: number) => Math.round((100 * cpu) / seconds);
	return {
		...percentiles(report.latencies),
		sent: written.sentAt.size,
		refused: written.refused,
		delivered: report.delivered,
		lost: report.lost,
		doubled: report.doubled,
		diverged: report.diverged,
		call_p50: percentiles(written.callTimes).p50,
		call_p95: percentiles(written.callTimes).p95,
		stack_cpu_percent: share(after.cpuSeconds - before.cpuSeconds),
		postgres_cpu_percent: share(after.postgresCpuSeconds - before.postgresCpuSeconds),
		stack_memory_mb: after.memoryMb
	};
}
