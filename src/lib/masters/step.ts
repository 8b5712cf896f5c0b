import type { Step, WorkOrder } from './my-work.ts';

/** A step that needs words first: why, or what was done. */
export interface Asked {
	readonly order: WorkOrder;
	readonly step: Extract<Step, 'decline' | 'wait' | 'done'>;
}
