// leads at work in two windows: one slides in, one person claims it, it becomes an order; a table of leads
import type { Page } from '@playwright/test';
import { expect, test, type World } from './fixtures.ts';

const row = (page: Page, name: string) => page.locator('[data-lead]').filter({ hasText: name });
const panel = (page: Page) => page.getByTestId('lead-panel');

async function openLeads(page: Page, search = ''): Promise<void> {
	await page.goto(`/app/leads${search}`);
	await expect(page.getByTestId('leads-page')).toHaveAttribute('data-live-state', 'live');
}

/** What the pages say in their consoles, as long as they are open. */
function problemsOf(...pages: Page[]): string[] {
	const problems: string[] = [];
	for (const page of pages) {
		page.on('pageerror', (error) => problems.push(error.message));
		page.on('console', (message) => {
			if (message.type() === 'error') problems.push(message.text());
		});
	}
	return problems;
}

/** Sends a lead as another program does. */
async function send({ stack }: World, lead: object): Promise<void> {
	const admin = await stack.signIn('admin');
	const { data } = await admin.rpc('create_api_token', { name: 'Site', scopes: ['leads.create'] });
	const { token } = data as unknown as { token: string };
	const answer = await fetch(`${stack.url}/functions/v1/lead-intake`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
		body: JSON.stringify(lead)
	});
	expect(answer.status).toBe(201);
}

test('a new lead slides in on both screens, one claims it, the other is told who; it becomes an order', async ({
	world
}) => {
	test.setTimeout(90_000);
	const operator = await world.window('operator', { locale: 'en' });
	const manager = await world.window('manager', { locale: 'en' });
	const problems = problemsOf(operator);
	await openLeads(operator);
	await openLeads(manager);

	await send(world, {
		first_name: 'Ostap',
		last_name: 'Zhadan',
		phone_number: '067 765 43 29',
		message: 'The neck is bent',
		utm_source: 'maps'
	});
	for (const page of [operator, manager]) {
		// the answer of the intake was already a round trip ago
		await expect(row(page, 'Zhadan Ostap')).toBeVisible({ timeout: 1000 });
	}
	const call = row(operator, 'Zhadan').getByRole('link', { name: /\+380/ });
	await expect(call).toHaveAttribute('href', 'tel:+380677654329');

	// by keyboard: the newest is the first row
	await operator.locator('body').press('j');
	await expect(row(operator, 'Zhadan').getByRole('link', { name: 'Zhadan' })).toBeFocused();
	// both press at once: the manager's press is on its way while the operator's is answered
	await manager.route('**/rpc/claim_lead', async (route) => {
		await operator.keyboard.press('c');
		await expect(row(operator, 'Zhadan').locator('.claim')).toHaveText('You');
		await route.continue();
	});
	await row(manager, 'Zhadan').getByRole('button', { name: 'Claim' }).click();
	const [claimer] = await world.sql`select e.full_name from public.employees e
		join auth.users u on u.id = e.id where u.email = 'operator@demo.verstak.test'`;
	const name = claimer?.full_name as string;
	await expect(manager.getByText(`already being handled: ${name}`)).toBeVisible();
	await expect(row(manager, 'Zhadan').locator('.claim')).toHaveText(name, { timeout: 1000 });

	await operator.keyboard.press('Enter');
	await expect(panel(operator)).toContainText('utm_source');
	await expect(panel(operator)).toContainText('The neck is bent');
	await panel(operator).getByRole('button', { name: 'Contacted' }).click();
	await operator.getByRole('dialog').getByLabel('What was said').fill('Comes on Friday');
	await operator.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
	await expect(panel(operator).getByTestId('lead-notes')).toContainText('Comes on Friday');
	await expect(panel(operator).getByTestId('lead-state')).toContainText('called after');

	await panel(operator).getByRole('button', { name: 'Convert' }).click();
	const dialog = operator.getByRole('dialog');
	await expect(dialog.getByLabel('First name')).toHaveValue('Ostap');
	await expect(dialog.getByLabel('What is to be done')).toHaveValue('The neck is bent');
	await dialog.getByLabel('Middle name').fill('Petrovych');
	await dialog.getByLabel('Instrument or thing').fill('Guitar');
	await dialog.getByRole('button', { name: 'Convert' }).click();
	// the lead came for no location in particular, and the operator has all of them
	await expect(dialog).toContainText('Choose a location');
	await dialog.getByLabel('Location').selectOption({ index: 1 });
	await dialog.getByRole('button', { name: 'Convert' }).click();
	await expect(dialog).toHaveCount(0);
	await expect(panel(operator).getByRole('link', { name: /^Order №/ })).toBeVisible();
	const [made] = await world.sql`select c.middle_name, a.kind, o.problem,
			(select count(*)::int from public.interactions i where i.client_id = c.id and i.lead_id = l.id) as said
		from public.leads l join public.orders o on o.id = l.order_id join public.clients c on c.id = l.client_id
		join public.assets a on a.id = o.asset_id where l.phone = '+380677654329'`;
	expect(made).toMatchObject({
		middle_name: 'Petrovych',
		kind: 'Guitar',
		problem: 'The neck is bent'
	});
	// its message, the call and the note of the conversion
	expect(made?.said).toBe(3);
	// a client is no lead to be worked any more, on either screen
	await expect(row(manager, 'Zhadan')).toHaveCount(0);
	expect(problems).toEqual([]);
});

