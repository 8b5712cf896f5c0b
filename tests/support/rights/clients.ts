import { makeClient } from '../database.ts';
import type { RightsTopic } from './rights.ts';

export const clientsRights: RightsTopic = {
	calls: [
		'duplicate_clients',
		'find_client_by_phone',
		'merge_clients',
		'search',
		'set_blacklist',
		'undo_merge'
	],
	helpers: ['private.clients_at_hand', 'private.my_client', 'private.my_order_clients'],
	make: async (sql) => {
		const client = await makeClient(sql);
		const [phone] = await sql`select id from public.client_phones where client_id = ${client}`;
		return { client, phone: phone?.id };
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
my_order_clients | select | nobody | select * from public.my_order_clients where client_id = :client
`
};
