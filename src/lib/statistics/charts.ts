/** The figures as charts: what each is called, its points, and where a point leads. Pure. */
import { m } from '$lib/paraglide/messages.js';
import { make, type ChartModel, type Source } from './chart-model.ts';
import { bucketOf, keysOf } from './period.ts';
import { ordersHref } from './query.ts';
import type { OrderFigures, Reports } from './statistics.ts';

const nameOf = (list: readonly { id: number | string; name: string }[], key: string | null) =>
	list.find(({ id }) => String(id) === key)?.name;

function roi(source: Source): ChartModel {
	const { query, range } = source;
	const points = source.now.campaigns
		.filter((row) => row.roi !== null)
		.map(({ campaign_id, name }) => ({
			key: String(campaign_id),
			label: name,
			href: ordersHref(query, range, { campaign: String(campaign_id) })
		}));
	const of = (reports: Reports, key: string) =>
		reports.campaigns.find((row) => String(row.campaign_id) === key)?.roi ?? null;
	return make(source, points, [{ name: m.statistics_roi(), of }], {
		...{ id: 'roi', part: 'campaigns', title: m.statistics_chart_roi(), kind: 'bar' },
		...{ unit: 'percent', subject: m.statistics_campaign(), hint: m.statistics_chart_roi_hint() },
		horizontal: true
	});
}

function money(source: Source): ChartModel {
	const { query, range, rangeBefore, day } = source;
	const bucket = bucketOf(range);
	const keys = keysOf(range, bucket);
	const past = rangeBefore ? keysOf(rangeBefore, bucket) : [];
	const points = keys.map((key, at) => {
		const next = keys[at + 1];
		const until = next
			? new Date(Date.parse(next) - 86_400_000).toISOString().slice(0, 10)
			: range.to;
		const days = { from: key < range.from ? range.from : key, to: until };
		return { key, label: day(key), href: ordersHref(query, days, {}) };
	});
	const of = (field: 'revenue' | 'spend') => (reports: Reports, key: string, at: number) => {
		const wanted = reports === source.before ? past[at] : key;
		return reports.money.find((row) => row.key === wanted)?.[field] ?? 0;
	};
	const reads = [
		{ name: m.statistics_revenue(), of: of('revenue') },
		{ name: m.statistics_spend(), of: of('spend') }
	];
	return make(source, points, reads, {
		...{ id: 'money', part: 'money', title: m.statistics_chart_money(), unit: 'money' },
		...{ kind: points.length > 2 ? 'line' : 'bar', subject: m.statistics_day() }
	});
}

function funnel(source: Source): ChartModel {
	const href = ordersHref(source.query, source.range, {});
	const points = [
		{ key: 'leads', label: m.statistics_leads() },
		{ key: 'contacted', label: m.statistics_contacted() },
		{ key: 'converted', label: m.statistics_converted() },
		{ key: 'orders', label: m.statistics_orders(), href },
		{ key: 'done', label: m.statistics_done(), href }
	];
	const of = (reports: Reports, key: string) => reports.funnel[key as keyof Reports['funnel']];
	return make(source, points, [{ name: m.statistics_count(), of }], {
		...{ id: 'funnel', part: 'funnel', title: m.statistics_chart_funnel(), kind: 'bar' },
		...{ unit: 'count', subject: m.statistics_step(), horizontal: true }
	});
}

const stagePoints = ({ query, names }: Source, kinds: (kind: string) => boolean) =>
	names.stages
		.filter(({ kind }) => kinds(kind))
		.map(({ id, name }) => {
			// orders stand in a column now, whenever they were taken
			const parameters = new URLSearchParams({ stage: String(id) });
			if (query.location !== null) parameters.set('location', String(query.location));
			return { key: String(id), label: name, href: `/app/orders?${parameters}` };
		});
const ends = (kind: string) => kind === 'closed' || kind === 'refused';
const stageOf = (reports: Reports, key: string) =>
	reports.stages.find(({ stage_id }) => String(stage_id) === key);

function statuses(source: Source): ChartModel {
	const of = (reports: Reports, key: string) => stageOf(reports, key)?.now_there ?? 0;
	const points = stagePoints(source, (kind) => !ends(kind));
	// how many stood there before is not known
	return make({ ...source, before: null }, points, [{ name: m.statistics_orders(), of }], {
		...{ id: 'statuses', part: 'stages', title: m.statistics_chart_statuses(), kind: 'bar' },
		...{ unit: 'count', subject: m.statistics_stage(), hint: m.statistics_chart_statuses_hint() }
	});
}

function times(source: Source): ChartModel {
	const of = (reports: Reports, key: string) => {
		const seconds = stageOf(reports, key)?.seconds ?? null;
		return seconds === null ? null : Math.round(seconds / 36) / 100;
	};
	const points = stagePoints(source, (kind) => !ends(kind));
	return make(source, points, [{ name: m.statistics_average(), of }], {
		...{ id: 'times', part: 'stages', title: m.statistics_chart_times(), kind: 'bar' },
		...{ unit: 'hours', subject: m.statistics_stage(), hint: m.statistics_chart_times_hint() }
	});
}

function work(source: Source, part: 'locations' | 'masters'): ChartModel {
	const { query, range, now, before, names } = source;
	const master = part === 'masters';
	const list: readonly { id: number | string; name: string }[] = names[part];
	const keys = new Set([...now[part], ...(before?.[part] ?? [])].map(({ key }) => key ?? ''));
	const points = [...keys].filter(Boolean).map((key, at) => ({
		key,
		label:
			nameOf(list, key) ?? (master ? m.statistics_master_number({ number: at + 1 }) : `#${key}`),
		href: ordersHref(query, range, { [master ? 'master' : 'location']: key })
	}));
	const of = (field: 'created' | 'done') => (reports: Reports, key: string) =>
		reports[part].find((row: OrderFigures) => row.key === key)?.[field] ?? 0;
	const done = { name: m.statistics_done(), of: of('done') };
	const taken = { name: m.statistics_taken(), of: of('created') };
	return make(source, points, master ? [done] : [taken, done], {
		...{ id: part, part, kind: 'bar', unit: 'count', horizontal: master },
		title: master ? m.statistics_chart_masters() : m.statistics_chart_locations(),
		subject: master ? m.statistics_master() : m.statistics_location()
	});
}

/** All charts a person may see; those of money only with the right to. */
export function chartsOf(source: Source, seesMoney: boolean): ChartModel[] {
	return [
		...(seesMoney ? [roi(source), money(source)] : []),
		funnel(source),
		statuses(source),
		work(source, 'locations'),
		work(source, 'masters'),
		times(source)
	];
}
