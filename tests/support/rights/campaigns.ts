import type { RightsTopic } from './rights.ts';

export const campaignsRights: RightsTopic = {
	calls: [
		{
			name: 'import_campaign_spend',
			needs: 'campaigns.manage',
			statement: `select public.import_campaign_spend(:campaign, '[{"day": "2026-03-05", "amount": 1}]', false)`
		}
	],
	helpers: ['private.campaign_names', 'private.manages_campaign'],
	make: async (sql) => {
		const [campaign] = await sql`
			insert into public.campaigns (name, channel, budget) values ('Spring', 'search', 5000) returning id`;
		const [spend] = await sql`insert into public.campaign_spend (campaign_id, day, amount)
			values (${campaign?.id}, '2026-03-01', 100) returning id`;
		return { campaign: campaign?.id, spend: spend?.id };
	},
	attempts: `
campaigns | select | campaigns.read | select * from public.campaigns where id = :campaign
campaigns | insert | campaigns.manage campaigns.read | insert into public.campaigns (name, budget) values ('New', 1) returning id
campaigns | update | campaigns.manage campaigns.read | update public.campaigns set budget = 1, archived_at = now() where id = :campaign returning id
campaigns | delete | nobody | delete from public.campaigns where id = :campaign returning id
campaign_spend | select | campaigns.read | select * from public.campaign_spend where id = :spend
campaign_spend | insert | campaigns.manage campaigns.read | insert into public.campaign_spend (campaign_id, day, amount) values (:campaign, '2026-03-02', 5) returning id
campaign_spend | update | campaigns.manage campaigns.read | update public.campaign_spend set amount = 5 where id = :spend returning id
campaign_spend | delete | campaigns.manage campaigns.read | delete from public.campaign_spend where id = :spend returning id
campaign_names | select | employee | select * from public.campaign_names where id = :campaign
`
};
