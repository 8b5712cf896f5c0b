/**
 * The large data set of suite `sql`: made once, kept in the temporary directory under a hash of what goes
 * into it. Measurements roll their writes back, so it stays as it was made.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { growCompany } from '../../supabase/demo/grow.ts';
import type { DatabaseUrls } from '../../supabase/embedded/bootstrap/bootstrap.ts';
import { startDatabase, type Parts } from '../../supabase/embedded/parts.ts';
import { copyTemplate, removeHome } from '../support/template.ts';

const INGREDIENTS = ['migrations', 'demo', 'demo/load', 'demo/grow'].map(
	(path) => new URL(`../../supabase/${path}/`, import.meta.url)
);

export type Cluster = { urls: DatabaseUrls; stop(): Promise<void> };

/** Postgres alone (no gateway, no realtime) with the demo company and so many orders more. */
export async function openLargeCluster(orders: number): Promise<Cluster> {
	const home = join(tmpdir(), `verstak-large-${orders}-${hashOfIngredients()}`);
	if (!existsSync(home)) await make(home, orders);
	return openCluster(home);
}

async function openCluster(home: string): Promise<Cluster> {
	const parts: Parts = [];
	const ports = { api: await freePort(), db: await freePort() };
	const { urls } = await startDatabase({ home, ports }, parts);
	return {
		urls,
		stop: async () => {
			for (const end of parts.reverse()) await end();
		}
	};
}

async function make(home: string, orders: number): Promise<void> {
	console.error(`Making ${orders} orders; this is kept for the next run.`);
	for (const name of readdirSync(tmpdir())) {
		// an older version of the same size
		if (name.startsWith(`verstak-large-${orders}-`)) {
			rmSync(join(tmpdir(), name), { recursive: true, force: true });
		}
	}
	const work = copyTemplate('demo');
	const cluster = await openCluster(work);
	try {
		await growCompany(cluster.urls.owner, orders, (step) => console.error(step));
	} finally {
		await cluster.stop();
	}
	renameSync(work, home);
	removeHome(work);
	// the account Postgres runs as must reach it
	execFileSync('chmod', ['755', home]);
}

function hashOfIngredients(): string {
	const hash = createHash('sha256').update(String(process.getuid?.()));
	for (const directory of INGREDIENTS) {
		for (const name of readdirSync(directory).sort()) {
			// the command around the generator changes no data
			if (/\.(sql|ts)$/.test(name) && name !== 'large.ts') {
				hash.update(name).update(readFileSync(new URL(name, directory)));
			}
		}
	}
	return hash.digest('hex').slice(0, 16);
}
