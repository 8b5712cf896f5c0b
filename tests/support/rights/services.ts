import type { RightsTopic } from './rights.ts';

export const servicesRights: RightsTopic = {
	calls: [
		{
			name: 'service_stats',
			needs: 'everybody',
			statement: 'select * from public.service_stats()'
		}
	],
	helpers: ['private.manages_employee'],
	make: async (sql, { colleague }) => {
		const [service] = await sql`
			insert into public.services (name) values ('{"en": "Fret dress", "ru": "Лады", "uk": "Лади"}') returning id`;
		const [other] = await sql`
			insert into public.services (name) values ('{"en": "Neck", "ru": "Гриф", "uk": "Гриф"}') returning id`;
		const [promotion] = await sql`
			insert into public.promotions (title) values ('{"en": "June", "ru": "Июнь", "uk": "Червень"}') returning id`;
		await sql`insert into public.employee_skills (employee_id, service_id) values (${colleague as string}, ${service?.id})`;
		return { service: service?.id, other_service: other?.id, promotion: promotion?.id };
	},
	attempts: `
services | select | employee | select * from public.services where id = :service
services | insert | services.manage | insert into public.services (name) values ('{"en": "N", "ru": "Н", "uk": "Н"}') returning id
services | update | services.manage | update public.services set price = 100, public = true, archived_at = now() where id = :service returning id
services | delete | nobody | delete from public.services where id = :service returning id
promotions | select | employee | select * from public.promotions where id = :promotion
promotions | insert | services.manage | insert into public.promotions (title) values ('{"en": "N", "ru": "Н", "uk": "Н"}') returning id
promotions | update | services.manage | update public.promotions set public = true where id = :promotion returning id
promotions | delete | services.manage | delete from public.promotions where id = :promotion returning id
employee_skills | select | masters.read | select * from public.employee_skills where employee_id = :colleague
employee_skills | insert | employees.manage masters.read | insert into public.employee_skills (employee_id, service_id) values (:colleague, :other_service) returning service_id
employee_skills | update | nobody | update public.employee_skills set service_id = :other_service where employee_id = :colleague returning service_id
employee_skills | delete | employees.manage masters.read | delete from public.employee_skills where employee_id = :colleague returning service_id
`
};
