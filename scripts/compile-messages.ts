/** Compiles messages/ to src/lib/paraglide once, where no build does it. */
import { compile } from '@inlang/paraglide-js';
import { languages } from '../languages.config.ts';

await compile(languages);
// the compiler leaves files open that would keep this process alive
process.exit(0);
