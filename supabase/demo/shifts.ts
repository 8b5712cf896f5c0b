/** The masters' working days: thirty past ones, and today as it is now. */
import type { Clock } from './clock.ts';
import { idOf, masters, mastersNow, type Place } from './people.ts';
import { seeded } from './random.ts';

export type DemoShift = {
	number: number;
	employee_id: string;
	location: Place | null;
	started_at: string;
	ended_at: string | null;
	closed_by_rule: boolean;
	corrected_by: string | null;
	note: string | null;
	break_from: string | null;
	break_to: string | null;
};

const DAYS = 30;

export function demoShifts(clock: Clock, now: Date): DemoShift[] {
	const random = seeded(815);
	const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
	const shifts: Omit<DemoShift, 'number'>[] = [];
	for (const master of masters) {
		const base = {
			employee_id: master.id,
			location: master.location,
			closed_by_rule: false,
			corrected_by: null,
			note: null
		};
		for (let day = DAYS; day >= 1; day--) {
			if (clock.isSunday(day * 24 * 60) || random.chance(0.1)) continue;
			const forgotten = random.chance(0.015);
			const corrected = !forgotten && random.chance(0.03);
			shifts.push({
				...base,
				started_at: clock.hour(day, 9 + random.int(-20, 20) / 60),
				ended_at: clock.hour(day, 18 + random.int(-40, 40) / 60),
				closed_by_rule: forgotten,
				corrected_by: corrected ? idOf('coordinator') : null,
				note: corrected ? 'Забыл отметиться, исправлено по звонку' : null,
				break_from: clock.hour(day, 13),
				break_to: clock.hour(day, 13 + random.int(25, 50) / 60)
			});
		}
		const { shift } = mastersNow[master.name] ?? { shift: 'off' };
		if (shift === 'off') continue;
		shifts.push({
			...base,
			started_at: minutesAgo(random.int(130, 240)),
			ended_at: null,
			break_from: shift === 'break' ? minutesAgo(random.int(5, 25)) : null,
			break_to: null
		});
	}
	return shifts.map((shift, index) => ({ number: index + 1, ...shift }));
}
