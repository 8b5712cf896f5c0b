/**
 * The admin API: users, their factors, invitations and links. With the secret key only; answers as
 * GoTrue's admin.go and mail.go. Nothing here is limited in rate: who has the key is trusted.
 */
import type { Call } from '../call.ts';
import { AuthError, invalid, userNotFound } from '../errors.ts';
import { findById } from '../accounts.ts';
import { UUID, type AuthService } from '../service.ts';
import type { UserRow } from '../user.ts';
import { deleteFactor, listFactors, updateFactor } from './factors.ts';
import { generateLink, invite } from './links.ts';
import { createUser, deleteUser, getUser, listUsers, updateUser } from './users.ts';

type Handler = (service: AuthService, call: Call) => Promise<Response>;
const COLLECTIONS: Record<string, Handler> = {
	'GET /admin/users': listUsers,
	'POST /admin/users': createUser,
	'POST /admin/generate_link': generateLink,
	'POST /invite': invite
};

type UserHandler = (service: AuthService, call: Call, user: UserRow) => Promise<Response>;
const OF_USER: Record<string, UserHandler> = {
	GET: getUser,
	PUT: updateUser,
	DELETE: deleteUser,
	'GET /factors': listFactors
};

/** Returns null for a path that is not the admin API's. */
export async function serveAdmin(service: AuthService, call: Call): Promise<Response | null> {
	if (call.path !== '/invite' && !call.path.startsWith('/admin/')) return null;
	await requireAdmin(service, call);
	const handler = COLLECTIONS[`${call.method} ${call.path}`];
	if (handler) return handler(service, call);
	const [, id, rest] = /^\/admin\/users\/([^/]+)(\/.*)?$/.exec(call.path) ?? [];
	if (!id) return null;
	if (!UUID.test(id)) throw invalid('user_id must be an UUID', 404);
	const user = await findById(service.sql, id);
	if (!user) throw userNotFound();
	const ofUser = OF_USER[`${call.method}${rest ? ` ${rest}` : ''}`];
	if (ofUser) return ofUser(service, call, user);
	const factorId = /^\/factors\/([^/]+)$/.exec(rest ?? '')?.[1];
	if (!factorId) return null;
	if (!UUID.test(factorId)) throw invalid('factor_id must be an UUID', 404);
	if (call.method === 'DELETE') return deleteFactor(service, user, factorId);
	if (call.method === 'PUT') return updateFactor(service, call, user, factorId);
	return null;
}

/** 401 for a key that is not ours, 403 for one (or a user) that is not the administrator's. */
async function requireAdmin(service: AuthService, call: Call): Promise<void> {
	const apiKey = call.headers.get('apikey') ?? call.url.searchParams.get('apikey') ?? undefined;
	const authorization = call.headers.get('authorization') ?? undefined;
	const identity = await service.identities.identify(apiKey, authorization);
	if (!identity) {
		throw new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
	}
	if (identity.role !== 'service_role') {
		throw new AuthError(403, 'not_admin', 'User not allowed');
	}
	if (/Mozilla\//.test(call.headers.get('user-agent') ?? '')) {
		throw new AuthError(401, 'no_authorization', 'Forbidden use of secret API key in browser');
	}
}
