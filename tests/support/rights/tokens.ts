import type { RightsTopic } from './rights.ts';

export const tokensRights: RightsTopic = {
	calls: [
		{
			name: 'create_api_token',
			needs: 'tokens.manage',
			statement: `select public.create_api_token('New', '{leads.create}')`
		},
		{
			name: 'revoke_api_token',
			needs: 'tokens.manage',
			statement: 'select public.revoke_api_token(:token)'
		}
	],
	make: async (sql) => {
		const [token] = await sql`insert into public.api_tokens (name, prefix, hash, scopes)
			values ('Site', 'vk_12345', sha256('x'), '{leads.create}') returning id`;
		return { token: token?.id };
	},
	attempts: `
api_tokens | select | tokens.manage | select * from public.api_tokens where id = :token
api_tokens | insert | nobody | insert into public.api_tokens (name, prefix, hash, scopes) values ('New', 'vk_12345', sha256('y'), '{leads.create}') returning id
api_tokens | update | nobody | update public.api_tokens set revoked_at = now() where id = :token returning id
api_tokens | delete | nobody | delete from public.api_tokens where id = :token returning id
`
};
