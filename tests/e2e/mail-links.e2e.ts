// links in mails, from the mail catcher into the browser
import { createClient } from '@supabase/supabase-js';
import { demoEmail } from '../support/stack.ts';
import { expect, test, type World } from './fixtures.ts';

/** The newest caught mail's link, at the address under which this test serves the app. */
async function linkTo({ stack, url }: World, email: string): Promise<string> {
	const inbox = `${stack.mailUrl}/api/messages?to=${encodeURIComponent(email)}`;
	let found: string | undefined;
	await expect
		.poll(async () => {
			const list = await (await fetch(inbox)).text();
			found = /https?:[^\s"\\<]+token_hash=[^\s"\\<]+/.exec(list)?.[0];
			return found;
		})
		.toBeDefined();
	const { pathname, search } = new URL((found ?? '').replaceAll('&amp;', '&'));
	await fetch(`${stack.mailUrl}/api/messages`, { method: 'DELETE' });
	return url + pathname + search;
}

const administrator = ({ stack }: World) =>
	createClient(stack.url, stack.keys.secret, { auth: { persistSession: false } }).auth.admin;

test('a magic link signs in once, and leads to the page it was asked from', async ({ world }) => {
	const email = demoEmail('coordinator');
	await world.stack.anonymous().auth.signInWithOtp({ email });
	const link = await linkTo(world, email);
	const page = await world.stranger();
	// a mail scanner looks first, and uses nothing up
	expect((await page.request.head(link)).status()).toBe(200);
	await page.goto(`${link}&next=${encodeURIComponent('/app/board?location=1')}`);
	await expect(page).toHaveURL(/\/app\/board\?location=1$/);
	const second = await world.stranger();
	await second.goto(link);
	await expect(second).toHaveURL(/\/signin/);
	await expect(second.getByRole('alert')).toContainText('no longer valid');
});

test('a recovery link works for whoever is signed in, and never leads off the site', async ({
	world
}) => {
	const email = demoEmail('manager');
	await world.stack.anonymous().auth.resetPasswordForEmail(email);
	const link = await linkTo(world, email);
	const page = await world.window('master');
	await page.goto(`${link}&next=${encodeURIComponent('https://evil.test/app')}`);
	await expect(page).toHaveURL(/\/app\/board$/);
	expect(new URL(page.url()).origin).toBe(world.url);
});

test('an invited person without a workplace lands on the public page, signed in', async ({
	world
}) => {
	const email = 'new.master@example.test';
	const { error } = await administrator(world).inviteUserByEmail(email);
	expect(error).toBeNull();
	const page = await world.stranger();
	await page.goto(await linkTo(world, email));
	await expect(page).toHaveURL(`${world.url}/`);
	await page.goto('/signin');
	await expect(page.getByRole('status')).toContainText(email);
});

for (const [what, query] of [
	['a token nobody made', '?token_hash=nothing&type=magiclink'],
	['an unknown type', '?token_hash=nothing&type=sms'],
	['no token', '']
] as const) {
	test(`a link with ${what} is told in words`, async ({ world }) => {
		const page = await world.stranger({ locale: 'uk-UA' });
		await page.goto(`/auth/confirm${query}`);
		await expect(page).toHaveURL(/\/signin\?link=expired$/);
		await expect(page.getByRole('alert')).toContainText('більше не діє');
	});
}
