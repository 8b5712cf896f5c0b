/** The modern answers: the lead, or `{code, message, details}`. */
import { retryAfter, statusOf, type Problem } from '../_shared/errors.ts';

export type Lead = {
	id: number;
	first_name: string | null;
	last_name: string | null;
	middle_name: string | null;
	phone_number: string | null;
	email: string | null;
	advertising_company: number | null;
} & Record<string, unknown>;

/** How a door says what happened; each has its own shape. */
export type Door = {
	name: string;
	/** fields this door insists on */
	demanded: string[];
	taken(lead: Lead, created: boolean): Response;
	refused(problem: Problem, sent: unknown, method: string): Response;
};

export const modernDoor: Door = {
	name: 'modern',
	demanded: ['first_name'],
	taken: (lead, created) => Response.json(lead, { status: created ? 201 : 200 }),
	refused: (problem) =>
		Response.json(problem, { status: statusOf(problem), headers: headersOf(problem) })
};

/** What the status alone does not tell programs. */
export function headersOf(problem: Problem): Record<string, string> {
	const seconds = retryAfter(problem);
	return {
		...(seconds === null ? {} : { 'retry-after': String(seconds) }),
		...(problem.code === 'VK401' ? { 'www-authenticate': 'Bearer' } : {}),
		...(problem.code === 'VK405' ? { allow: 'POST, OPTIONS' } : {})
	};
}
