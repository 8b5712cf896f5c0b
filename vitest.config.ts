import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

// not by Paraglide's plugin: it leaves files open and would keep the test run from ending
execFileSync(process.execPath, [
	fileURLToPath(new URL('scripts/compile-messages.ts', import.meta.url))
]);

export default defineConfig({
	test: {
		projects: [
			{
				// pure rules and state classes, beside the code they test
				plugins: [sveltekit()],
				// state classes need svelte's reactive (browser) runtime, not its server stub
				resolve: { conditions: ['browser'] },
				test: { name: 'unit', include: ['src/**/*.test.ts'], environment: 'node' }
			},
			{
				// real boards of many people without a browser, against a backend that is being killed
				plugins: [sveltekit()],
				resolve: { conditions: ['browser'] },
				test: {
					name: 'convergence',
					include: ['tests/convergence/**/*.test.ts'],
					environment: 'node',
					globalSetup: ['tests/support/global-setup.ts'],
					testTimeout: 90_000,
					hookTimeout: 60_000
				}
			},
			{
				// against real embedded stacks, a private one for each file
				test: {
					name: 'stack',
					include: ['tests/{architecture,database,realtime,api,functions}/**/*.test.ts'],
					environment: 'node',
					globalSetup: ['tests/support/global-setup.ts'],
					testTimeout: 30_000,
					hookTimeout: 60_000,
					maxWorkers: 2
				}
			}
		]
	}
});
