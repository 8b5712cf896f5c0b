import type { RightsTopic } from './rights.ts';

export const invitationsRights: RightsTopic = {
	calls: [
		{
			name: 'accept_invitation',
			needs: 'everybody',
			statement: `select public.accept_invitation('of nobody')`
		},
		{
			name: 'invite_employee',
			needs: 'employees.manage',
			statement: `select public.invite_employee('new@example.test', 'operator', null, 'New')`
		},
		{
			name: 'revoke_invitation',
			needs: 'employees.manage',
			statement: 'select public.revoke_invitation(:invitation)'
		}
	],
	make: async (sql) => {
		const [row] = await sql`
			insert into public.invitations (token_hash, email, role, full_name)
			values (sha256(gen_random_uuid()::text::bytea), gen_random_uuid() || '@example.test', 'operator', 'Invited')
			returning id`;
		return { invitation: row?.id };
	},
	attempts: `
invitations | select | employees.manage | select * from public.invitations where id = :invitation
invitations | insert | nobody | insert into public.invitations (token_hash, email, role, full_name) values (sha256('x'), 'x@example.test', 'admin', 'X') returning id
invitations | update | nobody | update public.invitations set role = 'admin' where id = :invitation returning id
invitations | delete | nobody | delete from public.invitations where id = :invitation returning id
`
};
