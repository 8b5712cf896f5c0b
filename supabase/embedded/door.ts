/** Opens the gateway in front of the started services, and asks each for its health. */
import { openGateway } from './gateway/gateway.ts';
import { checkHealth } from './health.ts';
import type { Mail } from './mail/mail.ts';
import type { Api, Base, Functions, Parts, RealtimeHolder } from './parts.ts';
import type { StartOptions } from './start.ts';
import type { Storage } from './storage/storage.ts';

type Services = {
	base: Base;
	api: Api;
	realtime: RealtimeHolder;
	storage: Storage;
	mail: Mail;
	functions: Functions;
	jobs: { healthy: () => boolean };
};

export async function openDoor(
	options: StartOptions,
	{ base, api, realtime, storage, mail, functions, jobs }: Services,
	parts: Parts
): Promise<void> {
	const server = functions?.server;
	const gateway = await openGateway({
		host: options.host ?? '127.0.0.1',
		port: options.ports.api,
		identities: api.identities,
		rpc: api.rpc,
		rest: api.rest,
		auth: api.auth,
		log: base.log,
		realtime: realtime.current,
		storage: (request, response) => storage.handle(request, response),
		...(server ? { functions: (request, response) => server.handle(request, response) } : {}),
		health: () =>
			checkHealth({
				postgres: () => base.admin`select 1`,
				...api.checks,
				realtime: () => realtime.current() !== null,
				storage: () => storage.healthy(),
				mail: () => mail.healthy(),
				...(server ? { functions: () => server.health() === 'ok' } : {}),
				jobs: jobs.healthy
			})
	});
	parts.push(() => gateway.close());
}
