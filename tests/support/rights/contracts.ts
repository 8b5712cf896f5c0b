import type { RightsTopic } from './rights.ts';

export const contractsRights: RightsTopic = {
	calls: [
		{
			name: 'cancel_contract',
			needs: 'contracts.manage contracts.read',
			statement: `select public.cancel_contract(:contract, 'Changed his mind')`
		},
		{
			name: 'close_contract',
			needs: 'contracts.manage contracts.read',
			statement: 'select public.close_contract(:contract)'
		},
		{
			name: 'sign_contract',
			needs: 'contracts.manage contracts.read',
			statement: 'select public.sign_contract(:contract)'
		}
	],
	helpers: ['private.signed_contract_counts'],
	make: async (sql, { service, client }) => {
		const [contract] =
			await sql`insert into public.contracts (service_id, client_id, amount, ends_on)
			values (${service as number}, ${client as number}, 900, current_date + 30) returning id`;
		await sql`insert into public.contracts (service_id, client_id, amount, ends_on, state, signed_at)
			values (${service as number}, ${client as number}, 800, current_date + 30, 'signed', now())`;
		return { contract: contract?.id };
	},
	attempts: `
service_contract_counts | select | statistics.read | select * from public.service_contract_counts
contracts | select | contracts.read | select * from public.contracts where id = :contract
contracts | insert | contracts.manage contracts.read | insert into public.contracts (service_id, client_id, amount, ends_on) values (:service, :client, 5, current_date + 1) returning id
contracts | update | contracts.manage contracts.read | update public.contracts set amount = 5 where id = :contract returning id
contracts | delete | contracts.manage contracts.read | delete from public.contracts where id = :contract returning id
`
};
