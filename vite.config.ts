import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { languages } from './languages.config.ts';

export default defineConfig({
	plugins: [paraglideVitePlugin(languages), sveltekit()],
	build: {
		// the first versions that have light-dark(), on which both themes rest
		target: ['chrome123', 'edge123', 'firefox120', 'safari17.5']
	},
	ssr: {
		// its deep imports are directories, which bundlers resolve and Node does not
		noExternal: [/^@atlaskit\//]
	}
});
