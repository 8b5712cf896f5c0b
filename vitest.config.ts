import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		projects: [
			{
				// pure rules and state classes, beside the code they test
				extends: './vite.config.ts',
				test: { name: 'unit', include: ['src/**/*.test.ts'], environment: 'node' }
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
