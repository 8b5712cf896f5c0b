import { makeEmployee, openShift } from '../database.ts';
import type { RightsTopic } from './rights.ts';

export const shiftsRights: RightsTopic = {
	calls: [
		{
			name: 'clock_in',
			needs: 'orders.work',
			statement: 'select public.clock_in()'
		},
		{
			name: 'clock_out',
			needs: 'orders.work',
			statement: 'select public.clock_out()'
		},
		{
			name: 'correct_shift',
			needs: 'shifts.correct',
			statement: `select public.correct_shift(:shift, now() - interval '2 hours', null)`
		},
		{
			name: 'end_break',
			needs: 'orders.work',
			statement: 'select public.end_break()'
		},
		{
			name: 'my_shifts',
			needs: 'employee',
			statement: 'select public.my_shifts()'
		},
		{
			name: 'start_break',
			needs: 'orders.work',
			statement: 'select public.start_break()'
		}
	],
	/* somebody else's shift: one's own is seen without a permission */
	make: async (sql, { location }) => {
		const worker = await makeEmployee(sql, 'master', { location: Number(location) });
		const shift = await openShift(sql, worker);
		const [row] = await sql`
			insert into public.shift_breaks (shift_id, started_at) values (${shift}, now()) returning id`;
		return { worker, shift, shift_break: row?.id };
	},
	attempts: `
shifts | select | shifts.read | select * from public.shifts where id = :shift
shifts | insert | nobody | insert into public.shifts (employee_id) values (auth.uid()) returning id
shifts | update | nobody | update public.shifts set ended_at = now() where id = :shift returning id
shifts | delete | nobody | delete from public.shifts where id = :shift returning id
shift_breaks | select | shifts.read | select * from public.shift_breaks where id = :shift_break
shift_breaks | insert | nobody | insert into public.shift_breaks (shift_id) values (:shift) returning id
shift_breaks | update | nobody | update public.shift_breaks set ended_at = now() where id = :shift_break returning id
shift_breaks | delete | nobody | delete from public.shift_breaks where id = :shift_break returning id
`
};
