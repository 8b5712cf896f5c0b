// taking in an order as at a ringing phone: by keyboard alone, known clients found, drafts kept
import { expect, test } from './fixtures.ts';

test('a new client’s order is taken by keyboard alone, and a draft survives a reload', async ({
	world
}) => {
	const page = await world.window('operator');
	await page.goto('/app/orders/new');
	const form = page.getByTestId('new-order');
	await expect(form.getByLabel('Phone')).toBeFocused();
	await page.keyboard.type('067 555 01 99');
	await expect(form).toContainText('New client');
	await page.keyboard.press('Tab');
	await page.keyboard.type('Olena');
	await page.keyboard.press('Tab');
	await page.keyboard.type('Tkachenko');
	await page.reload();
	await expect(form.getByLabel('Phone')).toHaveValue('067 555 01 99');
	await expect(form.getByLabel('Last name')).toHaveValue('Tkachenko');

	// something is missing: it says what, and goes there
	await form.getByLabel('Last name').press('Control+Enter');
	await expect(form.getByLabel('What is wrong')).toBeFocused();
	await page.keyboard.type('The neck is bent');
	await page.keyboard.press('Tab');
	await page.keyboard.type('Another');
	await form.getByLabel('What is it').focus();
	await page.keyboard.type('Guitar');
	await form.getByRole('button', { name: 'Add a line' }).press('Enter');
	await page.keyboard.type('Neck setup');
	await form.getByLabel('Price').press('8');
	await form.getByLabel('Price').press('0');
	await page.keyboard.press('Control+Enter');
	await expect(page).toHaveURL(/\/app\/orders\/\d+$/);
	await expect(page.getByTestId('order-panel')).toContainText('Tkachenko Olena');
	const id = Number(/\d+$/.exec(page.url())?.[0]);
	const [row] = await world.sql`
		select o.problem, o.total::float, p.phone, a.kind from public.orders o
		join public.client_phones p on p.client_id = o.client_id
		left join public.assets a on a.id = o.asset_id where o.id = ${id}`;
	expect(row).toEqual({
		problem: 'The neck is bent',
		total: 80,
		phone: '+380675550199',
		kind: 'Guitar'
	});
	await page.goto('/app/orders/new');
	await expect(form.getByLabel('Phone')).toHaveValue('');
});

test('beside the board: the client is found while typing, with open orders; the board shows the card', async ({
	world
}) => {
	const [known] = await world.sql`
		select c.id, c.full_name, p.phone from public.clients c
		join public.client_phones p on p.client_id = c.id
		join public.orders o on o.client_id = c.id join public.stages s on s.id = o.stage_id
		where s.kind = 'unassigned' and not c.blacklisted limit 1`;
	const page = await world.window('coordinator');
	await page.goto('/app/board');
	await expect(page.locator('[data-live-state="live"]')).toBeVisible();
	await page.keyboard.press('n');
	await expect(page).toHaveURL(/\/app\/board\/new$/);
	const form = page.getByTestId('new-order');
	await expect(form.getByLabel('Phone')).toBeFocused();
	await page.keyboard.type(String(known?.phone).slice(3, 10));
	await form
		.getByRole('button', { name: String(known?.full_name) })
		.first()
		.click();
	await expect(form.getByTestId('caller')).toContainText(String(known?.full_name));
	await expect(form.getByTestId('caller')).toContainText('Already has open orders');
	await form.getByLabel('What is wrong').fill('Second thing');
	await form.getByLabel('What is wrong').press('Control+Enter');
	await expect(page).toHaveURL(/\/app\/board\/\d+$/);
	const id = Number(/\d+$/.exec(page.url())?.[0]);
	await expect(page.locator(`[data-card-id="${id}"]`)).toBeVisible();
	const [made] = await world.sql`select client_id from public.orders where id = ${id}`;
	expect(Number(made?.client_id)).toBe(Number(known?.id));
});

test('a blacklisted client is refused with the reason; a manager may override', async ({
	world
}) => {
	const [client] = await world.sql`
		insert into public.clients (first_name) values ('Taras') returning id`;
	await world.sql`insert into public.client_blacklist (client_id, reason)
		values (${client?.id}, 'Never pays')`;
	await world.sql`insert into public.client_phones (client_id, phone)
		values (${client?.id}, '+380675550177')`;
	const fill = async (who: 'operator' | 'manager') => {
		const page = await world.window(who);
		await page.goto('/app/orders/new');
		const form = page.getByTestId('new-order');
		await form.getByLabel('Phone').fill('0675550177');
		await expect(form.getByTestId('caller')).toContainText('Never pays');
		await form.getByLabel('What is wrong').fill('Again');
		return { page, form };
	};
	const operator = await fill('operator');
	await expect(operator.form.getByLabel('Take the order all the same')).toHaveCount(0);
	await operator.form.getByLabel('What is wrong').press('Control+Enter');
	await expect(operator.form.getByRole('alert')).toBeVisible();
	const manager = await fill('manager');
	await manager.form.getByLabel('Take the order all the same').check();
	await manager.form.getByLabel('What is wrong').press('Control+Enter');
	await expect(manager.page).toHaveURL(/\/app\/orders\/\d+$/);
});

test('who may not take orders is not let in', async ({ world }) => {
	const page = await world.window('master');
	expect((await page.goto('/app/orders/new'))?.status()).toBe(403);
	expect((await page.goto('/app/board/new'))?.status()).toBe(403);
});
