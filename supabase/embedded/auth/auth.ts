/**
 * `/auth/v1`: GoTrue's interface. lite answers what it can (accounts, sessions, OAuth); factors, the
 * admin API, passwords, limits and what its mails lack are ours, and every token is completed here.
 */
import { noteFailure } from '../request.ts';
import { serveAdmin } from './admin/admin.ts';
import { assertReadable, assertReadableForm, readCall, type Call } from './call.ts';
import { AuthError } from './errors.ts';
import { serveFactors } from './factors/factors.ts';
import { completeAnswer } from './complete.ts';
import type { AuthService } from './service.ts';
import { changeSelf, readSelf, reauthenticate } from './self.ts';
import { signIn } from './sign-in.ts';
import { recover, resend, sendMagicLink, signUp } from './sign-up.ts';
import { verify } from './verify.ts';

type Handler = (service: AuthService, call: Call) => Promise<Response>;
const HANDLERS: Record<string, Handler> = {
	'POST /token': signIn,
	'POST /signup': signUp,
	'POST /otp': sendMagicLink,
	'POST /magiclink': sendMagicLink,
	'POST /recover': recover,
	'POST /resend': resend,
	'POST /verify': verify,
	'GET /verify': verify,
	'GET /user': readSelf,
	'PUT /user': changeSelf,
	'GET /reauthenticate': reauthenticate
};

/** Answers one request; expected refusals included, anything else is thrown to the gateway. */
export async function serveAuth(
	service: AuthService,
	request: Request,
	peer: string | null
): Promise<Response> {
	const call = await readCall(request, peer, service.settings.trustForwardedFor);
	try {
		assertReadable(call);
		await assertReadableForm(call);
		const answer = (await ownAnswer(service, call)) ?? (await service.lite(call));
		return await completeAnswer(service, call, answer);
	} catch (error) {
		if (!(error instanceof AuthError)) throw error;
		if (error.status >= 500) noteFailure(error.cause ?? error);
		return error.toResponse();
	}
}

async function ownAnswer(service: AuthService, call: Call): Promise<Response | null> {
	if (call.path.startsWith('/factors')) return serveFactors(service, call);
	const ofAdmin = await serveAdmin(service, call);
	if (ofAdmin) return ofAdmin;
	const handler = HANDLERS[`${call.method} ${call.path}`];
	if (!handler) return null;
	// a link in a mail carries no key; any other request without one of ours is lite's to refuse,
	// before anything is counted or written
	const isLink = call.method === 'GET' && call.path === '/verify';
	if (!isLink && !service.identities.roleOfKey(keyOf(call))) return null;
	return handler(service, call);
}

const keyOf = (call: Call) =>
	call.headers.get('apikey') ?? call.url.searchParams.get('apikey') ?? undefined;
