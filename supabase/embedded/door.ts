/** Opens the gateway in front of the started services, and asks each for its health. */
import { openGateway } from './gateway/gateway.ts';
import type { Api, Base, Functions, Parts, RealtimeHolder } from './parts.ts';
import type { StartOptions } from './start.ts';

type Services = Base &
	Api & {
		realtime: RealtimeHolder;
		functions: Functions;
		jobs: { health: () => string };
	};

export async function openDoor(
	options: StartOptions,
	services: Services,
	parts: Parts
): Promise<void> {
	const { identities, rpc, rest, auth, realtime, functions, jobs, admin, log } = services;
	const gateway = await openGateway({
		host: options.host ?? '127.0.0.1',
		port: options.ports.api,
		identities,
		rpc,
		rest,
		auth,
		log,
		realtime: realtime.current,
		...(functions
			? { functions: (request, response) => functions.server.handle(request, response) }
			: {}),
		health: async () => ({
			postgres: await admin`select 1`.then(
				() => 'ok',
				() => 'down'
			),
			realtime: realtime.current() ? 'ok' : 'down',
			...(functions ? { functions: functions.server.health() } : {}),
			jobs: jobs.health()
		})
	});
	parts.push(() => gateway.close());
}
