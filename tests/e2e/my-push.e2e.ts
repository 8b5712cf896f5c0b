// the installed app: manifest, offline page, push on and off per device, what a message shows
import { chromium } from '@playwright/test';
import { chromiumArguments, findChromium } from '../../scripts/chromium.ts';
import { MyPage, phone, prepareMaster } from './pages/my.ts';
import { expect, test } from './fixtures.ts';

/** Browsers in tests reach no push service; everything behind the subscription is real. */
function pretendToSubscribe() {
	let subscription: object | null = null;
	const made = {
		endpoint: 'https://push.example.test/device-1',
		toJSON: () => ({
			endpoint: made.endpoint,
			keys: { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) }
		}),
		unsubscribe: () => {
			subscription = null;
			return Promise.resolve(true);
		}
	};
	Object.assign(window, { asked: null });
	PushManager.prototype.subscribe = (options) => {
		Object.assign(window, { asked: options?.applicationServerKey });
		subscription = made;
		return Promise.resolve(made as unknown as PushSubscription);
	};
	PushManager.prototype.getSubscription = () =>
		Promise.resolve(subscription as PushSubscription | null);
	Notification.requestPermission = () => Promise.resolve('granted');
}

test('push is turned on and off for this device', async ({ world }) => {
	const master = await prepareMaster(world, 'master');
	const window = await world.window('master', phone);
	await window.addInitScript(pretendToSubscribe);
	const mine = await new MyPage(window).open();
	const rows = () =>
		world.sql`select endpoint from public.push_subscriptions where user_id = ${master}`;
	await mine.page.getByRole('button', { name: 'Signals' }).click();
	const box = mine.page.getByLabel(/Messages on this device/);
	await box.check();
	await expect.poll(async () => (await rows()).length).toBe(1);
	const key = await mine.page.evaluate(() => (window as unknown as { asked: string }).asked);
	expect(key).toBe(world.stack.secrets.vapid.publicKey);
	await box.uncheck();
	await expect.poll(async () => (await rows()).length).toBe(0);
});

test('a message shows the order in the language of the page', async ({ world }) => {
	// the quick browser has no notifications
	await using browser = await chromium.launch({
		executablePath: findChromium('whole'),
		args: chromiumArguments
	});
	const permissions = ['notifications'];
	const window = await world.signIn('master', { ...phone, permissions, browser });
	await window
		.context()
		.addCookies([{ name: 'verstak-language', value: 'uk', url: new URL(window.url()).origin }]);
	const mine = await new MyPage(window).open();
	// the worker of the sign-in page spoke English
	const speaks = () =>
		mine.page.evaluate(async () => (await navigator.serviceWorker.ready).active?.scriptURL);
	await expect.poll(speaks).toContain('language=uk');
	const devtools = await window.context().newCDPSession(window);
	const registered = new Promise<string>((resolve) => {
		devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
			const [first] = registrations;
			if (first) resolve(first.registrationId);
		});
	});
	await devtools.send('ServiceWorker.enable');
	await devtools.send('ServiceWorker.deliverPushMessage', {
		origin: new URL(window.url()).origin,
		registrationId: await registered,
		data: JSON.stringify({
			template: 'order_assigned',
			order_id: 155026,
			problem: 'Тріснув гриф',
			address: 'Київ',
			badge: 2
		})
	});
	const shown = () =>
		mine.page.evaluate(async () => {
			const registration = await navigator.serviceWorker.ready;
			const all = await registration.getNotifications();
			return all.map(({ title, body, tag }) => ({ title, body, tag }));
		});
	await expect
		.poll(shown)
		.toEqual([{ title: 'Нова заявка №155026', body: 'Тріснув гриф\nКиїв', tag: 'order-155026' }]);
});

test('without a network the app says so instead of the browser, and comes back by itself', async ({
	world
}) => {
	const mine = await new MyPage(await world.window('master', phone)).open();
	const manifest = await mine.page.evaluate(async () => {
		const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
		return (await fetch(link?.href ?? '')).json() as Promise<{ icons: { src: string }[] }>;
	});
	for (const { src } of manifest.icons) {
		expect((await mine.page.request.get(src)).headers()['content-type']).toBe('image/png');
	}
	await mine.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
	await mine.page.context().setOffline(true);
	await mine.page.goto('/app/my');
	await expect(mine.page.getByTestId('offline')).toBeVisible();
	await mine.page.context().setOffline(false);
	await mine.live();
});

test('nothing of anybody is kept in the cache', async ({ world }) => {
	const mine = await new MyPage(await world.window('master', phone)).open();
	await mine.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
	const kept = await mine.page.evaluate(async () => {
		const paths: string[] = [];
		for (const name of await caches.keys()) {
			const requests = await (await caches.open(name)).keys();
			paths.push(...requests.map(({ url }) => new URL(url).pathname));
		}
		return paths;
	});
	expect(kept).toContain('/offline.html');
	for (const path of kept) expect(path).toMatch(/^\/_app\/immutable\/|^\/[\w.-]+$/);
});

test('a new version waits until the person takes it; another language does not ask', async ({
	world
}) => {
	const mine = await new MyPage(await world.window('master', phone)).open();
	await mine.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
	await mine.page.reload();
	await mine.live();
	const install = (query: string) =>
		mine.page.evaluate(async (wanted) => {
			await navigator.serviceWorker.register(`/service-worker.js?${wanted}`);
		}, query);
	const running = () =>
		mine.page.evaluate(() => navigator.serviceWorker.controller?.scriptURL.split('?')[1]);
	const toast = mine.page.getByTestId('toast').filter({ hasText: 'new version' });
	await install('language=uk');
	await expect.poll(running).toBe('language=uk');
	await expect(toast).toHaveCount(0);
	await install('language=uk&version=2');
	await expect(toast).toBeVisible();
	expect(await running()).toBe('language=uk');
	const reloaded = mine.page.waitForEvent('load');
	await toast.getByRole('button', { name: 'Reload' }).click();
	await reloaded;
	await mine.live();
});