test('a rejection is taken back; duplicates and a blacklisted client are said; filters are in the address', async ({
	world
}) => {
	const page = await world.window('operator', { locale: 'en' });
	const [client] = await world.sql`insert into public.clients (first_name, last_name)
		values ('Rude', 'Person') returning id`;
	await world.sql`insert into public.client_phones (client_id, phone) values (${client?.id}, '+380991110099')`;
	await world.sql`update public.clients set blacklisted = true where id = ${client?.id}`;
	await world.sql`insert into public.leads (first_name, last_name, phone, source)
		values ('Rude', 'Again', '+380991110099', 'fair'), ('Rude', 'Twice', '+380991110099', 'fair')`;
	await openLeads(page, '?source=fair');
	await expect(page.locator('[data-lead]')).toHaveCount(2);
	await expect(row(page, 'Again Rude')).toContainText('Blacklisted');
	await expect(row(page, 'Again Rude')).toContainText('1 more like this');
	await row(page, 'Again Rude').getByRole('link', { name: 'Again' }).click();
	await expect(panel(page).getByTestId('lead-twins')).toContainText('Twice Rude');
	await expect(panel(page).getByTestId('lead-client')).toContainText('Person Rude');
	await page.keyboard.press('r');
	const dialog = page.getByRole('dialog');
	await expect(dialog.getByRole('button', { name: 'Reject' })).toBeDisabled();
	await dialog.getByRole('button', { name: 'Spam' }).click();
	await dialog.getByRole('button', { name: 'Reject' }).click();
	await expect(panel(page).getByTestId('lead-state')).toContainText('Reason: Spam');
	await expect(page.locator('[data-lead]')).toHaveCount(1);
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(page.locator('[data-lead]')).toHaveCount(2);
	await panel(page).getByRole('heading', { level: 1 }).press('Escape');
	await expect(page).toHaveURL(/\/app\/leads\?source=fair$/);
	await page.getByLabel('Search leads').fill('0991110099');
	await expect(page).toHaveURL(/q=0991110099/);
	await expect(page.locator('[data-lead]')).toHaveCount(2);
	await page.getByLabel('Whose').selectOption('mine');
	await expect(page.getByText('No lead fits')).toBeVisible();
});

test('a table is judged row by row before it is added', async ({ world }) => {
	const page = await world.window('manager', { locale: 'en' });
	await openLeads(page);
	await page.getByRole('link', { name: 'Import' }).click();
	await page
		.getByLabel('Or paste rows here')
		.fill(
			[
				'ФИО;Телефон;Комментарий;Источник',
				'Ткач Ірина;067 111 00 22;Рассохлась дека;выставка',
				'Без Телефона;12;;',
				'Ткач Ірина;+380671110022;;'
			].join('\n')
		);
	await expect(page.getByTestId('import-sum')).toHaveText(
		'Would be added: 1, repeats left out: 1, with mistakes: 1'
	);
	const rows = page.getByTestId('import-rows').locator('tbody tr');
	await expect(rows.first()).toContainText('Phone: is not valid');
	await page.getByRole('button', { name: 'Add 1' }).click();
	await expect(page.getByTestId('import-sum')).toHaveText(/^Added: 1/);
	await page.getByRole('link', { name: 'See the leads' }).click();
	await expect(row(page, 'Ткач Ірина')).toContainText('выставка');
});

test('leads are closed to marketers and masters, and imports to operators', async ({ world }) => {
	for (const name of ['marketer', 'master'] as const) {
		const page = await world.window(name);
		for (const path of ['/app/leads', '/app/leads/1', '/app/leads/import'])
			expect((await page.goto(path))?.status(), `${name} ${path}`).toBe(403);
		await expect(page.locator('nav a[href="/app/leads"]')).toHaveCount(0);
	}
	const page = await world.window('operator');
	expect((await page.goto('/app/leads/import'))?.status()).toBe(403);
	for (const id of ['987654321', '0', 'x'])
		expect((await page.goto(`/app/leads/${id}`))?.status(), id).toBe(404);
});
