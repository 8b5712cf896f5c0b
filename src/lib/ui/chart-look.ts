/** How charts look: colours of the theme as canvas understands them, and marks beside colour. */
import type { ChartDataset } from 'chart.js';

export type ChartKind = 'bar' | 'line';
export type ChartSeries = {
	name: string;
	values: readonly (number | null)[];
	/** stands back: what the others are compared with */
	faint?: boolean;
};

export type ChartLook = { series: readonly string[]; text: string; grid: string; surface: string };

const tokens = ['--accent-text', '--warning-text', '--success-text', '--info-text'];

/** Canvas knows no CSS variables: a probe in the page resolves them, light-dark() included. */
export function lookOf(element: HTMLElement): ChartLook {
	const probe = document.createElement('span');
	probe.hidden = true;
	element.append(probe);
	const resolve = (token: string) => {
		probe.style.color = `var(${token})`;
		return getComputedStyle(probe).color;
	};
	const look = {
		series: tokens.map(resolve),
		text: resolve('--text-muted'),
		grid: resolve('--border'),
		surface: resolve('--surface')
	};
	probe.remove();
	return look;
}

/** Slanted strokes, so that bars differ for those who do not tell the colours apart. */
function hatched(color: string, surface: string): CanvasPattern | string {
	const tile = document.createElement('canvas');
	tile.width = tile.height = 8;
	const pen = tile.getContext('2d');
	if (!pen) return color;
	pen.fillStyle = surface;
	pen.fillRect(0, 0, 8, 8);
	pen.strokeStyle = color;
	pen.lineWidth = 2;
	for (const offset of [-4, 0, 4, 8]) {
		pen.moveTo(offset - 4, 8);
		pen.lineTo(offset + 8, -4);
	}
	pen.stroke();
	return pen.createPattern(tile, 'repeat') ?? color;
}

const points = ['circle', 'rect', 'triangle', 'rectRot'] as const;

/** What changes of a dataset when its figures or the theme do. */
export function datasetOf(
	kind: ChartKind,
	series: ChartSeries,
	index: number,
	look: ChartLook
): ChartDataset<ChartKind, (number | null)[]> {
	const color = look.series[index % look.series.length] ?? look.text;
	const base = { label: series.name, data: [...series.values], borderColor: color };
	if (kind === 'line') {
		return {
			...base,
			borderWidth: series.faint ? 1.5 : 2,
			borderDash: series.faint ? [2, 4] : index % 2 === 1 ? [8, 4] : [],
			pointStyle: points[index % points.length] ?? 'circle',
			pointRadius: series.values.length > 40 || series.faint ? 0 : 3,
			pointHitRadius: 12,
			backgroundColor: color,
			tension: 0.25,
			cubicInterpolationMode: 'monotone'
		};
	}
	const filled = index % 2 === 0 && !series.faint;
	return {
		...base,
		borderWidth: 1,
		borderRadius: 3,
		maxBarThickness: 44,
		backgroundColor: series.faint ? 'transparent' : filled ? color : hatched(color, look.surface)
	};
}
