import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import { boundaries } from './eslint.boundaries.js';
import svelteConfig from './svelte.config.js';

export default ts.config(
	{
		ignores: [
			'build/',
			'.svelte-kit/',
			'.verstak/',
			'coverage/',
			'playwright-report/',
			'test-results/',
			'src/lib/paraglide/',
			'src/lib/supabase/database.types.ts',
			'supabase/.temp/'
		]
	},
	js.configs.recommended,
	...ts.configs.strict,
	...svelte.configs.recommended,
	{
		languageOptions: { globals: { ...globals.node } },
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		rules: {
			// TypeScript knows better, and knows types
			'no-undef': 'off',
			'no-console': 'off',
			eqeqeq: 'error',
			'max-lines-per-function': [
				'error',
				{ max: 40, skipBlankLines: true, skipComments: true, IIFEs: false }
			],
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', ignoreRestSiblings: true }
			],
			'@typescript-eslint/consistent-type-imports': 'error',
			// links are written as paths; a base path is not part of this app
			'svelte/no-navigation-without-resolve': 'off',
			// plain Maps beside runes are deliberate: a class says itself when its view has changed
			'svelte/prefer-svelte-reactivity': 'off',
			'@typescript-eslint/no-dynamic-delete': 'off',
			'@typescript-eslint/no-invalid-void-type': 'off'
		}
	},
	{
		files: ['**/*.ts', '**/*.svelte', '**/*.svelte.ts'],
		languageOptions: {
			parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] }
		},
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
			'@typescript-eslint/await-thenable': 'error'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: {
			globals: globals.browser,
			parserOptions: { parser: ts.parser, svelteConfig }
		}
	},
	{
		// a describe() is one function as long as its tests
		files: ['**/*.test.ts', '**/*.e2e.ts', 'tests/**/*.ts'],
		rules: { 'max-lines-per-function': 'off' }
	},
	...boundaries
);
