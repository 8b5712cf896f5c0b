/** A table of leads: what its columns mean, and its rows as `import_leads` takes them. Pure. */
import * as z from 'zod/mini';
import { phoneOf } from '../conversion.ts';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

export const importFields = [
	'first_name',
	'last_name',
	'middle_name',
	'phone_number',
	'email',
	'message',
	'advertising_company',
	'service_id',
	'location_id',
	'source',
	'utm_source',
	'utm_medium',
	'utm_campaign',
	'utm_term',
	'utm_content'
] as const;
export type ImportField = (typeof importFields)[number];
/** the field of each column; '' leaves it out */
export type Mapping = readonly (ImportField | '' | 'full_name')[];

/** beginnings of headers as people write them in three languages; the first that fits wins */
const headers: readonly (readonly [ImportField | 'full_name', RegExp])[] = [
	['utm_source', /^utm.?source/],
	['utm_medium', /^utm.?medium/],
	['utm_campaign', /^utm.?campaign/],
	['utm_term', /^utm.?term/],
	['utm_content', /^utm.?content/],
	['phone_number', /phone|телефон|^(tel|mobile|cell|number|тел|моб|номер)/],
	['email', /e.?mail|почта|пошта|^(эл|ел|имейл)/],
	['middle_name', /^(middle|patronymic|отчество|по.?батькові)/],
	['last_name', /^(last|surname|family|фамилия|прізвище)/],
	[
		'full_name',
		/^(full.?name|фио|ф\.и\.о|піб|п\.і\.б|контакт|contact|имя и фамилия|client|клиент|клієнт)/
	],
	['first_name', /^(first|given|name|имя|ім.?я)/],
	['advertising_company', /^(campaign|advert|кампания|реклам|кампанія)/],
	['service_id', /^(service|услуга|послуга)/],
	['location_id', /^(location|branch|city|workshop|филиал|город|мастерская|філія|місто|майстерня)/],
	['source', /^(source|channel|from|источник|канал|откуда|джерело|звідки)/],
	[
		'message',
		/^(message|comment|note|text|request|problem|сообщение|комментарий|заметка|запрос|вопрос|проблема|повідомлення|коментар|нотатка|запит)/
	]
];

/** What the columns seem to be, by their headers; no field twice. */
export function guessMapping(head: readonly string[]): Mapping {
	const taken = new Set<string>();
	return head.map((cell) => {
		const name = cell.trim().toLocaleLowerCase();
		const [field] = headers.find(([id, sign]) => !taken.has(id) && sign.test(name)) ?? [''];
		if (field) taken.add(field);
		return field as Mapping[number];
	});
}

/** Whether a first row names columns: it does when something was guessed and nothing in it is a phone. */
export const isHeader = (row: readonly string[], country: string): boolean =>
	guessMapping(row).some(Boolean) && !row.some((cell) => phoneOf(cell, country) !== null);

export interface Names {
	campaigns: readonly { id: number; name: string }[];
	services: readonly { id: number; name: Record<string, string> }[];
	locations: readonly { id: number; name: string }[];
	country: string;
}

/** What every row gets that says nothing of its own. */
export type Defaults = Partial<Record<ImportField, string>>;

/** A row of cells as the database reads it. Names of campaigns become their ids; unknown ones stay. */
export function importRow(
	cells: readonly string[],
	mapping: Mapping,
	names: Names,
	defaults: Defaults = {}
): Record<string, string> {
	const row: Record<string, string> = {};
	mapping.forEach((field, index) => {
		const cell = cells[index]?.trim() ?? '';
		if (field && cell) row[field] = cell;
	});
	for (const [field, value] of Object.entries(defaults)) if (value) row[field] ??= value;
	const { full_name: whole, ...rest } = row;
	const named = whole ? { ...splitName(whole), ...rest } : rest;
	const phone =
		named.phone_number && (phoneOf(named.phone_number, names.country) ?? named.phone_number);
	const refer = (field: ImportField, id: number | undefined) =>
		named[field] && id !== undefined ? { [field]: String(id) } : {};
	return {
		...named,
		...(phone ? { phone_number: phone } : {}),
		...refer('advertising_company', idByName(names.campaigns, named.advertising_company)),
		...refer('location_id', idByName(names.locations, named.location_id)),
		...refer('service_id', serviceByName(names.services, named.service_id))
	};
}

/** 'Komarov Eduard Petrovich': the family name first, as lists of these countries have it. */
function splitName(whole: string): Record<string, string> {
	const [first = '', second, ...others] = whole.split(/\s+/);
	if (!second) return { first_name: first };
	const middle = others.join(' ');
	return { last_name: first, first_name: second, ...(middle ? { middle_name: middle } : {}) };
}

const same = (a: string, b: string) => a.toLocaleLowerCase() === b.toLocaleLowerCase();
const idByName = (rows: readonly { id: number; name: string }[], wanted = '') =>
	rows.find(({ name }) => same(name, wanted))?.id;
const serviceByName = (rows: Names['services'], wanted = '') =>
	rows.find(({ name }) => Object.values(name).some((one) => same(one, wanted)))?.id;

export const outcomeSchema = z.object({
	created: z.number(),
	duplicates: z.number(),
	errors: z.number(),
	rows: z.array(
		z.object({
			row: z.number(),
			action: z.enum(['create', 'duplicate', 'error']),
			lead_id: z.optional(z.nullable(z.number())),
			/** the row of the file that it repeats */
			of_row: z.optional(z.number()),
			errors: z.optional(z.record(z.string(), z.array(z.string())))
		})
	)
});
export type Outcome = z.infer<typeof outcomeSchema>;
export type RowOutcome = Outcome['rows'][number];

/** Outcomes of parts of a table as one, their rows numbered through. */
export function joinOutcomes(parts: readonly Outcome[], sizes: readonly number[]): Outcome {
	let before = 0;
	const sum: Outcome = { created: 0, duplicates: 0, errors: 0, rows: [] };
	parts.forEach((part, index) => {
		const start = before;
		sum.created += part.created;
		sum.duplicates += part.duplicates;
		sum.errors += part.errors;
		sum.rows.push(
			...part.rows.map((row) => ({
				...row,
				row: row.row + start,
				...(row.of_row === undefined ? {} : { of_row: row.of_row + start })
			}))
		);
		before += sizes[index] ?? 0;
	});
	return sum;
}
