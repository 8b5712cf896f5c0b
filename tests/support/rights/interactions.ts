import type { RightsTopic } from './rights.ts';

export const interactionsRights: RightsTopic = {
	make: async (sql, { client }) => {
		const [interaction] = await sql`insert into public.interactions (client_id, body)
			values (${client as number}, 'Prefers to be called after six') returning id`;
		return { interaction: interaction?.id };
	},
	/* who wrote a note corrects it: tests/database/interactions.test.ts; here it is somebody else's */
	attempts: `
interactions | select | clients.read | select * from public.interactions where id = :interaction
interactions | insert | clients.update clients.read | insert into public.interactions (client_id, kind, direction, body) values (:client, 'call', 'in', 'Asked when') returning id
interactions | update | nobody | update public.interactions set body = 'New' where id = :interaction returning id
interactions | delete | nobody | delete from public.interactions where id = :interaction returning id
`
};
