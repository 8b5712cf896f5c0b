/** Figures as people read them; the unit of a chart decides. */
export type Unit = 'count' | 'money' | 'percent' | 'hours';
export type Write = Record<Unit, (value: number) => string>;

const tags: Record<string, string> = { en: 'en-GB', ru: 'ru-RU', uk: 'uk-UA' };

/** @param currency the company's, an ISO 4217 code */
export function writeIn(locale: string, currency: string): Write {
	const tag = tags[locale] ?? locale;
	const count = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
	const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 });
	const hours = new Intl.NumberFormat(tag, {
		style: 'unit',
		unit: 'hour',
		unitDisplay: 'narrow',
		maximumFractionDigits: 1
	});
	const money = new Intl.NumberFormat(tag, {
		style: 'currency',
		currency,
		currencyDisplay: 'narrowSymbol',
		maximumFractionDigits: 2,
		trailingZeroDisplay: 'stripIfInteger'
	});
	return {
		count: (value) => count.format(value),
		percent: (value) => percent.format(value),
		hours: (value) => hours.format(value),
		money: (value) => money.format(value)
	};
}

/** Days of a line as its axis names them. */
export function dayIn(locale: string): (day: string) => string {
	const format = new Intl.DateTimeFormat(tags[locale] ?? locale, {
		timeZone: 'UTC',
		day: 'numeric',
		month: 'short'
	});
	return (day) => format.format(Date.parse(day));
}
