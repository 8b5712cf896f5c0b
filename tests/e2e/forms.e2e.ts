// forms for people: without JavaScript, with mistakes, in a frame of another site, from the home page
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { snippetOf } from '../../src/lib/forms/embed.ts';
import { expect, test, type World } from './fixtures.ts';

async function makeCampaign({ sql }: World, name: string, endsOn: string | null = null) {
	const [row] = await sql`insert into public.campaigns (name, starts_on, ends_on)
		values (${name}, '2020-01-01', ${endsOn}) returning id`;
	return Number(row?.id);
}
const leadsOf = ({ sql }: World, phone: string) => sql`
	select first_name, message, campaign_id::int, source, utm, submissions from public.leads where phone = ${phone}`;

async function fill(page: Pick<Page, 'getByLabel' | 'getByRole'>, phone: string) {
	await page.getByLabel('Your name').fill('Lesia');
	await page.getByLabel('Phone').fill(phone);
	await page.getByLabel('What happened').fill('The neck is bent');
	await page.getByRole('checkbox').check();
}

test('a form works without JavaScript: mistakes beside their fields, then a lead with its marks', async ({
	world
}) => {
	const campaign = await makeCampaign(world, 'Form');
	const page = await world.stranger({ javaScriptEnabled: false, locale: 'en' });
	await page.goto(`/f/${campaign}?utm_source=google&utm_campaign=neck`);
	await fill(page, 'no number');
	await page.getByRole('button', { name: 'Send the request' }).click();
	await expect(page.getByRole('alert')).toContainText('correct what is marked');
	await expect(page.getByLabel('Phone')).toHaveAttribute('aria-invalid', 'true');
	await expect(page.getByText('Write a phone number we can call')).toBeVisible();
	await expect(page.getByLabel('What happened')).toHaveValue('The neck is bent');
	await fill(page, '067 700-11-22');
	await page.getByRole('button', { name: 'Send the request' }).click();
	await expect(page).toHaveURL(/\/f\/thanks/);
	await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
	expect([...(await leadsOf(world, '+380677001122'))]).toEqual([
		{
			first_name: 'Lesia',
			message: 'The neck is bent',
			campaign_id: campaign,
			source: 'form',
			utm: { utm_source: 'google', utm_campaign: 'neck' },
			submissions: 1
		}
	]);

	const closed = await page.goto(`/f/${await makeCampaign(world, 'Over', '2020-02-01')}`);
	expect(closed?.status()).toBe(410);
	await expect(page.getByText('This offer has ended')).toBeVisible();
	expect((await page.goto('/f/99999999'))?.status()).toBe(404);
	await expect(page.getByText('There is no such form')).toBeVisible();
});

test('the home page’s form is one of them; visitors are counted by an address they cannot choose', async ({
	world
}) => {
	await makeCampaign(world, 'Весна');
	const page = await world.stranger({ javaScriptEnabled: false, locale: 'ru-RU' });
	await page.goto(`/?utm_campaign=${encodeURIComponent('весна')}`);
	await page.getByLabel('Ваше имя').fill('Леся');
	await page.getByLabel('Телефон').fill('+380 67 700-11-33');
	await page.getByRole('checkbox').check();
	await page.getByRole('button', { name: 'Отправить заявку' }).click();
	await expect(page.getByRole('heading', { name: 'Спасибо' })).toBeVisible();
	const [lead] = await leadsOf(world, '+380677001133');
	expect(lead).toMatchObject({ source: 'site', utm: { utm_campaign: 'весна' } });
	expect(lead?.['campaign_id']).not.toBeNull();

	await world.sql`delete from private.rate_limits`;
	for (const invented of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
		const answer = await fetch(world.url, {
			method: 'POST',
			redirect: 'manual',
			headers: { origin: world.url, accept: 'text/html', 'x-forwarded-for': invented },
			body: new URLSearchParams({ first_name: 'x' })
		});
		expect(answer.status).toBe(422);
	}
	const counted =
		await world.sql`select hits from private.rate_limits where bucket = 'public_lead'`;
	expect([...counted]).toEqual([{ hits: 3 }]);
	await world.sql`update private.rate_limits set hits = 20 where bucket = 'public_lead'`;
	await page.goto('/');
	await page.getByRole('button', { name: 'Отправить заявку' }).click();
	await expect(page.getByRole('alert')).toContainText('Слишком много');
});

test('the snippet shows the form on another site, in its language, and hands the marks on', async ({
	world
}) => {
	await world.sql`delete from private.rate_limits where bucket = 'public_lead'`;
	const campaign = await makeCampaign(world, 'Embedded');
	const snippet = snippetOf(world.url, campaign, 'uk', 'Форма');
	const site = createServer((_, response) => {
		response.setHeader('content-type', 'text/html; charset=utf-8');
		response.end(`<!doctype html><h1>Site</h1>${snippet}`);
	}).listen(0, '127.0.0.1');
	await once(site, 'listening');
	try {
		const { port } = site.address() as AddressInfo;
		const page = await world.stranger({ locale: 'en' });
		await page.goto(`http://127.0.0.1:${port}/landing?utm_source=flyer`);
		const frame = page.frameLocator('iframe');
		await frame.getByLabel('Ваше ім’я').fill('Леся');
		await frame.getByLabel('Телефон').fill('0677001144');
		await frame.getByRole('checkbox').check();
		await frame.getByRole('button', { name: 'Надіслати заявку' }).click();
		await expect(frame.getByRole('heading', { name: 'Дякуємо' })).toBeVisible();
		const [lead] = await leadsOf(world, '+380677001144');
		expect(lead).toMatchObject({ campaign_id: campaign, utm: { utm_source: 'flyer' } });
	} finally {
		site.close();
	}
	// nothing else of ours may be shown in a frame
	const signin = await fetch(`${world.url}/signin`);
	expect(signin.headers.get('x-frame-options')).toBe('DENY');
	expect(signin.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});

test('the catalogue is a page for anybody, without JavaScript', async ({ world }) => {
	const page = await world.stranger({ javaScriptEnabled: false, locale: 'en' });
	await page.goto('/');
	await page.getByRole('link', { name: 'All services' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Services and prices' })).toBeVisible();
	const [counted] = await world.sql`select count(*)::int as n from public.public_services`;
	await expect(page.locator('[id^="service-"]')).toHaveCount(counted?.['n'] as number);
	await expect(page.locator('main')).toContainText(/from ₴[\d,]+/);
	await page.getByRole('button', { name: 'Русский' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Услуги и цены' })).toBeVisible();
});
