/**
 * The secrets of one installation: made on first start, kept in `<home>/secrets.json` (mode 600),
 * never in the repository.
 */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { z } from 'zod';

const Secrets = z.object({
	/** password of supabase_admin, Postgres's superuser */
	adminPassword: z.string().min(16),
	/** password of postgres, the schema's owner: the database URL people and the CLI use */
	ownerPassword: z.string().min(16),
	/** password of authenticator, the gateway's login */
	authenticatorPassword: z.string().min(16),
	jwtSecret: z.string().min(32),
	/** `kid` in the header of every token */
	keyId: z.string(),
	publishableKey: z.string().startsWith('sb_publishable_'),
	secretKey: z.string().startsWith('sb_secret_'),
	/** the older JWT form of the two keys */
	anonKey: z.string(),
	serviceRoleKey: z.string(),
	/** who sends web push (RFC 8292): a P-256 key pair as base64url, point and scalar */
	vapid: z.object({ publicKey: z.string().length(87), privateKey: z.string().length(43) })
});

export type Secrets = z.infer<typeof Secrets>;

/** Reads the installation's secrets, making them on first use. */
export async function loadSecrets(home: string): Promise<Secrets> {
	const file = join(home, 'secrets.json');
	const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
	if (kept?.vapid) return Secrets.parse(kept);
	// homes made before there was web push get its keys now
	const made = kept ? Secrets.parse({ ...kept, vapid: makeVapidKeys() }) : await makeSecrets();
	mkdirSync(home, { recursive: true });
	// renamed into place, so that a kill half-way leaves either no file or a whole one
	writeFileSync(`${file}.new`, JSON.stringify(made, null, '\t'), { mode: 0o600 });
	renameSync(`${file}.new`, file);
	return made;
}

async function makeSecrets(): Promise<Secrets> {
	const random = (bytes: number) => randomBytes(bytes).toString('base64url');
	const jwtSecret = random(48);
	const keyId = randomUUID();
	const legacyKey = (role: string) =>
		new SignJWT({ role })
			.setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: keyId })
			.setIssuer('supabase')
			.setIssuedAt()
			.setExpirationTime('10y')
			.sign(new TextEncoder().encode(jwtSecret));
	return {
		adminPassword: random(24),
		ownerPassword: random(24),
		authenticatorPassword: random(24),
		jwtSecret,
		keyId,
		publishableKey: `sb_publishable_${random(24)}`,
		secretKey: `sb_secret_${random(24)}`,
		anonKey: await legacyKey('anon'),
		serviceRoleKey: await legacyKey('service_role'),
		vapid: makeVapidKeys()
	};
}

function makeVapidKeys() {
	const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const { x = '', y = '', d = '' } = pair.privateKey.export({ format: 'jwk' });
	const point = [Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
	return { publicKey: Buffer.concat(point).toString('base64url'), privateKey: d };
}
