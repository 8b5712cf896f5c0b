/** The demo company's time: everything happened some minutes before now, and in working hours. */
export type Clock = {
	/** the moment so many minutes ago (negative: ahead), moved into the working hours of its day unless that is today */
	at(minutesAgo: number): string;
	/** the company's calendar day so many days ago, as YYYY-MM-DD */
	day(daysAgo: number): string;
	/** an hour (fractions allowed) of the calendar day so many days ago */
	hour(daysAgo: number, hour: number): string;
	/** whether the company's calendar day of that moment is a Sunday */
	isSunday(minutesAgo: number): boolean;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OPENS = 9;
const HOURS_OPEN = 10;
const TIME_ZONE = 'Europe/Kyiv';

/** A clock that keeps the order of any two moments. */
export function demoClock(now: Date): Clock {
	const offset = offsetOf(now);
	const dayNumber = (time: number) => Math.floor((time + offset) / DAY);
	const startOf = (day: number) => day * DAY - offset;
	const today = dayNumber(now.getTime());
	const before = (minutesAgo: number) => now.getTime() - minutesAgo * MINUTE;
	const iso = (time: number) => new Date(time).toISOString();
	return {
		at: (minutesAgo) => {
			const time = before(minutesAgo);
			const day = dayNumber(time);
			if (day === today) return iso(time);
			const share = (time - startOf(day)) / DAY;
			return iso(startOf(day) + OPENS * HOUR + share * HOURS_OPEN * HOUR);
		},
		day: (daysAgo) => new Date((today - daysAgo) * DAY).toISOString().slice(0, 10),
		hour: (daysAgo, hour) => iso(startOf(today - daysAgo) + hour * HOUR),
		// the first of January 1970 was a Thursday
		isSunday: (minutesAgo) => (dayNumber(before(minutesAgo)) + 4) % 7 === 0
	};
}

/** Milliseconds the company's clocks are ahead of UTC now; a change of season in between moves old hours by one. */
function offsetOf(now: Date): number {
	const local = now.toLocaleString('sv-SE', { timeZone: TIME_ZONE });
	return Math.round((Date.parse(`${local.replace(' ', 'T')}Z`) - now.getTime()) / MINUTE) * MINUTE;
}
