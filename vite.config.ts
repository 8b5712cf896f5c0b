import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

export default defineConfig({
	plugins: [
		paraglideVitePlugin({
			project: './project.inlang',
			outdir: './src/lib/paraglide',
			strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
			cookieName: 'verstak-language',
			emitTsDeclarations: true
		}),
		sveltekit()
	],
	build: {
		// the first versions that have light-dark(), on which both themes rest
		target: ['chrome123', 'edge123', 'firefox120', 'safari17.5']
	},
	ssr: {
		// its deep imports are directories, which bundlers resolve and Node does not
		noExternal: [/^@atlaskit\//]
	},
	// tests of state classes need svelte's reactive (browser) runtime, not its server stub
	resolve: process.env.VITEST ? { conditions: ['browser'] } : {}
});
