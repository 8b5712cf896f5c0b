// thirty people write at once, and every double click is one: no deadlock, no error but words of ours
import { randomUUID } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomOf } from '../realtime/audience-chance.ts';
import { changes } from '../realtime/audience-changes.ts';
import { startCompany, type Company } from '../realtime/audience-company.ts';
import { makeOrder, openShift, stageOf } from '../support/database.ts';
import { setTotal } from '../support/money.ts';
import { makeLead } from '../support/marketing.ts';

/** CROWD_SECONDS=60 lets them write long. */
const SECONDS = Number(process.env.CROWD_SECONDS ?? 6);
const WRITERS = 30;

let company: Company;
beforeAll(async () => {
	company = await startCompany();
});
afterAll(() => company?.stop());

it(
	'thirty mixed writers never fail each other',
	async () => {
		const end = Date.now() + SECONDS * 1000;
		const done = new Map<string, number>();
		const wrong = new Map<string, number>();
		const names = Object.keys(changes);
		const write = async (seed: number) => {
			const random = randomOf(seed);
			while (Date.now() < end) {
				const name = random.pick(names);
				try {
					await changes[name]?.(company, random);
					done.set(name, (done.get(name) ?? 0) + 1);
				} catch (error) {
					const { code, message } = error as { code?: string; message: string };
					if (code?.startsWith('VK')) continue;
					const key = `${name}: ${code} ${message}`;
					wrong.set(key, (wrong.get(key) ?? 0) + 1);
				}
			}
		};
		await Promise.all(Array.from({ length: WRITERS }, (_, seed) => write(seed + 1)));
		console.log(
			`crowd: ${[...done.values()].reduce((sum, each) => sum + each, 0)} writes in ${SECONDS} s`
		);
		expect(Object.fromEntries(wrong)).toEqual({});
		expect(done.size).toBeGreaterThan(names.length / 2);
	},
	(SECONDS + 60) * 1000
);

