/** What goes wrong while people work, one thing after the other. */
import type { Backend } from './backend.ts';
import type { Random } from './chance.ts';
import type { Network } from './network.ts';

export interface Weather {
	readonly backend: Backend;
	readonly network: Network;
	readonly random: Random;
}

export type Fault = readonly [name: string, happen: (weather: Weather) => Promise<void> | void];

export const faults: readonly Fault[] = [
	['connections cut', ({ network, random }) => network.cut(random, 0.5)],
	['realtime restarted', ({ backend }) => backend.restartRealtime()],
	['Postgres killed', ({ backend }) => backend.killPostgres()],
	['no network', ({ network }) => network.fail(1500)],
	['backend killed', ({ backend }) => backend.killAll()],
	['all connections cut', ({ network, random }) => network.cut(random, 1)]
];
