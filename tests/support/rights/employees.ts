import { makeEmployee, makeUser } from '../database.ts';
import type { RightsTopic } from './rights.ts';

export const employeesRights: RightsTopic = {
	/* colleague: an employee who is neither the caller nor an administrator; user: signed up, nobody yet */
	make: async (sql) => ({
		colleague: await makeEmployee(sql, 'operator'),
		user: await makeUser(sql)
	}),
	attempts: `
employees | select | employees.read | select * from public.employees where id = :colleague
employees | insert | employees.manage employees.read | insert into public.employees (id, full_name, role) values (:user, 'New', 'operator') returning id
employees | update | employees.manage employees.read | update public.employees set full_name = 'New' where id = :colleague returning id
employees | delete | nobody | delete from public.employees where id = :colleague returning id
`
};
