/**
 * The door of older CRM sites, `POST /clients/potential/api/` with the header `Token`: statuses,
 * shapes and words are those of Django REST framework, which their callers read.
 */
import { statusOf, type Problem } from '../_shared/errors.ts';
import { headersOf, type Door, type Lead } from './answers.ts';

const FIELDS = [
	'first_name',
	'last_name',
	'middle_name',
	'phone_number',
	'email',
	'advertising_company'
] as const;

type Details = { fields?: Record<string, string[]>; limits?: Record<string, number> };

export const potentialDoor: Door = {
	name: 'potential',
	demanded: FIELDS.filter((field) => field !== 'middle_name'),
	// a repeat is counted, but to these callers each is a success like the first
	taken: (lead) => Response.json(serialised(lead), { status: 201 }),
	refused: (problem, sent, method) => {
		const [status, body] = translate(problem, sent, method);
		return Response.json(body, { status, headers: headersOf(problem) });
	}
};

const serialised = (lead: Lead) => Object.fromEntries(FIELDS.map((field) => [field, lead[field]]));

function translate(problem: Problem, sent: unknown, method: string): [number, object] {
	switch (problem.code) {
		case 'VK401':
		case 'VK403':
			return [400, { token_errors: 'Token is invalid' }];
		case 'VK400':
			return [400, { detail: 'JSON parse error' }];
		case 'VK405':
			return [405, { detail: `Method "${method}" not allowed.` }];
		case 'VK413':
			return [413, { detail: 'Request body is too large.' }];
		case 'VK422':
			return [400, fieldErrors(problem.details as Details, sent)];
		case 'VK429':
			return [
				429,
				{
					detail: `Request was throttled. Expected available in ${Number(problem.details.retry_after)} seconds.`
				}
			];
		default:
			return [statusOf(problem), { detail: 'Service is unavailable.' }];
	}
}

function fieldErrors({ fields = {}, limits = {} }: Details, sent: unknown): object {
	if ('payload' in fields) {
		return {
			non_field_errors: [`Invalid data. Expected a dictionary, but got ${typeName(sent)}.`]
		};
	}
	const values = sent as Record<string, unknown>;
	const names = [...FIELDS, ...Object.keys(fields)].filter((name) => name in fields);
	return Object.fromEntries(
		[...new Set(names)].map((name) => [
			name,
			(fields[name] ?? []).map((key) => sentence(name, key, values[name], limits[name]))
		])
	);
}

function sentence(field: string, key: string, value: unknown, limit?: number): string {
	switch (key) {
		case 'required':
			return 'This field is required.';
		case 'null':
			return 'This field may not be null.';
		case 'blank':
			return 'This field may not be blank.';
		case 'not_text':
			return 'Not a valid string.';
		case 'too_long':
			return `Ensure this field has no more than ${limit} characters.`;
		case 'unknown':
			return unknownId(value);
		case 'not_id':
			return typeof value !== 'object' && /^-?\d+$/.test(String(value))
				? unknownId(value)
				: `Incorrect type. Expected pk value, received ${typeName(value)}.`;
		case 'closed':
			return `Advertising company "${String(value)}" is closed.`;
		case 'other_campaign':
			return `Advertising company "${String(value)}" does not belong to this token.`;
		default:
			return field === 'email'
				? 'Enter a valid email address.'
				: 'Please enter a valid phone number that starts with "+"';
	}
}

const unknownId = (value: unknown) => `Invalid pk "${String(value)}" - object does not exist.`;

/** The type's name where those words come from. */
function typeName(value: unknown): string {
	if (value === null || value === undefined) return 'NoneType';
	if (Array.isArray(value)) return 'list';
	if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
	return { string: 'str', boolean: 'bool', object: 'dict' }[typeof value as string] ?? 'str';
}
