import type { RightsTopic } from './rights.ts';

export const catalogueRights: RightsTopic = {
	publicHelpers: [
		'private.public_locations',
		'private.public_promotions',
		'private.public_services'
	],
	make: async (sql) => {
		const words = sql.json({ en: 'Setup', ru: 'Отстройка', uk: 'Відбудова' });
		await sql`insert into public.services (name, public) values (${words}, true)`;
		await sql`insert into public.promotions (title, body, public, starts_on)
			values (${words}, ${words}, true, current_date - 2)`;
		return {};
	},
	attempts: `
public_company | select | anybody | select * from public.public_company
public_locations | select | anybody | select * from public.public_locations
public_promotions | select | anybody | select * from public.public_promotions
public_services | select | anybody | select * from public.public_services
`
};
