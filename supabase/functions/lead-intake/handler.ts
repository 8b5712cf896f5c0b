/**
 * Takes leads from other programs. Two doors, one way in: the modern one answers in our own shape,
 * `/lead-intake/potential` in that of older CRM sites. Who may, what is valid, what repeats and how
 * often one may come is decided by `intake_lead` in the database.
 */
import { z } from 'zod';
import { callerAddress } from '../_shared/address.ts';
import { preflight, withCors } from '../_shared/cors.ts';
import { problem, type Problem } from '../_shared/errors.ts';
import { readJson } from '../_shared/json.ts';
import type { Line } from '../_shared/log.ts';
import { modernDoor, type Door, type Lead } from './answers.ts';
import { readPayload } from './payload.ts';
import { potentialDoor } from './potential.ts';

export type Surroundings = {
	/** a call of the database as the service role; throws when it cannot be made */
	call(name: string, parameters?: object): Promise<unknown>;
	log(line: Line): void;
	proxies?: ReadonlySet<string>;
};

const BODY_LIMIT = 65_536;
const COUNTRY_KEPT_MS = 60_000;

const Answer = z.discriminatedUnion('ok', [
	z.object({
		ok: z.literal(true),
		created: z.boolean(),
		lead: z.looseObject({ id: z.number() }).transform((lead) => lead as Lead)
	}),
	z.object({
		ok: z.literal(false),
		code: z.string(),
		message: z.string(),
		details: z.record(z.string(), z.unknown())
	})
]);
type Answer = z.infer<typeof Answer>;

export function createHandler(surroundings: Surroundings): (request: Request) => Promise<Response> {
	const country = rememberedCountry(surroundings);
	return async (request) => {
		if (request.method === 'OPTIONS') return preflight('POST');
		const began = performance.now();
		const { pathname } = new URL(request.url);
		const door = /\/potential\/?$/.test(pathname) ? potentialDoor : modernDoor;
		const { response, refusal } = await serve(request, door, surroundings, country);
		surroundings.log({
			event: 'lead_intake',
			door: door.name,
			status: response.status,
			problem: refusal?.message,
			ms: Math.round(performance.now() - began)
		});
		return withCors(response);
	};
}

async function serve(
	request: Request,
	door: Door,
	surroundings: Surroundings,
	country: () => Promise<string>
): Promise<{ response: Response; refusal?: Problem }> {
	const { method, headers } = request;
	const refuse = (refusal: Problem, sent?: unknown) => ({
		response: door.refused(refusal, sent, method),
		refusal
	});
	if (method !== 'POST') return refuse(problem(405, 'method_not_allowed', { allow: 'POST' }));
	const body = await readJson(request, BODY_LIMIT);
	if (!body.ok) return refuse(body.problem);
	let answer: Answer;
	try {
		const parameters = {
			token: tokenOf(headers),
			payload: readPayload(body.value, headers.get('idempotency-key'), await country()),
			ip: callerAddress(headers, surroundings.proxies),
			demanded: door.demanded
		};
		answer = Answer.parse(await surroundings.call('intake_lead', parameters));
	} catch {
		return refuse(problem(503, 'unavailable'));
	}
	if (answer.ok) return { response: door.taken(answer.lead, answer.created) };
	const { code, message, details } = answer;
	return refuse({ code, message, details }, body.value);
}

/** `Authorization: Bearer …` or `Token …`, or the header `Token` of older callers. */
function tokenOf(headers: Headers): string | null {
	const given = /^(?:Bearer|Token)\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
	return headers.get('token')?.trim() ?? given ?? null;
}

/** The company's country, asked for at most once a minute. */
function rememberedCountry({ call }: Surroundings): () => Promise<string> {
	let known = '';
	let until = 0;
	return async () => {
		if (Date.now() >= until) {
			known = z.string().parse(await call('intake_country'));
			until = Date.now() + COUNTRY_KEPT_MS;
		}
		return known;
	};
}
