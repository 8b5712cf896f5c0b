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
 * @param currency the company's, an ISO 4217 code
 */
export function createFormat(locale: string, timeZone?: string, currency = 'UAH') {
	const tag = tags[locale] ?? locale;
	const decimal = new Intl.NumberFormat(tag);
	const whole = new Intl.NumberFormat(tag, {
		style: 'currency',
		currency,
		currencyDisplay: 'narrowSymbol',
		maximumFractionDigits: 0
	});
	return {
		...timesIn(tag, timeZone),
		...durationsIn(tag),
		elapsed: elapsedIn(tag),
		/** '12,345' */
		number: (value: number) => decimal.format(value),
		/** '₴12,345': an amount seen from afar, without its hundredths */
		money: (value: number) => whole.format(value),
		orderNumber
	};
}

/** An order's id as people say it: '№155026', never grouped, a name and not a quantity. */
export const orderNumber = (id: number | string) => `№${id}`;

function timesIn(tag: string, timeZone: string | undefined) {
	const day = new Intl.DateTimeFormat(tag, { timeZone, day: 'numeric', month: 'short' });
	const fullDay = new Intl.DateTimeFormat(tag, { timeZone, dateStyle: 'medium' });
	const wholeMonth = new Intl.DateTimeFormat(tag, {
		timeZone: 'UTC',
		month: 'long',
		year: 'numeric'
	});
	const clock = new Intl.DateTimeFormat(tag, { timeZone, hour: '2-digit', minute: '2-digit' });
	const relativeTo = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
	const { daysBetween, sameYear, startOfDay } = calendarIn(timeZone);

	/** '21 Nov', with the year when it is another one */
	const date = (when: When, now: When = Date.now()) =>
		(sameYear(when, now) ? day : fullDay).format(at(when));
	/** '2026-11' as 'November 2026' */
	const month = (yearAndMonth: string) => wholeMonth.format(at(`${yearAndMonth}-01`));
	/** '14:30' */
	const time = (when: When) => clock.format(at(when));
	/** 'today 14:30', 'tomorrow 09:00', '24 Nov 14:30' */
	const dateTime = (when: When, now: When = Date.now()) => {
		const days = daysBetween(now, when);
		const name = Math.abs(days) <= 1 ? relativeTo.format(days, 'day') : date(when, now);
		return `${name} ${time(when)}`;
	};
	/** '5 minutes ago', 'in 3 hours', 'yesterday' */
	const relative = (when: When, now: When = Date.now()) => {
		const ms = at(when).getTime() - at(now).getTime();
		const size = Math.abs(ms);
		if (size < MINUTE) return relativeTo.format(0, 'second');
		if (size < HOUR) return relativeTo.format(Math.trunc(ms / MINUTE), 'minute');
		if (size < DAY) return relativeTo.format(Math.trunc(ms / HOUR), 'hour');
		return relativeTo.format(daysBetween(now, when), 'day');
	};
	return { date, month, time, dateTime, relative, startOfDay };
}

/** days as the company's calendar counts them, whatever the clock did in between */
function calendarIn(timeZone: string | undefined) {
	// the Swedish way of writing dates is ISO 8601
	const iso = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
	const clock = new Intl.DateTimeFormat('sv-SE', {
		timeZone,
		dateStyle: 'short',
		timeStyle: 'medium'
	});
	/** what the zone's clock is ahead of UTC then (ms) */
	const ahead = (ms: number) => Date.parse(`${clock.format(ms).replace(' ', 'T')}Z`) - ms;
	const dayOf = (when: When) => iso.format(at(when));
	return {
		daysBetween: (from: When, to: When) =>
			Math.round((Date.parse(dayOf(to)) - Date.parse(dayOf(from))) / DAY),
		sameYear: (one: When, other: When) => dayOf(one).slice(0, 4) === dayOf(other).slice(0, 4),
		/** the first moment (ms) of a calendar day YYYY-MM-DD, or of the one so many days later */
		startOfDay: (day: string, after = 0) => {
			const midnight = Date.parse(day) + after * DAY;
			// the second look is for days on which the clock changes
			return midnight - ahead(midnight - ahead(midnight));
		}
	};
}

function durationsIn(tag: string) {
	const unit = (name: string) =>
		new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'narrow' });
	const [day, hour, minute] = [unit('day'), unit('hour'), unit('minute')];
	const say = (parts: readonly { count: number; unit: Intl.NumberFormat }[]) => {
		const first = parts.findIndex(({ count }) => count > 0);
		if (first < 0) return minute.format(0);
		const shown = parts.slice(first, first + 2).filter(({ count }) => count > 0);
		return shown.map((part) => part.unit.format(part.count)).join(' ');
	};
	const minutesOf = (ms: number) => Math.max(0, Math.floor(ms / MINUTE));
	/** milliseconds as '2d 4h', '3h 20m', '5m': the two largest units */
	const duration = (ms: number) => {
		const minutes = minutesOf(ms);
		return say([
			{ count: Math.floor(minutes / 1_440), unit: day },
			{ count: Math.floor(minutes / 60) % 24, unit: hour },
			{ count: minutes % 60, unit: minute }
		]);
	};
	/** milliseconds as '93h 20m': work is counted in hours, however many */
	const hours = (ms: number) => {
		const minutes = minutesOf(ms);
		return say([
			{ count: Math.floor(minutes / 60), unit: hour },
			{ count: minutes % 60, unit: minute }
		]);
	};
	return { duration, hours };
}

/** milliseconds as '0.4s', '12s', or '3m' */
function elapsedIn(tag: string) {
	const second = new Intl.NumberFormat(tag, {
		style: 'unit',
		unit: 'second',
		unitDisplay: 'narrow',
		maximumSignificantDigits: 2
	});
	const { duration } = durationsIn(tag);
	return (ms: number) => (ms < MINUTE ? second.format(Math.max(0.1, ms / 1000)) : duration(ms));
}

const at = (when: When) => (when instanceof Date ? when : new Date(when));
