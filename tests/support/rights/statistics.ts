import type { RightsTopic } from './rights.ts';

export const statisticsRights: RightsTopic = {
	calls: ['campaign_report', 'order_report', 'stage_report', 'refusal_report'],
	helpers: ['private.day_of'],
	attempts: ''
};
