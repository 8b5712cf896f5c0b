/** A chart before it is drawn: its points, series, unit, and the same as a table. Pure. */
import { m } from '$lib/paraglide/messages.js';
import type { ChartKind, ChartSeries } from '$lib/ui/chart-look.ts';
import type { Cell, Table } from './csv.ts';
import type { Unit } from './figures.ts';
import type { Range } from './period.ts';
import type { Query } from './query.ts';
import type { Names, Part, Reports } from './statistics.ts';

export const chartIds = [
	'roi',
	'money',
	'funnel',
	'statuses',
	'locations',
	'masters',
	'times'
] as const;
export type ChartId = (typeof chartIds)[number];

export type ChartModel = {
	id: ChartId;
	part: Part;
	title: string;
	/** what the figures count, where the title does not say it */
	hint: string | null;
	kind: ChartKind;
	horizontal: boolean;
	unit: Unit;
	/** what the points are: the head of the table's first column */
	subject: string;
	labels: string[];
	series: ChartSeries[];
	hrefs: (string | null)[];
};

export type Source = {
	now: Reports;
	before: Reports | null;
	range: Range;
	rangeBefore: Range | null;
	query: Query;
	names: Names;
	day: (day: string) => string;
};

/** Points of one line or row of bars, now and, if compared, before. */
export type Point = { key: string; label: string; href?: string | null };
export type Read = {
	name: string;
	of: (reports: Reports, key: string, at: number) => number | null;
};

function seriesOf({ now, before }: Source, points: readonly Point[], reads: readonly Read[]) {
	const values = (reports: Reports, { of }: Read) =>
		points.map(({ key }, at) => of(reports, key, at));
	const series: ChartSeries[] = reads.map((read) => ({
		name: read.name,
		values: values(now, read)
	}));
	if (before) {
		for (const read of reads)
			series.push({
				name: m.statistics_before({ name: read.name }),
				values: values(before, read),
				faint: true
			});
	}
	return series;
}

export function make(
	source: Source,
	points: readonly Point[],
	reads: readonly Read[],
	rest: Omit<ChartModel, 'labels' | 'series' | 'hrefs' | 'hint' | 'horizontal'> &
		Partial<Pick<ChartModel, 'hint' | 'horizontal'>>
): ChartModel {
	return {
		hint: null,
		horizontal: false,
		...rest,
		labels: points.map(({ label }) => label),
		hrefs: points.map(({ href }) => href ?? null),
		series: seriesOf(source, points, reads)
	};
}

/** The chart's figures as a table. */
export const tableOf = ({ subject, labels, series }: ChartModel): Table => ({
	head: [subject, ...series.map(({ name }) => name)],
	rows: labels.map((label, at): Cell[] => [
		label,
		...series.map(({ values }) => values[at] ?? null)
	])
});

/** Nothing to see: no points, or nothing but zeros. */
export const isEmpty = ({ series }: ChartModel) =>
	series.every(({ values }) => values.every((value) => !value));
