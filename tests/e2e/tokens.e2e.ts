// tokens of other programs: made, shown once, used, revoked; for administrators only
import { expect, test } from './fixtures.ts';

test('a token is shown once with calls that work, and ends at once when it is revoked', async ({
	world
}) => {
	const page = await world.window('admin', { locale: 'en' });
	await page.goto('/app/settings/tokens');
	await page.getByRole('button', { name: 'New token' }).click();
	const form = page.getByRole('dialog');
	await form.getByRole('button', { name: 'Make the token' }).click();
	await expect(form).toContainText('Name the token');
	await form.getByLabel('Name').fill('Partner');
	await form.getByLabel('Source of its leads').fill('partner');
	await form.getByRole('button', { name: 'Make the token' }).click();
	const secret = page.getByTestId('token-secret');
	await expect(secret).toBeVisible();
	const [token = '', modern = '', legacy = ''] = await secret.locator('code').allTextContents();
	expect(token).toMatch(/^vk_[\w-]{40,}$/);
	expect(legacy).toContain(`-H 'Token: ${token}'`);

	// the example as it is written
	const [url = '', header = '', body = ''] = [
		/POST '(.*?)'/,
		/-H 'Auth.*?: (.*?)'/,
		/-d '(.*)'/
	].map((part) => part.exec(modern)?.[1] ?? '');
	const call = () =>
		fetch(url, {
			method: 'POST',
			headers: { authorization: header, 'content-type': 'application/json' },
			body
		});
	expect((await call()).status).toBe(201);
	const [lead] = await world.sql`select source from public.leads order by id desc limit 1`;
	expect(lead?.source).toBe('partner');

	await page.getByRole('button', { name: 'I have copied it' }).click();
	await page.reload();
	const row = page.locator('[data-token]').filter({ hasText: 'Partner' });
	await expect(row).toContainText('Send leads');
	await expect(row).toContainText('today');
	await expect(page.locator('main')).not.toContainText(token);
	await row.getByRole('button', { name: 'Revoke Partner' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
	await expect(row).toHaveAttribute('data-state', 'revoked');
	expect((await call()).status).toBe(401);
});

test('tokens are nobody’s business but the administrator’s', async ({ world }) => {
	const page = await world.window('manager');
	expect((await page.goto('/app/settings/tokens'))?.status()).toBe(403);
	await expect(page.locator('nav a[href="/app/settings/tokens"]')).toHaveCount(0);
});
