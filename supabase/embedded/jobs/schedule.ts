/** When a job is due: cron fields (UTC, with or without seconds) or pg_cron's `N seconds`. */
import { Cron } from 'croner';

export type Schedule = {
	/** the first due time after a moment; null when there is none any more */
	after(moment: Date): Date | null;
	/** the last due time at or before a moment, later than `since`; null when there is none */
	lastBetween(since: Date, moment: Date): Date | null;
};

/** @throws Error that names what is wrong with the text */
export function parseSchedule(text: string): Schedule {
	const seconds = /^([1-9]|[1-5]\d) seconds$/.exec(text)?.[1];
	return seconds ? everySeconds(Number(seconds)) : fromCron(new Cron(text, { timezone: 'UTC' }));
}

/** Counted from the epoch, so that two schedulers agree on the moments. */
function everySeconds(seconds: number): Schedule {
	const step = seconds * 1_000;
	return {
		after: (moment) => new Date((Math.floor(moment.getTime() / step) + 1) * step),
		lastBetween: (since, moment) => {
			const last = new Date(Math.floor(moment.getTime() / step) * step);
			return last > since ? last : null;
		}
	};
}

function fromCron(cron: Cron): Schedule {
	return {
		after: (moment) => cron.nextRun(moment),
		lastBetween: (since, moment) => {
			const first = cron.nextRun(since);
			if (!first || first > moment) return null;
			// croner looks before its reference, never at it
			const [last] = cron.previousRuns(1, new Date(moment.getTime() + 1_000));
			return last && last <= moment && last > since ? last : first;
		}
	};
}
