import type { RightsTopic } from './rights.ts';

export const auditRights: RightsTopic = {
	calls: [
		{
			name: 'record_export',
			needs: 'data.export',
			statement: `select public.record_export('orders', '{"rows": 3}')`
		}
	],
	helpers: ['private.my_histories'],
	/* change: of the matrix, so read by those who read it */
	make: async (sql) => {
		await sql`select private.audit('data.exported', 'orders')`;
		const [entry] = await sql`select max(id) as id from public.audit_log`;
		const [change] = await sql`
			insert into public.row_changes (table_name, row_id, op) values ('stage_transitions', 'a/b', 'insert')
			returning id`;
		return { entry: entry?.id, change: change?.id };
	},
	attempts: `
audit_log | select | audit.read | select * from public.audit_log where id = :entry
audit_log | insert | nobody | insert into public.audit_log (action) values ('data.exported') returning id
audit_log | update | nobody | update public.audit_log set action = 'row.deleted' where id = :entry returning id
audit_log | delete | nobody | delete from public.audit_log where id = :entry returning id
row_changes | select | roles.read|audit.read | select * from public.row_changes where id = :change
row_changes | insert | nobody | insert into public.row_changes (table_name, row_id, op) values ('clients', '1', 'delete') returning id
row_changes | update | nobody | update public.row_changes set actor_id = null where id = :change returning id
row_changes | delete | nobody | delete from public.row_changes where id = :change returning id
`
};
