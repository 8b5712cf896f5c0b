/** Processor time and memory of one process, from /proc; null where there is none. */
import { readFileSync } from 'node:fs';

export type Usage = { cpuMs: number; memoryMb: number };

const MS_PER_TICK = 10;

export function usageOf(pid: number): Usage | null {
	try {
		// the name in parentheses may hold spaces
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
		const memory = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
		return {
			cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK,
			memoryMb: Number(memory ?? 0) / 1024
		};
	} catch {
		return null;
	}
}
