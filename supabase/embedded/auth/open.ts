/** Puts the auth service together for start(). */
import { fileURLToPath } from 'node:url';
import type { Sql } from 'postgres';
import type { Identities } from '../gateway/identity.ts';
import type { Log } from '../log.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { Secrets } from '../secrets.ts';
import { serveAuth } from './auth.ts';
import { toRequest } from './call.ts';
import { TokenCompleter } from './claims.ts';
import { AccessTokenHook } from './hook.ts';
import { RateLimiter } from './limits.ts';
import { takeOverMail, type LiteApp } from './lite.ts';
import { PostOffice } from './mail/post.ts';
import { Turns } from './turns.ts';
import type { AuthService } from './service.ts';
import type { AuthSettings } from './settings.ts';

/** The CLI's file, beside which this module lies. */
export const CONFIG_FILE = fileURLToPath(new URL('../../config.toml', import.meta.url));

type Parts = {
	app: LiteApp;
	sql: Sql;
	settings: AuthSettings;
	identities: Identities;
	secrets: Secrets;
	/** where clients reach the gateway */
	url: string;
	mailer: Mailer;
	log: Log;
};

/** @returns what the gateway hands requests to `/auth/v1` to */
export function openAuth(
	parts: Parts
): (request: Request, peer: string | null) => Promise<Response> {
	const { app, sql, settings, identities, secrets, url, mailer, log } = parts;
	const hook = settings.accessTokenHook ? new AccessTokenHook(sql, settings.accessTokenHook) : null;
	const post = new PostOffice(mailer, settings, url, log);
	takeOverMail(app, post, sql);
	const service: AuthService = {
		sql,
		settings,
		identities,
		tokens: new TokenCompleter(sql, secrets, url, hook),
		limiter: new RateLimiter(),
		post,
		refreshes: new Turns(),
		url,
		log,
		lite: (call, change) => app.fetch(toRequest(call, change), { peerAddress: call.address })
	};
	return (request, peer) => serveAuth(service, request, peer);
}
