import type { RightsTopic } from './rights.ts';

/* own views are a matter of board.read alone; these attempts are on a colleague's shared one */
export const boardViewsRights: RightsTopic = {
	make: async (sql, { colleague }) => {
		const [view] = await sql`insert into public.board_views (owner_id, name, query, shared)
			values (${String(colleague)}, 'Urgent', 'urgent=1', true) returning id`;
		return { view: view?.id };
	},
	attempts: `
board_views | select | board.read | select * from public.board_views where id = :view
board_views | insert | board.read views.share | insert into public.board_views (name, query, shared) values ('New', 'mine=1', true) returning id
board_views | update | nobody | update public.board_views set name = 'New' where id = :view returning id
board_views | delete | board.read views.share | delete from public.board_views where id = :view returning id
`
};
