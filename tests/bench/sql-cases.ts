/** What suite `sql` measures: statements as the API sends them, with values that change from run to run. */
import { at, json, text, type Person, type SqlCase } from './sql-case.ts';
import { statisticsCases, tableCases, writeCases } from './sql-figures.ts';
import type { Sample } from './sql-sample.ts';

const SEARCH = 30;
const PAGE = 50;

export function sqlCases(sample: Sample): SqlCase[] {
	return [
		...boardCases(sample),
		...listCases(sample),
		...searchCases(sample),
		...statisticsCases(sample),
		...tableCases(sample),
		...writeCases(sample)
	];
}

function boardCases({ known, stages }: Sample): SqlCase[] {
	const board = (name: string, who: Person, sql: string): SqlCase => ({
		name,
		who,
		budget: null,
		sql: () => sql
	});
	return [
		board('board_snapshot, all locations', 'coordinator', 'select public.board_snapshot()'),
		board('board_snapshot, one location', 'coordinator2', 'select public.board_snapshot()'),
		board('board_snapshot, own orders', 'master', 'select public.board_snapshot()'),
		board(
			'board_changes, nothing new',
			'coordinator',
			`select public.board_changes(${text(known)}::jsonb)`
		),
		board(
			'board_more, closed',
			'coordinator',
			`select public.board_more(${stages.closed}, now() - interval '200 days', 200000)`
		)
	];
}

function listCases(sample: Sample): SqlCase[] {
	const { stages, clients, masters, names, phones } = sample;
	const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
	const filters: Record<string, (run: number) => Record<string, unknown>> = {
		'no filter': () => ({}),
		stage_ids: () => ({ stage_ids: [stages.closed] }),
		'stage_ids, refused': () => ({ stage_ids: [stages.refused] }),
		kinds: () => ({ kinds: ['waiting', 'done'] }),
		types: () => ({ types: ['diagnostics'] }),
		master_ids: (run) => ({ master_ids: [at(masters, run)] }),
		payment_states: () => ({ payment_states: ['paid'] }),
		'payment_states, part': () => ({ payment_states: ['part'] }),
		priorities: () => ({ priorities: [2] }),
		service_ids: () => ({ service_ids: [2] }),
		campaign_ids: () => ({ campaign_ids: [5] }),
		client_id: (run) => ({ client_id: at(clients, run) }),
		location_id: () => ({ location_id: 1 }),
		'client, name': (run) => ({ client: at(names, run) }),
		'client, phone': (run) => ({ client: at(phones, run).slice(-7) }),
		instrument: () => ({ instrument: 'Fender D-28' }),
		'instrument, serial': (run) => ({ instrument: at(sample.serials, run) }),
		'created, a month': (run) => ({ created_from: day(60 + run), created_to: day(30 + run) }),
		'promised, a week': (run) => ({
			promised_from: day(27 + run),
			promised_to: day(20 + run),
			sort: 'promised'
		}),
		unassigned: () => ({ unassigned: true }),
		overdue: () => ({ overdue: true }),
		'stage, master, month': (run) => ({
			stage_ids: [stages.closed],
			master_ids: [at(masters, run)],
			created_from: day(90),
			created_to: day(60)
		})
	};
	const list = (name: string, who: Person, filter: (run: number) => unknown): SqlCase => ({
		name: `find_orders, ${name}`,
		who,
		budget: PAGE,
		sql: (run) => `select public.find_orders(${json(filter(run))})`
	});
	return [
		...Object.entries(filters).map(([name, filter]) => list(name, 'coordinator', filter)),
		list('mine', 'master', () => ({ mine: true })),
		list('one location', 'coordinator2', () => ({}))
	];
}

function searchCases({ phones, names, orders, serials }: Sample): SqlCase[] {
	const search = (name: string, who: Person, words: (run: number) => string): SqlCase => ({
		name: `search, ${name}`,
		who,
		budget: SEARCH,
		sql: (run) => `select * from public.search(${text(words(run))})`
	});
	const streets = ['Городоцька 12', 'Саксаганського 40 кв 7', 'Ярославів Вал 90', 'Дорошенка 3'];
	return [
		search('whole phone', 'operator', (run) => at(phones, run)),
		search('seven digits of a phone', 'operator', (run) => at(phones, run).slice(-7)),
		search('four digits', 'operator', (run) => at(phones, run).slice(-4)),
		search('surname', 'operator', (run) => at(names, run)),
		search('beginning of a surname', 'operator', (run) => at(names, run).slice(0, 4)),
		search('middle of a surname', 'operator', (run) => at(names, run).slice(2, 7)),
		search('misspelled surname', 'operator', (run) => `${at(names, run).slice(0, -2)}ы`),
		search('name and surname', 'operator', (run) => `Олена ${at(names, run)}`),
		search('number of an order', 'operator', (run) => String(at(orders, run))),
		search('serial', 'operator', (run) => at(serials, run)),
		search('instrument', 'operator', () => 'Скрипка Yamaha'),
		search('address', 'operator', (run) => at(streets, run)),
		search('surname, one location', 'coordinator2', (run) => at(names, run)),
		search('surname, own orders', 'master', (run) => at(names, run)),
		{
			name: 'find_client_by_phone',
			who: 'operator',
			budget: SEARCH,
			sql: (run) => `select public.find_client_by_phone(${text(at(phones, run))})`
		}
	];
}