describe('a call that comes five times at once', () => {
	const boss = () => company.staff.manager[0] as string;
	const order = async (kind: Parameters<typeof stageOf>[1] = 'unassigned', master?: string) =>
		makeOrder(company.sql, {
			location: company.locations[0] as number,
			stage: await stageOf(company.sql, kind),
			master
		});
	const idle = async () => {
		const { sql, locations } = company;
		const { makeEmployee } = await import('../support/database.ts');
		const master = await makeEmployee(sql, 'master', { location: locations[0], capacity: 9 });
		await openShift(sql, master);
		return master;
	};
	const billed = async () => {
		const { id } = await order('done');
		await setTotal(company.sql, id, 500);
		return id;
	};
	const invoice = async () => {
		const id = await billed();
		const [row] = await company.commitAs(
			boss(),
			(tx) => tx`select public.issue_invoice(${id}, ${randomUUID()}) as i`
		);
		return row?.i.id as number;
	};
	type Prepared = { who?: string; run: (tx: TransactionSql, mutation: string) => Promise<unknown> };
	const calls: Record<string, () => Promise<Prepared>> = {
		create_order: async () => ({
			run: (tx, m) =>
				tx`select public.create_order(${JSON.stringify({ phone: '+380639998877', first_name: 'N', problem: 'P', location_id: company.locations[0] })}::text::jsonb, ${m})::text as a`
		}),
		move_order: async () => {
			const { id, version } = await order();
			const to = await stageOf(company.sql, 'waiting');
			return {
				run: (tx, m) =>
					tx`select public.move_order(${id}, ${to}, null, null, ${version}, ${m})::text as a`
			};
		},
		assign_order: async () => {
			const [{ id, version }, master] = [await order(), await idle()];
			return {
				run: (tx, m) =>
					tx`select public.assign_order(${id}, ${master}, ${version}, ${m})::text as a`
			};
		},
		edit_order: async () => {
			const { id, priority } = await order();
			return {
				run: (tx, m) =>
					tx`select public.edit_order(${id}, '{"priority": 2}', ${JSON.stringify({ priority })}::text::jsonb, ${m})::text as a`
			};
		},
		undo_move: async () => {
			const { id, version } = await order();
			const earlier = randomUUID();
			const to = await stageOf(company.sql, 'waiting');
			await company.commitAs(
				boss(),
				(tx) => tx`select public.move_order(${id}, ${to}, null, null, ${version}, ${earlier})`
			);
			return { run: (tx, m) => tx`select public.undo_move(${id}, ${m}, ${earlier})::text as a` };
		},
		'respond_to_assignment, no': async () => {
			const who = await idle();
			const { id } = await order('assigned', who);
			return {
				who,
				run: (tx, m) =>
					tx`select public.respond_to_assignment(${id}, false, 'Ill', ${m})::text as a`
			};
		},
		'respond_to_assignment, yes': async () => {
			const who = await idle();
			const { id } = await order('assigned', who);
			return {
				who,
				run: (tx, m) => tx`select public.respond_to_assignment(${id}, true, null, ${m})::text as a`
			};
		},
		finish_order: async () => {
			const who = await idle();
			const { id, version } = await order('in_progress', who);
			return {
				who,
				run: (tx, m) => tx`select public.finish_order(${id}, 'Done', ${version}, ${m})::text as a`
			};
		},
		bulk_move: async () => {
			const items = [await order(), await order()].map(({ id, version }) => ({
				order_id: id,
				seen_version: version
			}));
			const to = await stageOf(company.sql, 'waiting');
			return {
				run: (tx, m) =>
					tx`select public.bulk_move(${JSON.stringify(items)}::text::jsonb, ${to}, ${m})::text as a`
			};
		},
		bulk_assign: async () => {
			const items = [await order(), await order()].map(({ id, version }) => ({
				order_id: id,
				seen_version: version
			}));
			const master = await idle();
			return {
				run: (tx, m) =>
					tx`select public.bulk_assign(${JSON.stringify(items)}::text::jsonb, ${master}, ${m})::text as a`
			};
		},
		issue_invoice: async () => {
			const id = await billed();
			return { run: (tx, m) => tx`select public.issue_invoice(${id}, ${m})::text as a` };
		},
		issue_contract_invoice: async () => {
			const [row] =
				await company.sql`insert into public.contracts (service_id, client_id, amount, ends_on, state, signed_at)
				values (${company.services[0] as number}, ${company.clients[0] as number}, 700, current_date + 9, 'signed', now()) returning id`;
			return {
				run: (tx, m) => tx`select public.issue_contract_invoice(${row?.id}, ${m})::text as a`
			};
		},
		record_payment: async () => {
			const id = await invoice();
			return {
				run: (tx, m) => tx`select public.record_payment(${id}, 100, 'cash', ${m})::text as a`
			};
		},
		refund_payment: async () => {
			const id = await invoice();
			const [row] = await company.commitAs(
				boss(),
				(tx) => tx`select public.record_payment(${id}, 100, 'cash', ${randomUUID()}) as p`
			);
			return {
				run: (tx, m) =>
					tx`select public.refund_payment(${row?.p.payment.id}, 10, 'Sorry', ${m})::text as a`
			};
		},
		convert_lead: async () => {
			const id = await makeLead(company.sql, {
				phone: `+38067${Date.now() % 10_000_000}`,
				location: company.locations[0]
			});
			return {
				run: (tx, m) =>
					tx`select public.convert_lead(${id}, '{"order": {"problem": "P"}}', ${m})::text as a`
			};
		},
		merge_clients: async () => {
			const [row] =
				await company.sql`insert into public.clients (first_name) values ('Twin') returning id`;
			return {
				run: (tx, m) =>
					tx`select public.merge_clients(${company.clients[0] as number}, ${row?.id}, ${m})::text as a`
			};
		}
	};

	it.each(Object.keys(calls))('%s has one effect and one answer', async (name) => {
		const { who = boss(), run } = (await calls[name]?.()) as Prepared;
		const mutation = randomUUID();
		const effects = async () =>
			Number(
				(
					await company.sql`select (select count(*) from public.order_events) + (select count(*) from public.invoices)
			+ (select count(*) from public.payments) + (select count(*) from public.orders) + (select count(*) from public.interactions) as n`
				)[0]?.n
			);
		const answers = await Promise.all(
			Array.from({ length: 5 }, () =>
				company
					.commitAs(who, (tx) => run(tx, mutation))
					.then((rows) => (rows as { a: string }[])[0]?.a)
			)
		);
		expect(new Set(answers).size, answers.join('\n')).toBe(1);
		const after = await effects();
		const again = (await company.commitAs(who, (tx) => run(tx, mutation))) as { a: string }[];
		expect(again[0]?.a).toBe(answers[0]);
		expect(await effects()).toBe(after);
	});
});
