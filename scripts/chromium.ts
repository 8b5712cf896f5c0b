/**
 * The browser for end-to-end tests: what is installed, else Playwright's own installer, else apt.
 * `node scripts/chromium.ts` makes sure there is one.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

/** Chromium without windows: our browser tests take two thirds of the time with it. */
const SHELL = '/usr/bin/chromium-headless-shell';
const WHOLE = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/usr/bin/google-chrome-stable',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

/**
 * Path of a Chromium on this machine. Undefined for the shell is Playwright's own, for the whole none.
 * @param wanted the shell is quicker, the whole is what people use; only that can show notifications
 */
export function findChromium(wanted: 'shell' | 'whole'): string | undefined {
	const paths =
		wanted === 'shell'
			? [process.env.CHROMIUM_PATH, SHELL, ...WHOLE]
			: [process.env.CHROMIUM_PATH, ...WHOLE, chromium.executablePath()];
	return paths.find((path) => path && existsSync(path));
}

/** Root in a container has no sandbox to give the browser. */
export const chromiumArguments = [
	...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync'
];

function install(): void {
	const playwright = fileURLToPath(new URL('../node_modules/playwright/cli.js', import.meta.url));
	console.log('No Chromium found; asking Playwright’s installer.');
	spawnSync(process.execPath, [playwright, 'install', 'chromium-headless-shell', 'chromium'], {
		stdio: 'ignore',
		timeout: 180_000
	});
	if (findChromium('whole')) return;
	console.log('Playwright could not download one; asking apt.');
	apt('update', '-q');
	for (const name of ['chromium', 'chromium-headless-shell']) {
		apt('install', '-y', '-q', '--no-install-recommends', name);
	}
}

function apt(...given: string[]): void {
	const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
	const [program, ...rest] = [...sudo, 'apt-get', ...given] as [string, ...string[]];
	execFileSync(program, rest, {
		stdio: ['ignore', 'ignore', 'inherit'],
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
	});
}

if (import.meta.main) {
	if (!findChromium('whole')) {
		try {
			install();
		} catch {
			// what counts is whether there is a browser now; not every release has the shell
		}
	}
	if (!findChromium('whole')) {
		console.error('No Chromium. Install one and name it in CHROMIUM_PATH.');
		process.exitCode = 1;
	}
}
