/** Makes the demo company as large as a network is after years, by SQL in minutes: for benchmarks and tests of plans. */
import { readdirSync, readFileSync } from 'node:fs';
import postgres from 'postgres';

export const SIZES = { small: 10_000, medium: 100_000, large: 1_000_000 } as const;

const GROW = new URL('grow/', import.meta.url);

/**
 * Adds orders, one client for five of them, and all that belongs to them, to a database that holds the
 * demo company. One transaction; other writers wait.
 * @param ownerUrl address of the database as its owner `postgres`
 * @param say is told each step and its seconds
 */
export async function growCompany(
	ownerUrl: string,
	orders: number,
	say: (step: string) => void = () => {}
): Promise<void> {
	const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
	try {
		await sql.begin(async (tx) => {
			await tx`select set_config('verstak.orders', ${String(orders)}, true)`;
			for (const file of readdirSync(GROW).sort()) {
				const began = performance.now();
				await tx.unsafe(readFileSync(new URL(file, GROW), 'utf8')).simple();
				say(`${file} ${((performance.now() - began) / 1000).toFixed(1)} s`);
			}
		});
		await sql`vacuum (analyze)`;
	} finally {
		await sql.end();
	}
}
