/** What people do with orders and money all day, at random. */
import { randomUUID } from 'node:crypto';
import { asItsMaster, boss, fresh, json, on, type Change } from './audience-chance.ts';

export const orders: Record<string, Change> = {
	create: (company, random) =>
		company.commitAs(
			boss(company),
			(tx) =>
				tx`select public.create_order(${json({
					location_id: random.pick(company.locations),
					...(random.chance(0.5)
						? { client_id: random.pick(company.clients) }
						: { phone: fresh(), first_name: 'Nova' }),
					problem: 'It buzzes',
					...(random.chance(0.5) && { campaign_id: random.pick(company.campaigns) }),
					...(random.chance(0.5) && {
						lines: [
							{ kind: 'work', title: 'Setup', quantity: 1, unit_price: 100 + random.int(900) }
						]
					}),
					...(random.chance(0.3) && { master_id: random.pick(company.staff.master) })
				})}::text::jsonb, ${randomUUID()})`
		),
	move: on('orders', 'true', async (tx, order, random) => {
		const stages = await tx`select id from public.stages`;
		return tx`select public.move_order(${order.id}, ${random.pick([...stages])?.id}, null, null,
			${order.version}, ${randomUUID()}, 'Because')`;
	}),
	assign: on(
		'orders',
		'true',
		(tx, order, random, { staff }) =>
			tx`select public.assign_order(${order.id}, ${random.chance(0.2) ? null : random.pick(staff.master)}, ${order.version}, ${randomUUID()})`
	),
	edit: on('orders', 'true', (tx, order, random, { locations, clients, campaigns }) => {
		const [field, value] = random.pick<[string, unknown]>([
			['problem', `Changed ${random.int(1000)}`],
			['promised_at', `2027-0${1 + random.int(9)}-01T10:00:00Z`],
			['priority', random.int(3)],
			['location_id', random.pick(locations)],
			['client_id', random.pick(clients)],
			['campaign_id', random.pick(campaigns)]
		]);
		return tx`select public.edit_order(${order.id}, ${json({ [field]: value })}::text::jsonb,
			${json({ [field]: (order as unknown as Record<string, unknown>)[field] ?? null })}::text::jsonb, ${randomUUID()})`;
	}),
	addLine: on(
		'orders',
		'true',
		(tx, order, random) =>
			tx`insert into public.order_lines (order_id, title, unit_price) values (${order.id}, 'Part', ${random.int(500)})`
	),
	removeLine: on(
		'order_lines',
		'true',
		(tx, line) => tx`delete from public.order_lines where id = ${line.id}`
	),
	see: asItsMaster((tx, order) => tx`select public.mark_order_seen(${order.id})`),
	accept: asItsMaster((tx, order) => tx`select public.respond_to_assignment(${order.id}, true)`),
	decline: asItsMaster(
		(tx, order) => tx`select public.respond_to_assignment(${order.id}, false, 'Ill')`
	),
	finish: asItsMaster(
		(tx, order) =>
			tx`select public.finish_order(${order.id}, 'Done', ${order.version}, ${randomUUID()})`
	)
};

export const money: Record<string, Change> = {
	bill: on(
		'orders',
		'total > 0',
		(tx, order) => tx`select public.issue_invoice(${order.id}, ${randomUUID()})`
	),
	pay: on(
		'invoices',
		`state = 'open'`,
		(tx, invoice, random) =>
			tx`select public.record_payment(${invoice.id}, ${random.chance(0.5) ? invoice.amount : 10}, 'cash', ${randomUUID()})`
	),
	refund: on(
		'payments',
		`kind = 'payment'`,
		(tx, payment) => tx`select public.refund_payment(${payment.id}, 5, 'Sorry', ${randomUUID()})`
	),
	void: on(
		'invoices',
		`state = 'open'`,
		(tx, invoice) => tx`select public.void_invoice(${invoice.id}, 'Wrong')`
	),
	contract: (company, random) =>
		company.commitAs(
			boss(company),
			(
				tx
			) => tx`insert into public.contracts (service_id, client_id, campaign_id, location_id, amount, ends_on)
			values (${random.pick(company.services)}, ${random.pick(company.clients)}, ${random.pick(company.campaigns)}, ${random.pick(company.locations)}, 700, current_date + 9)`
		),
	sign: on(
		'contracts',
		`state = 'draft'`,
		(tx, contract) => tx`select public.sign_contract(${contract.id})`
	),
	billContract: on(
		'contracts',
		`state = 'signed'`,
		(tx, contract) => tx`select public.issue_contract_invoice(${contract.id}, ${randomUUID()})`
	),
	spend: (company, random) =>
		company.commitAs(
			company.staff.marketer[0] as string,
			(tx) => tx`insert into public.campaign_spend (campaign_id, day, amount)
			values (${random.pick(company.campaigns)}, ${`2026-05-${10 + random.int(20)}`}, ${random.int(900)})
			on conflict (campaign_id, day) do update set amount = excluded.amount`
		),
	campaign: on(
		'campaigns',
		'true',
		(tx, campaign, random) =>
			tx`update public.campaigns set name = ${`Renamed ${random.int(1000)}`} where id = ${campaign.id}`,
		({ staff }) => staff.marketer[0] as string
	)
};
