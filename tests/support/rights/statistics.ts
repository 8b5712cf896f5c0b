import type { RightsTopic } from './rights.ts';

export const statisticsRights: RightsTopic = {
	calls: [
		{
			name: 'order_report',
			needs: 'statistics.read',
			statement: `select * from public.order_report('{}')`
		},
		{
			name: 'stage_report',
			needs: 'statistics.read',
			statement: 'select * from public.stage_report()'
		},
		{
			name: 'money_report',
			needs: 'reports.money|campaigns.money',
			statement: `select * from public.money_report('{}')`
		},
		{
			name: 'funnel_report',
			needs: 'statistics.read',
			statement: `select * from public.funnel_report('{}')`
		},
		{
			name: 'refusal_report',
			needs: 'reports.read',
			statement: 'select * from public.refusal_report()'
		},
		{
			name: 'campaign_report',
			needs: 'everybody',
			statement: 'select * from public.campaign_report()'
		}
	],
	helpers: ['private.day_of'],
	make: async (sql, { location, campaign, colleague }) => {
		await sql`insert into private.stat_deltas (cut, day, location_id, type, campaign_id, master_id, created, done)
			values ('campaign', '2026-03-01', ${location as number}, 'repair', ${campaign as number}, null, 1, 1),
				('master', '2026-03-01', ${location as number}, 'repair', null, ${colleague as string}, 0, 1)`;
		await sql`insert into private.money_deltas (cut, day, location_id, campaign_id, payments, revenue)
			values ('campaign', '2026-03-01', ${location as number}, ${campaign as number}, 1, 100)`;
		return {};
	},
	attempts: `
order_stats | select | statistics.read | select * from public.order_stats
master_stats | select | statistics.read | select * from public.master_stats
revenue_by_day | select | reports.money|campaigns.money | select * from public.revenue_by_day
campaign_stats | select | statistics.read | select * from public.campaign_stats
`
};
