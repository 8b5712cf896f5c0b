import { makeClient } from '../database.ts';
import type { RightsTopic } from './rights.ts';

export const clientsRights: RightsTopic = {
	calls: [
		{
			name: 'duplicate_clients',
			needs: 'clients.read',
			statement: 'select * from public.duplicate_clients(:client)'
		},
		{
			name: 'find_client_by_phone',
			needs: 'clients.read',
			statement: `select public.find_client_by_phone('+380991112233')`
		},
		{
			name: 'merge_clients',
			needs: 'clients.merge',
			statement: 'select public.merge_clients(:client, :second_client, gen_random_uuid())'
		},
		{
			name: 'search',
			needs: 'clients.read|orders.read|orders.work',
			statement: `select * from public.search('Nika')`
		},
		{
			name: 'set_blacklist',
			needs: 'clients.blacklist',
			statement: `select public.set_blacklist(:client, true, 'Rude')`
		},
		{
			name: 'undo_merge',
			needs: 'clients.merge',
			statement: 'select public.undo_merge(1)'
		}
	],
	helpers: ['private.clients_at_hand', 'private.my_client', 'private.my_order_clients'],
	make: async (sql) => {
		const client = await makeClient(sql);
		const second_client = await makeClient(sql);
		await sql`insert into public.client_blacklist (client_id, reason) values (${second_client}, 'Rude')`;
		const [phone] = await sql`select id from public.client_phones where client_id = ${client}`;
		return { client, second_client, phone: phone?.id };
	},
	attempts: `
clients | select | clients.read | select * from public.clients where id = :client
clients | insert | clients.create clients.read | insert into public.clients (first_name) values ('New') returning id
clients | update | clients.update clients.read | update public.clients set first_name = 'New' where id = :client returning id
clients | delete | nobody | delete from public.clients where id = :client returning id
client_phones | select | clients.read | select * from public.client_phones where id = :phone
client_phones | insert | clients.create clients.read | insert into public.client_phones (client_id, phone) values (:client, '+380991112233') returning id
client_phones | update | clients.update clients.read | update public.client_phones set phone = '+380991112233' where id = :phone returning id
client_phones | delete | clients.update clients.read | delete from public.client_phones where id = :phone returning id
client_blacklist | select | clients.read | select * from public.client_blacklist where client_id = :second_client
client_blacklist | insert | nobody | insert into public.client_blacklist (client_id, reason) values (:client, 'New') returning client_id
client_blacklist | update | nobody | update public.client_blacklist set reason = 'New' where client_id = :second_client returning client_id
client_blacklist | delete | nobody | delete from public.client_blacklist where client_id = :second_client returning client_id
my_order_clients | select | nobody | select * from public.my_order_clients where client_id = :client
`
};
