// who gets in, where he lands, what he is shown
import { demoEmail, type DemoName } from '../support/stack.ts';
import { expect, test } from './fixtures.ts';

test('a stranger is sent to sign in and comes back to the page he asked for', async ({ world }) => {
	const page = await world.stranger();
	await page.goto('/app/board');
	await expect(page).toHaveURL(/\/signin\?next=/);
	await page.locator('input[name="email"]').fill(demoEmail('coordinator'));
	await page.locator('input[name="password"]').fill('Verstak-demo-1');
	await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
	await expect(page).toHaveURL(/\/app\/board/);
});

test('a wrong password and an unknown address are told the same, and the address is kept', async ({
	world
}) => {
	const page = await world.stranger();
	const answers: string[] = [];
	for (const email of [demoEmail('coordinator'), 'nobody@demo.verstak.test']) {
		await page.goto('/signin');
		await page.locator('input[name="email"]').fill(email);
		await page.locator('input[name="password"]').fill('wrong password');
		await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
		const alert = page.getByRole('alert').first();
		await expect(alert).toBeVisible();
		answers.push((await alert.textContent()) ?? '');
		await expect(page.locator('input[name="email"]')).toHaveValue(email);
	}
	expect(answers[0]).toBe(answers[1]);
});

const LANDS: [DemoName, RegExp][] = [
	['admin', /\/app\/board/],
	['manager', /\/app\/board/],
	['operator', /\/app\/board/],
	['coordinator', /\/app\/board/],
	['master', /\/app\/my/]
];
for (const [name, address] of LANDS) {
	test(`${name} lands on the right page`, async ({ world }) => {
		const page = await world.signIn(name);
		await expect(page).toHaveURL(address);
	});
}

test('a master sees his own orders and nobody else’s, on his list and on the board', async ({
	world
}) => {
	const page = await world.signIn('master');
	const rows = await world.sql<{ id: number }[]>`select o.id::int from public.orders o
		join auth.users u on u.id = o.master_id where u.email = ${demoEmail('master')}`;
	const own = rows.map(({ id }) => id);
	expect(own.length).toBeGreaterThan(0);
	await expect(page.getByRole('main')).toContainText(/№\d+/);
	await page.goto('/app/board');
	await expect(page.getByTestId('board')).toBeVisible();
	const shown = await page
		.locator('[data-card-id]')
		.evaluateAll((cards) => cards.map((card) => Number((card as HTMLElement).dataset.cardId)));
	expect(shown.length).toBeGreaterThan(0);
	expect(shown.filter((id) => !own.includes(id))).toEqual([]);
});

test('a page without permission is refused in a sentence', async ({ world }) => {
	const page = await world.signIn('marketer');
	await expect(page.getByRole('link', { name: 'Board' })).toHaveCount(0);
	const answer = await page.goto('/app/board');
	expect(answer?.status()).toBe(403);
	await expect(page.getByTestId('board')).toHaveCount(0);
	await expect(page.getByRole('main')).toContainText(/\w+ \w+ \w+/);
});

test('somebody who is not an employee gets no staff page', async ({ world }) => {
	const page = await world.stranger();
	await page.goto('/signin');
	await page.locator('input[name="email"]').fill(demoEmail('client'));
	await page.locator('input[name="password"]').fill('Verstak-demo-1');
	await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
	await page.waitForLoadState('networkidle');
	await page.goto('/app/board');
	await expect(page.getByTestId('board')).toHaveCount(0);
});

test('signing out ends the session', async ({ world }) => {
	const page = await world.signIn('coordinator');
	await page.getByRole('button', { name: /Марина Шевчук/ }).click();
	await page.getByRole('menuitem', { name: 'Sign out' }).click();
	await page.waitForURL((url) => !url.pathname.startsWith('/app'));
	await page.goto('/app/board');
	await expect(page).toHaveURL(/\/signin/);
});

test('a forged session cookie is nobody', async ({ world }) => {
	const page = await world.stranger();
	const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const token = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({
		sub: '00000000-0000-4000-8000-0000de000001',
		role: 'authenticated',
		exp: 9_999_999_999
	})}.${'x'.repeat(43)}`;
	const session = {
		access_token: token,
		refresh_token: 'x',
		expires_at: 9_999_999_999,
		expires_in: 3600,
		token_type: 'bearer',
		user: { id: '00000000-0000-4000-8000-0000de000001' }
	};
	await page.context().addCookies([
		{
			name: 'sb-verstak-auth-token',
			value: `base64-${Buffer.from(JSON.stringify(session)).toString('base64url')}`,
			url: world.url
		}
	]);
	await page.goto('/app/board');
	await expect(page).toHaveURL(/\/signin/);
});

test('a malformed session cookie is nobody, and harms nobody', async ({ world }) => {
	const shapes = [
		{ access_token: 'a', refresh_token: 'b', expires_at: 9_999_999_999, user: 1 },
		{ access_token: 'a', refresh_token: 'b', expires_at: 'never', user: {} },
		'text',
		null
	];
	for (const shape of shapes) {
		const value = `base64-${Buffer.from(JSON.stringify(shape)).toString('base64url')}`;
		const cookie = `sb-verstak-auth-token=${value}`;
		const page = await fetch(`${world.url}/app/board`, { headers: { cookie }, redirect: 'manual' });
		expect(page.status, JSON.stringify(shape)).toBe(303);
		// the process that answered is still there for the next visitor
		expect((await fetch(`${world.url}/signin`)).status).toBe(200);
	}
});

test('signing out in one tab ends the board in the other', async ({ world }) => {
	const page = await world.signIn('coordinator');
	const other = await page.context().newPage();
	await other.goto('/app/board');
	await expect(other.locator('[data-live-state="live"]')).toBeVisible();
	await page.getByRole('button', { name: /Марина Шевчук/ }).click();
	await page.getByRole('menuitem', { name: 'Sign out' }).click();
	await other.waitForURL((url) => !url.pathname.startsWith('/app'));
});

test('pages carry the security headers', async ({ world }) => {
	const answer = await fetch(`${world.url}/signin`);
	const policy = answer.headers.get('content-security-policy') ?? '';
	expect(policy).toContain("default-src 'none'");
	expect(policy).toMatch(/frame-ancestors 'none'/);
	expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
	expect(policy).toContain(world.stack.url);
	expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
	expect(answer.headers.get('referrer-policy')).toBeTruthy();
});

test('/healthz tells the truth', async ({ world }) => {
	const answer = await fetch(`${world.url}/healthz`);
	expect(answer.status).toBe(200);
	expect(await answer.json()).toMatchObject({ ok: true });
});
