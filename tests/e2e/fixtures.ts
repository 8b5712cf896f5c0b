/** A private stack and app server for each worker, and browser windows signed in to it. */
import {
	expect,
	test as base,
	type Browser,
	type BrowserContextOptions,
	type Page,
	type Response
} from '@playwright/test';
import postgres, { type Sql } from 'postgres';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { serveApp } from '../../scripts/app-process.ts';
import { DEMO_PASSWORD } from '../../supabase/demo/demo.ts';
import { demoEmail, startTestStack, type DemoName, type TestStack } from '../support/stack.ts';

/** `browser`: another than the one all tests share, which cannot show notifications */
export type WindowOptions = BrowserContextOptions & { browser?: Browser };

export type World = {
	stack: TestStack;
	/** the app's address */
	url: string;
	/** the database as its owner, to arrange and to check */
	sql: Sql;
	/** opens an empty window of its own (own cookies), the person signed in */
	window(name: DemoName, options?: WindowOptions): Promise<Page>;
	/** the same, signed in through the form as people do; shows where they land */
	signIn(name: DemoName, options?: WindowOptions): Promise<Page>;
	/** opens a window with nobody signed in */
	stranger(options?: WindowOptions): Promise<Page>;
};

export const test = base.extend<
	{ world: World },
	{ served: Omit<World, 'window' | 'signIn' | 'stranger'> }
>({
	served: [
		// eslint-disable-next-line no-empty-pattern -- Playwright reads dependencies from this pattern
		async ({}, use) => {
			const stack = await startTestStack('demo', {
				functions: { directory: 'supabase/functions' }
			});
			const port = await freePort();
			const app = await serveApp({ stack, host: '127.0.0.1', port, demo: true }, true);
			const sql = postgres(stack.dbUrl, { max: 2, onnotice: () => {} });
			await use({ stack, url: `http://localhost:${port}`, sql });
			await sql.end({ timeout: 2 });
			await app.stop();
			await stack.dispose();
		},
		{ scope: 'worker', timeout: 120_000 }
	],
	world: async ({ served, browser, contextOptions }, use) => {
		await leaveWork(served.sql);
		const pages: Page[] = [];
		const stranger = async ({ browser: own = browser, ...options }: WindowOptions = {}) => {
			const page = await newWindow(own, { ...contextOptions, ...options }, served.url);
			pages.push(page);
			return page;
		};
		await use({
			...served,
			stranger,
			window: async (name, options) => {
				const page = await stranger(options);
				await postSignIn(page, served.url, name);
				return page;
			},
			signIn: async (name, options) => {
				const page = await stranger(options);
				await page.goto('/signin');
				await page.locator('input[name="email"]').fill(demoEmail(name));
				await page.locator('input[name="password"]').fill(DEMO_PASSWORD);
				await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
				await page.waitForURL((url) => url.pathname !== '/signin');
				await listening(page);
				return page;
			}
		});
		await Promise.all(pages.map((page) => page.context().close()));
	}
});

/** Earlier tests on the same stack may have given out all that lay in a workshop's first column. */
async function leaveWork(sql: Sql): Promise<void> {
	await sql`
		insert into public.orders (location_id, client_id, problem)
		select l.id, (select min(id) from public.clients), 'Left by the last test'
		from public.locations l, generate_series(1, 8 - (
			select count(*) from public.orders o join public.stages s on s.id = o.stage_id
			where o.location_id = l.id and s.kind = 'unassigned'
		))`;
}

/** What the form sends, without showing it: the answer's cookies are the window's. */
async function postSignIn(page: Page, url: string, name: DemoName): Promise<void> {
	const answer = await page.context().request.post('/signin?/password', {
		form: { email: demoEmail(name), password: DEMO_PASSWORD },
		headers: { origin: url, accept: 'text/html' },
		maxRedirects: 0
	});
	expect(answer.status()).toBe(303);
}

async function newWindow(
	browser: Browser,
	options: BrowserContextOptions,
	baseURL: string
): Promise<Page> {
	const context = await browser.newContext({ ...options, baseURL });
	if (options.javaScriptEnabled !== false) context.on('page', waitAfterLoads);
	return context.newPage();
}

/** A page answers to clicks and keys once its script runs; on a busy machine that is a while after it is shown. */
function waitAfterLoads(page: Page): void {
	for (const name of ['goto', 'reload'] as const) {
		const load = page[name].bind(page) as (...given: unknown[]) => Promise<Response | null>;
		const patient = async (...given: unknown[]) => {
			const answer = await load(...given);
			await listening(page);
			return answer;
		};
		Object.assign(page, { [name]: patient });
	}
}

/** Pages of others, and ours without any script, never say so; those are not waited for. */
async function listening(page: Page): Promise<void> {
	const scripted = await page.evaluate(() =>
		[...document.scripts].some(({ textContent }) => textContent.includes('__sveltekit_'))
	);
	if (scripted) await page.locator('html[data-listening]').waitFor({ state: 'attached' });
}

export { expect } from '@playwright/test';
