/**
 * Numbers, times and durations as people of the company read them: in the interface language and in
 * the company's time zone (never the browser's: a promise of 14:00 is the workshop's 14:00).
 */
import { createContext } from 'svelte';

export type Format = ReturnType<typeof createFormat>;
export type When = string | number | Date;

/** Intl tags of our languages; British English for day-month order and the 24-hour clock */
const tags: Record<string, string> = { en: 'en-GB', ru: 'ru-RU', uk: 'uk-UA' };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A context: a layout sets it once, `getFormat()` in any component below. */
export const [getFormat, setFormat] = createContext<Format>();

/**
 * @param locale one of our languages
 * @param timeZone an IANA name; undefined means the machine's
 */
export function createFormat(locale: string, timeZone?: string) {
	const tag = tags[locale] ?? locale;
	const formatter = (options: Intl.DateTimeFormatOptions) =>
		new Intl.DateTimeFormat(tag, { timeZone, ...options });
	const day = formatter({ day: 'numeric', month: 'short' });
	const dayOfYear = formatter({ day: 'numeric', month: 'short', year: 'numeric' });
	const clock = formatter({ hour: '2-digit', minute: '2-digit' });
	const calendar = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
	const relativeTo = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
	const decimal = new Intl.NumberFormat(tag);
	const units = unitsOf(tag);

	/** whole calendar days between two moments, in the company's zone */
	const daysBetween = (from: When, to: When) =>
		Math.round((Date.parse(calendar.format(at(to))) - Date.parse(calendar.format(at(from)))) / DAY);

	/** '21 Nov', with the year when it is another one */
	const date = (when: When, now: When = Date.now()) => {
		const sameYear = calendar.format(at(when)).slice(0, 4) === calendar.format(at(now)).slice(0, 4);
		return (sameYear ? day : dayOfYear).format(at(when));
	};

	/** '14:30' */
	const time = (when: When) => clock.format(at(when));

	return {
		date,
		time,
		/** 'today 14:30', 'tomorrow 09:00', '24 Nov 14:30' */
		dateTime(when: When, now: When = Date.now()) {
			const days = daysBetween(now, when);
			const name = Math.abs(days) <= 1 ? relativeTo.format(days, 'day') : date(when, now);
			return `${name} ${time(when)}`;
		},
		/** '5 minutes ago', 'in 3 hours', 'yesterday' */
		relative(when: When, now: When = Date.now()) {
			const ms = at(when).getTime() - at(now).getTime();
			const size = Math.abs(ms);
			if (size < MINUTE) return relativeTo.format(0, 'second');
			if (size < HOUR) return relativeTo.format(Math.trunc(ms / MINUTE), 'minute');
			if (size < DAY) return relativeTo.format(Math.trunc(ms / HOUR), 'hour');
			return relativeTo.format(daysBetween(now, when), 'day');
		},
		/** milliseconds as '2 d 4 h', '3 h 20 min', '5 min': the two largest units */
		duration(ms: number) {
			const minutes = Math.max(0, Math.floor(ms / MINUTE));
			const parts = [
				[Math.floor(minutes / 1440), units.day],
				[Math.floor(minutes / 60) % 24, units.hour],
				[minutes % 60, units.minute]
			] as const;
			const first = parts.findIndex(([count]) => count > 0);
			if (first < 0) return units.minute.format(0);
			const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
			return shown.map(([count, unit]) => unit.format(count)).join(' ');
		},
		/** '12,345' */
		number: (value: number) => decimal.format(value),
		/** '№155026': never grouped, it is a name and not a quantity */
		orderNumber
	};
}

/** An order's id as people say it. */
export const orderNumber = (id: number | string) => `№${id}`;

const at = (when: When) => (when instanceof Date ? when : new Date(when));

function unitsOf(tag: string) {
	const unit = (name: string) =>
		new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'short' });
	return { day: unit('day'), hour: unit('hour'), minute: unit('minute') };
}
