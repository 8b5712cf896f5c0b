import { makeUser } from '../database.ts';
import type { RightsTopic } from './rights.ts';

export const notificationsRights: RightsTopic = {
	calls: [
		{
			name: 'subscribe_to_push',
			needs: 'everybody',
			statement: `select public.subscribe_to_push('https://push.example.test/x', repeat('A', 87), repeat('A', 22))`
		}
	],
	/* browser: somebody else's; one's own are tested in notifications.test.ts */
	make: async (sql) => {
		const [message] = await sql`select private.notify('email', '{}', 'test') as id`;
		const [browser] = await sql`
			insert into public.push_subscriptions (user_id, endpoint, p256dh, auth)
			values (${await makeUser(sql)}, 'https://push.example.test/' || gen_random_uuid(), repeat('A', 87), repeat('A', 22))
			returning id`;
		return { message: message?.id, browser: browser?.id };
	},
	attempts: `
notifications | select | notifications.read | select * from public.notifications where id = :message
notifications | insert | nobody | insert into public.notifications (channel, recipient, template) values ('email', '{}', 'test') returning id
notifications | update | nobody | update public.notifications set status = 'cancelled' where id = :message returning id
notifications | delete | nobody | delete from public.notifications where id = :message returning id
push_subscriptions | select | nobody | select * from public.push_subscriptions where id = :browser
push_subscriptions | insert | nobody | insert into public.push_subscriptions (endpoint, p256dh, auth) values ('https://push.example.test/y', repeat('A', 87), repeat('A', 22)) returning id
push_subscriptions | update | nobody | update public.push_subscriptions set failures = 0 where id = :browser returning id
push_subscriptions | delete | nobody | delete from public.push_subscriptions where id = :browser returning id
`
};
