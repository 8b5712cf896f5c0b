/**
 * Suite `board`: the open board in Chromium, beside the stack that feeds it. Times are milliseconds
 * on one clock: from the call of `move_order` to the frame in which the card stands in its new place.
 */
import { chromium, type CDPSession, type Page } from '@playwright/test';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { buildApp } from '../../scripts/build-app.ts';
import { serveApp, type AppOptions } from '../../scripts/app-process.ts';
import { chromiumArguments, findChromium } from '../../scripts/chromium.ts';
import { DEMO_PASSWORD } from '../../supabase/demo/demo.ts';
import { demoEmail } from '../support/stack.ts';
import type { BenchCase } from './bench.ts';
import { drag, filter, firstCard, paints, watchPaints } from './board-page.ts';
import { startChild } from './child.ts';
import { fillOrders } from './orders.ts';
import { percentiles } from './percentiles.ts';
import type { StackAnswer } from './stack-process.ts';
import { write, type Card } from './writer.ts';

const RATE = 20;
/** how long memory is watched; an hour is extrapolated from it */
const SOAK_MINUTES = Number(process.env.BENCH_MINUTES ?? 3);

export async function runBoard(): Promise<BenchCase[]> {
	await buildApp();
	return [
		await runCase('10,000 orders, 2,000 open', 10_000, true),
		await runCase('25,000 orders, 5,000 open', 25_000, false)
	];
}

async function runCase(name: string, orders: number, soak: boolean): Promise<BenchCase> {
	const stackProcess = startChild('stack-process.ts');
	const browser = await chromium.launch({
		executablePath: findChromium('whole'),
		args: [...chromiumArguments, '--js-flags=--expose-gc']
	});
	const stack = await stackProcess.ask<StackAnswer>('start');
	const port = await freePort();
	const app = await serveApp(
		{
			// push is not measured; the app only wants a key to show
			stack: {
				url: stack.url,
				keys: { publishable: stack.publishableKey },
				secrets: { vapid: { publicKey: '' } }
			} as AppOptions['stack'],
			host: '127.0.0.1',
			port,
			demo: true
		},
		true
	);
	try {
		const { cards, stages } = await fillOrders(stack.dbUrl, orders);
		const page = await signedIn(await browser.newPage(size), `http://localhost:${port}`);
		const writer = await signIn(stack);
		const first = await firstCard(page);
		const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
		const painted = await paintTimes(page, writer, cards, stages);
		const [fps] = await Promise.all([drag(page, 4), write(writer, cards, stages, pace(5))]);
		const filtered = await filter(page);
		const memory = soak ? await watchMemory(page, writer, cards, stages) : {};
		return {
			name,
			orders,
			rate: RATE,
			...first,
			...painted,
			drag_fps: fps,
			...filtered,
			dom_nodes: nodes,
			...memory
		};
	} finally {
		await browser.close();
		await app.stop();
		await stackProcess.stop();
	}
}

const size = { viewport: { width: 1880, height: 1000 }, locale: 'en-GB' };
const pace = (seconds: number) => ({ rate: RATE, seconds });

async function signedIn(page: Page, url: string): Promise<Page> {
	await page.goto(`${url}/signin`);
	await page.locator('input[name="email"]').fill(demoEmail('admin'));
	await page.locator('input[name="password"]').fill(DEMO_PASSWORD);
	await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
	await page.waitForURL((at) => at.pathname !== '/signin');
	return page;
}

async function signIn(stack: StackAnswer): Promise<SupabaseClient> {
	const client = createClient(stack.url, stack.publishableKey, { auth: { persistSession: false } });
	const { error } = await client.auth.signInWithPassword({
		email: demoEmail('coordinator'),
		password: DEMO_PASSWORD
	});
	if (error) throw error;
	return client;
}

async function paintTimes(page: Page, writer: SupabaseClient, cards: Card[], stages: number[]) {
	await write(writer, cards, stages, pace(2));
	await watchPaints(page);
	const session = await page.context().newCDPSession(page);
	await session.send('Performance.enable');
	const busy = await taskSeconds(session);
	const { called } = await write(writer, cards, stages, pace(15));
	await page.waitForTimeout(1000);
	const spent = (await taskSeconds(session)) - busy;
	const seen = await paints(page);
	const times: number[] = [];
	for (const { order, to, at } of called) {
		const paint = seen.find((one) => one.order === order && one.stage === to && one.at >= at);
		if (paint) times.push(paint.at - at);
	}
	const { p50, p95, p99 } = percentiles(times);
	return {
		painted_p50: p50,
		painted_p95: p95,
		painted_p99: p99,
		moves: called.length,
		seen: times.length,
		main_thread_per_move: Math.round((spent * 100_000) / called.length) / 100
	};
}

/** Seconds the page's main thread has worked so far. */
async function taskSeconds(session: CDPSession): Promise<number> {
	const { metrics } = await session.send('Performance.getMetrics');
	return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
}

/** Heap after a collection, while moves arrive; its growth as an hour would have it. */
async function watchMemory(page: Page, writer: SupabaseClient, cards: Card[], stages: number[]) {
	const session = await page.context().newCDPSession(page);
	await write(writer, cards, stages, pace(20));
	const samples = [await heapMb(session)];
	for (let half = 0; half < SOAK_MINUTES * 2; half++) {
		await write(writer, cards, stages, pace(30));
		samples.push(await heapMb(session));
	}
	// a straight line through the samples, so that one of them does not decide
	const middle = (samples.length - 1) / 2;
	const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
	const rise = samples.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
	const run = samples.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
	return {
		heap_mb: Math.round(mean * 10) / 10,
		heap_growth_mb_per_hour: Math.round((rise / run) * 120 * 10) / 10,
		soak_minutes: SOAK_MINUTES,
		dom_nodes_after: await page.evaluate(() => document.querySelectorAll('*').length)
	};
}

async function heapMb(session: CDPSession): Promise<number> {
	await session.send('HeapProfiler.collectGarbage');
	await session.send('HeapProfiler.collectGarbage');
	const { usedSize } = await session.send('Runtime.getHeapUsage');
	return usedSize / 1e6;
}
