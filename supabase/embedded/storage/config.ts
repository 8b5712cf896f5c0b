/** `[storage]` of supabase/config.toml, so that hosted and local installations behave alike. */
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { parseSize } from './limits.ts';

const CONFIG = new URL('../../config.toml', import.meta.url);
/** Supabase's default */
const DEFAULT_LIMIT = 50 * 1024 ** 2;

/** Bytes a file may have in any bucket. */
export function configuredFileSizeLimit(file: URL = CONFIG): number {
	if (!existsSync(file)) return DEFAULT_LIMIT;
	const { storage } = parse(readFileSync(file, 'utf8')) as {
		storage?: { file_size_limit?: string };
	};
	return parseSize(storage?.file_size_limit) ?? DEFAULT_LIMIT;
}
