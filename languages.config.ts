/** How Paraglide compiles messages/ to src/lib/paraglide, for the app's build and for tests alike. */
import type { CompilerOptions } from '@inlang/paraglide-js';

export const languages: CompilerOptions = {
	project: './project.inlang',
	outdir: './src/lib/paraglide',
	strategy: ['custom-embed', 'cookie', 'preferredLanguage', 'baseLocale'],
	cookieName: 'verstak-language',
	emitTsDeclarations: true
};
