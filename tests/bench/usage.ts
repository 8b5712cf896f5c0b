/** What the asking process has used up to now. */
export type UsageAnswer = { cpuSeconds: number; rssBytes: number; usedBytes: number };

/** Memory is what stays after a collection, where the process was started with --expose-gc. */
export function usage(): UsageAnswer {
	global.gc?.();
	const { user, system } = process.cpuUsage();
	const { rss, heapUsed, external } = process.memoryUsage();
	return { cpuSeconds: (user + system) / 1e6, rssBytes: rss, usedBytes: heapUsed + external };
}
