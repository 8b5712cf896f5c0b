/** Statements of suite `sql`: statistics, tables as row-level security shows them, calls that write. */
import { at, json, text, uuid, type Person, type SqlCase } from './sql-case.ts';
import type { Sample } from './sql-sample.ts';

const STATISTICS = 50;

export function statisticsCases({ masters }: Sample): SqlCase[] {
	const figures = (name: string, sql: (run: number) => string): SqlCase => ({
		name,
		who: 'manager',
		budget: STATISTICS,
		sql
	});
	const days = (ago: number) => `current_date - ${ago}`;
	const month = (run: number) => `day between ${days(60 + run)} and ${days(30 + run)}`;
	const report = (name: string, filters: (run: number) => string) =>
		figures(`order_report, ${name}`, (run) => `select * from public.order_report(${filters(run)})`);
	const since = (ago: number, rest: string) =>
		`jsonb_build_object('from', ${days(ago)}, 'to', ${days(0)}${rest})`;
	return [
		report('month by day', (run) => since(30 + run, `, 'by', 'day'`)),
		report('year by month', () => since(365, `, 'by', 'month'`)),
		report('year by master', () => since(365, `, 'by', 'master'`)),
		report('year by campaign', () => since(365, `, 'by', 'campaign'`)),
		report('month by service', (run) => since(30 + run, `, 'by', 'service'`)),
		report('quarter of one master', (run) =>
			since(90, `, 'by', 'day', 'master', ${text(at(masters, run))}`)
		),
		// two of campaign, master and service at once: no sum answers these
		report('year by master of a campaign', (run) =>
			since(365, `, 'by', 'master', 'campaign', ${1 + (run % 5)}`)
		),
		report('year by service of a master', (run) =>
			since(365, `, 'by', 'service', 'master', ${text(at(masters, run))}`)
		),
		report('year by day of a campaign and a service', (run) =>
			since(365, `, 'by', 'day', 'campaign', ${1 + (run % 5)}, 'service', ${1 + (run % 17)}`)
		),
		report('month by master of a campaign', (run) =>
			since(30, `, 'by', 'master', 'campaign', ${1 + (run % 5)}`)
		),
		figures(
			'money_report, year by week',
			() => `select * from public.money_report(${since(365, `, 'by', 'week'`)})`
		),
		figures(
			'funnel_report, month',
			(run) => `select * from public.funnel_report(${since(30 + run, '')})`
		),
		figures(
			'stage_report, month',
			(run) => `select * from public.stage_report(${days(30 + run)}, ${days(0)})`
		),
		figures(
			'refusal_report, month',
			(run) => `select * from public.refusal_report(${days(30 + run)}, ${days(0)})`
		),
		figures(
			'campaign_report, month',
			(run) => `select * from public.campaign_report(${days(30 + run)}, ${days(0)})`
		),
		figures('campaign_stats, ever', () => 'select * from public.campaign_stats'),
		figures('order_stats, month', (run) => `select * from public.order_stats where ${month(run)}`),
		figures(
			'master_stats, month',
			(run) => `select * from public.master_stats where ${month(run)}`
		),
		figures(
			'revenue_by_day, month',
			(run) => `select * from public.revenue_by_day where ${month(run)}`
		)
	];
}

/** Tables as the Data API reads them: row-level security decides. */
export function tableCases({ orders, clients }: Sample): SqlCase[] {
	const rows = (name: string, who: Person, sql: (run: number) => string): SqlCase => ({
		name: `table ${name}`,
		who,
		budget: null,
		sql
	});
	const of = (table: string) => (run: number) =>
		`select * from public.${table} where order_id = ${at(orders, run)}`;
	return [
		rows(
			'orders, one',
			'coordinator2',
			(run) => `select * from public.orders where id = ${at(orders, run)}`
		),
		rows(
			'orders, newest 50',
			'coordinator2',
			() => 'select * from public.orders order by id desc limit 50'
		),
		rows(
			'orders, newest 50 of a master',
			'master',
			() => 'select * from public.orders order by id desc limit 50'
		),
		rows('order_events of an order', 'coordinator', of('order_events')),
		rows('order_lines of an order', 'coordinator', of('order_lines')),
		rows('payments of an order', 'coordinator', of('payments')),
		rows('invoices of an order', 'coordinator', of('invoices')),
		rows(
			'interactions of a client',
			'operator',
			(run) => `select * from public.interactions where client_id = ${at(clients, run)}`
		),
		rows(
			'clients, by name',
			'operator',
			() => 'select * from public.clients order by full_name, id limit 50'
		),
		rows(
			'leads, newest converted',
			'operator',
			() =>
				`select * from public.leads where status = 'converted' order by created_at desc, id desc limit 50`
		)
	];
}

/** Calls that write; the suite rolls them back. */
export function writeCases({ open, stages, masters }: Sample): SqlCase[] {
	const write = (name: string, sql: (run: number) => string): SqlCase => ({
		name,
		who: 'coordinator',
		budget: null,
		sql
	});
	return [
		write('move_order', (run) => {
			const order = at(open, run);
			return `select public.move_order(${order.id}, ${stages.waiting}, null, null, ${order.version}, ${uuid(run)})`;
		}),
		write('assign_order', (run) => {
			const order = at(open, run);
			return `select public.assign_order(${order.id}, ${text(at(masters, run))}, ${order.version}, ${uuid(run)})`;
		}),
		write('create_order', (run) => {
			const payload = {
				phone: `+38044${1_000_000 + run}`,
				first_name: 'Оксана',
				last_name: 'Вимірна',
				asset: { kind: 'Гитара', brand: 'Cort', model: 'X-1', serial: `B${run}` },
				problem: 'Не строит',
				location_id: 1,
				lines: [{ title: 'Отстройка', unit_price: 700 }]
			};
			return `select public.create_order(${json(payload)}, ${uuid(run)})`;
		})
	];
}
