/**
 * The browser for end-to-end tests: what is installed, else Playwright's own installer, else apt.
 * `node scripts/chromium.ts` makes sure there is one.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const INSTALLED = [
	process.env.CHROMIUM_PATH,
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/usr/bin/google-chrome-stable',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

/** Path of a Chromium on this machine, or undefined. */
export function findChromium(): string | undefined {
	return [...INSTALLED, chromium.executablePath()].find((path) => path && existsSync(path));
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
	if (findChromium()) return;
	console.log('Playwright could not download one; asking apt.');
	const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
	for (const command of [
		['apt-get', 'update', '-q'],
		['apt-get', 'install', '-y', '-q', '--no-install-recommends', 'chromium']
	]) {
		const [program, ...rest] = [...sudo, ...command] as [string, ...string[]];
		execFileSync(program, rest, {
			stdio: ['ignore', 'ignore', 'inherit'],
			env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
		});
	}
}

if (import.meta.main) {
	if (!findChromium()) {
		try {
			install();
		} catch {
			// what counts is whether there is a browser now
		}
	}
	if (!findChromium()) {
		console.error('No Chromium. Install one and name it in CHROMIUM_PATH.');
		process.exitCode = 1;
	}
}
