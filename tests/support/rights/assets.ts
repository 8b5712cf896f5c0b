import type { RightsTopic } from './rights.ts';

export const assetsRights: RightsTopic = {
	make: async (sql, { client }) => {
		const [asset] = await sql`insert into public.assets (client_id, kind, brand, model, serial)
			values (${client as number}, 'Guitar', 'Gibson', 'SG', 'GS-00417') returning id`;
		return { asset: asset?.id };
	},
	attempts: `
assets | select | clients.read | select * from public.assets where id = :asset
assets | insert | clients.create clients.read | insert into public.assets (client_id, kind) values (:client, 'Violin') returning id
assets | update | clients.update clients.read | update public.assets set model = 'ES-335', archived_at = now() where id = :asset returning id
assets | delete | nobody | delete from public.assets where id = :asset returning id
`
};
