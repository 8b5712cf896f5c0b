/** What lite is told: our secrets and rules of auth, and our idea of an API key. */
import type { App } from '@supabase/lite';
import { admitChecked, liteAuthConfig } from '../auth/lite.ts';
import type { AuthSettings } from '../auth/settings.ts';
import type { Identities } from '../gateway/identity.ts';
import type { Secrets } from '../secrets.ts';
import type { LeashedConnection } from './connection.ts';

const KEY_INFO = {
	anon: { type: 'publishable', claims: { role: 'anon' } },
	service_role: { type: 'secret', claims: { role: 'service_role' } }
};

type Told = {
	connection: LeashedConnection;
	identities: Identities;
	secrets: Secrets;
	url: string;
	settings: AuthSettings;
};

export function liteConfig({ connection, identities, secrets, url, settings }: Told) {
	const resolver = (key: string) => {
		const role = identities.roleOfKey(key);
		return role && KEY_INFO[role];
	};
	return {
		connection,
		api: { schemas: ['public'], external_url: url },
		auth: {
			...liteAuthConfig(settings),
			jwt_secret: secrets.jwtSecret,
			publishable_key: secrets.publishableKey,
			secret_key: secrets.secretKey
		},
		options: { server: { middlewares: [admitChecked], apiKeys: { resolver } } }
	} as unknown as ConstructorParameters<typeof App>[0];
}
