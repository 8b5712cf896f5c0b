/**
 * Which functions there are: folders and `[functions.<name>]` of config.toml, read as the CLI reads
 * them. Also knows a fingerprint of each function's files, so that a change is noticed.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { parse } from 'smol-toml';
import { z } from 'zod';
import type { Log } from '../log.ts';

export type EdgeFunction = {
	name: string;
	folder: string;
	entrypoint: string;
	verifyJwt: boolean;
	/** deno.json (or an older import_map.json), when there is one */
	configuration: string | null;
	/** files and folders besides its own that the function may read */
	staticFiles: string[];
	/** differs after any change that the function could notice */
	version: string;
};

const Settings = z.object({
	functions: z
		.record(
			z.string(),
			z.object({
				enabled: z.boolean().default(true),
				verify_jwt: z.boolean().default(true),
				entrypoint: z.string().optional(),
				import_map: z.string().optional(),
				static_files: z.array(z.string()).default([])
			})
		)
		.default({})
});
type Settings = z.infer<typeof Settings>;

const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
const LOOK_AGAIN_MS = 200;

export class Catalogue {
	#directory: string;
	#configFile: string;
	#watch: boolean;
	#log: Log;
	#settings: Settings = { functions: {} };
	#settingsVersion = '';
	#known = new Map<string, EdgeFunction>();
	#readAt = 0;
	/** user secrets of `<directory>/.env` */
	secrets: Record<string, string> = {};

	constructor(directory: string, configFile: string | undefined, watch: boolean, log: Log) {
		this.#directory = resolve(directory);
		this.#configFile = resolve(configFile ?? join(this.#directory, '../config.toml'));
		this.#watch = watch;
		this.#log = log;
	}

	get directory(): string {
		return this.#directory;
	}

	/** The function of this name as it is on disk now, or undefined. */
	find(name: string): EdgeFunction | undefined {
		const now = Date.now();
		if (this.#readAt === 0 || (this.#watch && now - this.#readAt > LOOK_AGAIN_MS)) {
			this.#read();
			this.#readAt = Date.now();
		}
		return this.#known.get(name);
	}

	#read(): void {
		this.#readSettings();
		const secretsFile = join(this.#directory, '.env');
		this.secrets = existsSync(secretsFile) ? this.#parseSecrets(secretsFile) : {};
		const entries = existsSync(this.#directory)
			? readdirSync(this.#directory, { withFileTypes: true })
			: [];
		const shared = entries.filter((entry) => entry.isFile() || entry.name.startsWith('_'));
		const common = [
			this.#settingsVersion,
			...shared.map(({ name }) => fingerprint(join(this.#directory, name)))
		].join();
		const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
		const names = new Set([...folders, ...Object.keys(this.#settings.functions)]);
		this.#known = new Map(
			[...names]
				.filter((name) => NAME.test(name))
				.flatMap((name) => this.#describe(name, common) ?? [])
				.map((found) => [found.name, found])
		);
	}

	#describe(name: string, common: string): EdgeFunction | null {
		const given = this.#settings.functions[name];
		const base = dirname(this.#configFile);
		const entrypoint = given?.entrypoint
			? resolve(base, given.entrypoint)
			: join(this.#directory, name, 'index.ts');
		if (given?.enabled === false || !existsSync(entrypoint)) return null;
		const folder = given?.entrypoint ? dirname(entrypoint) : join(this.#directory, name);
		return {
			name,
			folder,
			entrypoint,
			verifyJwt: given?.verify_jwt ?? true,
			configuration: given?.import_map
				? resolve(base, given.import_map)
				: this.#findConfiguration(folder),
			// a pattern's fixed part is what Deno can be told
			staticFiles: (given?.static_files ?? []).map((pattern) =>
				resolve(base, pattern.replace(/[^/]*[*?[{].*$/, ''))
			),
			version: `${common},${fingerprint(folder)}`
		};
	}

	/** A function's own configuration goes before the folder's, deno.json before an import map. */
	#findConfiguration(folder: string): string | null {
		const names = ['deno.json', 'deno.jsonc', 'import_map.json'];
		const places = [folder, this.#directory];
		const files = places.flatMap((place) => names.map((name) => join(place, name)));
		return files.find((file) => existsSync(file)) ?? null;
	}

	/** A file that is being edited may be broken for a moment: the last good settings stay. */
	#readSettings(): void {
		const version = existsSync(this.#configFile) ? fingerprint(this.#configFile) : '';
		if (version === this.#settingsVersion) return;
		this.#settingsVersion = version;
		try {
			this.#settings = version
				? Settings.parse(parse(readFileSync(this.#configFile, 'utf8')))
				: { functions: {} };
		} catch (error) {
			this.#log('functions_config_refused', { error: (error as Error).message.slice(0, 500) });
		}
	}

	#parseSecrets(file: string): Record<string, string> {
		const all = parseEnv(readFileSync(file, 'utf8'));
		const reserved = Object.keys(all).filter((name) => name.startsWith('SUPABASE_'));
		// the CLI skips these names, too
		if (reserved.length > 0) this.#log('function_secrets_skipped', { names: reserved });
		return Object.fromEntries(
			Object.entries(all).filter((entry): entry is [string, string] => !reserved.includes(entry[0]))
		);
	}
}

/** Names, sizes and times of everything below a path. */
function fingerprint(path: string): string {
	const found = statSync(path, { throwIfNoEntry: false });
	if (!found) return '';
	if (!found.isDirectory()) return `${path}:${found.mtimeMs}:${found.size}`;
	return readdirSync(path)
		.filter((name) => name !== 'node_modules' && name !== '.git')
		.map((name) => fingerprint(join(path, name)))
		.join();
}
