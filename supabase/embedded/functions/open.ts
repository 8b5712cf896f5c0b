/** Opens the functions' server and its log for a stack. */
import { join } from 'node:path';
import type { Identities } from '../gateway/identity.ts';
import { openLog } from '../log.ts';
import type { Secrets } from '../secrets.ts';
import { FunctionServer } from './functions.ts';
import type { FunctionsOptions } from './options.ts';

type Installation = { home: string; dbUrl: string; secrets: Secrets; identities: Identities };
type Listening = { host?: string; ports: { api: number }; functions?: FunctionsOptions };

/** Null when the stack was started without functions. Their log is `<home>/logs/functions.log`. */
export function openFunctions(
	options: Listening,
	{ identities, ...installation }: Installation
): { server: FunctionServer; stop(): Promise<void> } | null {
	if (!options.functions) return null;
	const { log, close } = openLog(join(installation.home, 'logs/functions.log'));
	const url = localUrl(options);
	const server = new FunctionServer(
		{ ...options.functions, ...installation, url, log },
		identities
	);
	const stop = async () => {
		await server.stop();
		close();
	};
	return { server, stop };
}

/** Where this machine's own programs reach the gateway, whatever browsers use. */
export function localUrl({ host = '127.0.0.1', ports }: Listening): string {
	const everywhere = host === '0.0.0.0' || host === '::';
	return `http://${everywhere ? '127.0.0.1' : host}:${ports.api}`;
}
