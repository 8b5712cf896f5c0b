// services: made, taught, shown on the site, archived; and only by those who may
import { expect, test } from './fixtures.ts';

test('a service is made, taught to a master, shown on the site, and archived', async ({
	world
}) => {
	const manager = await world.window('manager', { locale: 'en' });
	await manager.goto('/app/services');
	await manager.getByRole('link', { name: 'New service' }).click();
	const names = manager.getByRole('group', { name: 'Name' });
	await names.getByLabel('Русский').fill('Полировка ладов');
	await names.getByLabel('English').fill('Fret polish');
	await manager.getByLabel('Price from').fill('1 250');
	await manager.getByLabel('Usual time, hours').fill('1,5');
	await manager.getByRole('button', { name: 'Save' }).click();
	await expect(manager.getByRole('heading', { level: 1 })).toHaveText('Fret polish');
	const id = Number(manager.url().split('/').at(-1));
	const [saved] =
		await world.sql`select name, price::float, norm_minutes from public.services where id = ${id}`;
	expect(saved).toEqual({
		name: { en: 'Fret polish', ru: 'Полировка ладов', uk: 'Полировка ладов' },
		price: 1250,
		norm_minutes: 90
	});

	const master = manager
		.getByRole('region', { name: 'Masters who can do it' })
		.getByRole('checkbox')
		.first();
	await master.check();
	await expect
		.poll(
			async () =>
				(await world.sql`select from public.employee_skills where service_id = ${id}`).length
		)
		.toBe(1);

	const stranger = await world.stranger({ locale: 'en' });
	await stranger.goto('/services');
	await expect(stranger.locator(`#service-${id}`)).toContainText('from ₴1,250');

	const operator = await world.window('operator', { locale: 'en' });
	await operator.goto('/app/services?q=fret+polish');
	await expect(operator.locator(`[data-service-id="${id}"]`)).toContainText('from ₴1,250');
	await expect(operator.getByRole('link', { name: 'New service' })).toHaveCount(0);
	await operator.goto(`/app/services/${id}`);
	await expect(operator.getByRole('button', { name: 'Save' })).toHaveCount(0);
	expect((await operator.goto('/app/services/new'))?.status()).toBe(403);

	// somebody else changes the price while it is being edited
	await world.sql`update public.services set price = 1300 where id = ${id}`;
	await manager.getByLabel('Price from').fill('1400');
	await manager.getByRole('button', { name: 'Save' }).click();
	await expect(manager.getByText('Nothing was saved')).toBeVisible();
	await manager.getByRole('button', { name: 'Show what is there now' }).click();
	await expect(manager.getByLabel('Price from')).toHaveValue('1300');
	await manager.getByRole('button', { name: 'Archive' }).click();
	await expect(manager.getByText('It is no longer offered')).toBeVisible();
	await stranger.reload();
	await expect(stranger.locator(`#service-${id}`)).toHaveCount(0);
	await manager.goto('/app/services?show=archived');
	await expect(manager.locator(`[data-service-id="${id}"]`)).toBeVisible();
});
