/** The measured stack in a process of its own, so that its CPU and memory are its own too. */
import { readdirSync, readFileSync } from 'node:fs';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { answerQuestions } from './child.ts';

let stack: TestStack | undefined;

export type StackAnswer = { url: string; publishableKey: string; dbUrl: string };
export type UsageAnswer = { cpuSeconds: number; postgresCpuSeconds: number; memoryMb: number };

answerQuestions(async (question: 'start' | 'usage' | 'restart_realtime' | 'stop') => {
	if (question === 'start') {
		stack = await startTestStack('demo');
		return { url: stack.url, publishableKey: stack.keys.publishable, dbUrl: stack.dbUrl };
	}
	if (question === 'usage') return usage();
	if (question === 'restart_realtime') return stack?.restartRealtime();
	await stack?.dispose();
	stack = undefined;
});
process.once('disconnect', () => void stack?.dispose().then(() => process.exit(0)));

function usage(): UsageAnswer {
	const { user, system } = process.cpuUsage();
	return {
		cpuSeconds: (user + system) / 1e6,
		postgresCpuSeconds: stack ? cpuOfFamily(stack.postgresPid()) : 0,
		memoryMb: Math.round(process.memoryUsage().rss / 1e6)
	};
}

/** CPU seconds of the postmaster and its children, from /proc; 0 where there is no /proc. */
function cpuOfFamily(parent: number): number {
	let ticks = 0;
	try {
		for (const entry of readdirSync('/proc')) {
			if (!/^\d+$/.test(entry)) continue;
			ticks += ticksOf(entry, parent);
		}
	} catch {
		return 0;
	}
	return ticks / 100;
}

function ticksOf(pid: string, parent: number): number {
	try {
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
		const family = Number(pid) === parent || Number(fields[1]) === parent;
		return family ? Number(fields[11]) + Number(fields[12]) : 0;
	} catch {
		// the process ended while we read
		return 0;
	}
}
