/** p50, p95 and p99 of measured times, in the unit given; NaN-free: nothing measured is null. */
export function percentiles(times: number[]): Record<'p50' | 'p95' | 'p99', number | null> {
	const sorted = Float64Array.from(times).sort();
	const at = (share: number) => {
		const value = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
		return value === undefined ? null : Math.round(value * 100) / 100;
	};
	return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Milliseconds on the machine's monotonic clock, comparable between processes. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;
