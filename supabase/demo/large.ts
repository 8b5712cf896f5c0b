/**
 * `node supabase/demo/large.ts`: a company of a million orders, for benchmarks and trying things out.
 *
 * `--size small|medium|large` (10,000, 100,000 or 1,000,000 orders) or `--orders N`;
 * `--url <address>` fills a migrated database (its owner's address; the demo company is loaded if there is
 * no company yet), otherwise `--home <directory>` (default `.verstak-large`) becomes an installation of
 * its own: `VERSTAK_HOME=.verstak-large npm start` runs on it.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { applyMigrations } from '../../scripts/supabase-cli.ts';
import { freePort } from '../embedded/free-port.ts';
import { start } from '../embedded/start.ts';
import { startDatabase, type Parts } from '../embedded/parts.ts';
import { loadDemo } from './demo.ts';
import { growCompany, SIZES } from './grow.ts';

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			size: { type: 'string', default: 'large' },
			orders: { type: 'string' },
			url: { type: 'string' },
			home: { type: 'string', default: '.verstak-large' }
		}
	});
	const orders = Number(values.orders ?? SIZES[values.size as keyof typeof SIZES]);
	if (!Number.isSafeInteger(orders) || orders < 100) {
		throw new Error(
			`Say --size ${Object.keys(SIZES).join(', ')} or --orders with a number from 100.`
		);
	}
	const began = performance.now();
	if (values.url) await fill(values.url, orders);
	else await makeHome(values.home, orders);
	console.log(`${orders} orders in ${Math.round((performance.now() - began) / 1000)} s.`);
}

async function fill(url: string, orders: number): Promise<void> {
	await loadDemo(url);
	await growCompany(url, orders, (step) => console.log(step));
}

/** Migrations need the whole stack once; the rows are written with Postgres alone, nobody listening. */
async function makeHome(home: string, orders: number): Promise<void> {
	if (existsSync(home)) throw new Error(`${home} exists already; name another with --home.`);
	const ports = { api: await freePort(), db: await freePort() };
	const stack = await start({ home, ports });
	try {
		await applyMigrations(stack.dbUrl);
	} finally {
		await stack.stop();
	}
	const parts: Parts = [];
	try {
		const { urls } = await startDatabase({ home, ports }, parts);
		await fill(urls.owner, orders);
	} finally {
		for (const end of parts.reverse()) await end();
	}
	console.log(`Start it with VERSTAK_HOME=${home} npm start`);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
