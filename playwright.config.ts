import { defineConfig } from '@playwright/test';
import { chromiumArguments, findChromium } from './scripts/chromium.ts';

export default defineConfig({
	testDir: 'tests/e2e',
	testMatch: '**/*.e2e.ts',
	globalSetup: './tests/e2e/global-setup.ts',
	timeout: 60_000,
	expect: { timeout: 10_000 },
	fullyParallel: false,
	workers: 2,
	forbidOnly: Boolean(process.env.CI),
	// in a window of its own, once: what passes then is reported as flaky, not as passed
	retries: 1,
	reporter: [['list']],
	// in this order: what takes minutes begins first, so that nothing waits for it at the end
	projects: [
		{ name: 'days', testMatch: '**/statistics-wall.e2e.ts' },
		{ name: 'pages', testIgnore: '**/statistics-wall.e2e.ts' }
	],
	use: {
		browserName: 'chromium',
		locale: 'en-GB',
		timezoneId: 'Europe/Kyiv',
		viewport: { width: 1440, height: 900 },
		// a snapshot of two thousand cards at every step doubles the time: asked for when something failed
		trace: process.env.TRACE ? 'retain-on-failure' : 'off',
		screenshot: 'only-on-failure',
		launchOptions: { executablePath: findChromium('shell'), args: chromiumArguments }
	}
});
