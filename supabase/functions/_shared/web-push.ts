/**
 * Web push with WebCrypto alone: RFC 8030 (the request), RFC 8291 over RFC 8188 (the encrypted body,
 * one record of aes128gcm) and RFC 8292 (VAPID, who sends). Keys and texts are base64url as browsers
 * and PushSubscription.toJSON() write them.
 */

export type VapidKeys = {
	/** the uncompressed point, 65 bytes; browsers subscribe with it */
	publicKey: string;
	/** the scalar, 32 bytes */
	privateKey: string;
	/** whom a push service may write to: a mailto: or https: address */
	subject: string;
};

export type PushTarget = { endpoint: string; p256dh: string; auth: string };

export type PushOptions = {
	/** seconds the push service keeps it for a phone that is off */
	ttl: number;
	/** a later message of the same topic replaces one that waits (RFC 8030 §5.4: ≤ 32 characters) */
	topic?: string;
};

/** `gone`: the browser unsubscribed; `refused`: again would not help; `later`: it might. */
export type PushOutcome = 'sent' | 'gone' | 'refused' | 'later';

type Bytes = Uint8Array<ArrayBuffer>;

const RECORD_SIZE = 4096;
/** what fits one record beside header, padding delimiter and tag */
export const LONGEST_PAYLOAD = RECORD_SIZE - 86 - 17;
const TOKEN_SECONDS = 12 * 3600;
const PATIENCE_MS = 10_000;
const P256 = { name: 'ECDH', namedCurve: 'P-256' } as const;

const text = (value: string): Bytes => new TextEncoder().encode(value);

export function toBase64Url(bytes: Uint8Array): string {
	return btoa(String.fromCharCode(...bytes))
		.replaceAll('+', '-')
		.replaceAll('/', '_')
		.replace(/=+$/, '');
}

export function fromBase64Url(value: string): Bytes {
	const plain = atob(value.replaceAll('-', '+').replaceAll('_', '/'));
	return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function join(...parts: Uint8Array[]): Bytes {
	const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

async function hkdf(salt: Bytes, secret: Bytes, info: Bytes, length: number): Promise<Bytes> {
	const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
	const algorithm = { name: 'HKDF', hash: 'SHA-256', salt, info };
	return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8));
}

/** A private key of our curve as JWK, from its two halves. */
function jwkOf(publicKey: Bytes, privateKey: string): JsonWebKey {
	const x = toBase64Url(publicKey.slice(1, 33));
	const y = toBase64Url(publicKey.slice(33, 65));
	return { kty: 'EC', crv: 'P-256', x, y, d: privateKey, ext: true };
}

/** What differs with every message; given only by the test of RFC 8291's example. */
export type Ephemeral = { salt: Bytes; keys: CryptoKeyPair };

const makeEphemeral = async (): Promise<Ephemeral> => ({
	salt: crypto.getRandomValues(new Uint8Array(16)),
	keys: (await crypto.subtle.generateKey(P256, true, ['deriveBits'])) as CryptoKeyPair
});

/**
 * The body for one browser (RFC 8291 §3.4, RFC 8188 §2).
 * @throws RangeError when the payload does not fit one record
 */
export async function encryptPush(
	payload: string,
	{ p256dh, auth }: PushTarget,
	ephemeral?: Ephemeral
): Promise<Bytes> {
	const plain = text(payload);
	if (plain.length > LONGEST_PAYLOAD) throw new RangeError('The push message is too long.');
	const { salt, keys } = ephemeral ?? (await makeEphemeral());
	const theirs = fromBase64Url(p256dh);
	const ours = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey));
	const browser = await crypto.subtle.importKey('raw', theirs, P256, false, []);
	const shared = new Uint8Array(
		await crypto.subtle.deriveBits({ name: 'ECDH', public: browser }, keys.privateKey, 256)
	);
	const info = join(text('WebPush: info\0'), theirs, ours);
	const secret = await hkdf(fromBase64Url(auth), shared, info, 32);
	const content = await hkdf(salt, secret, text('Content-Encoding: aes128gcm\0'), 16);
	const iv = await hkdf(salt, secret, text('Content-Encoding: nonce\0'), 12);
	const key = await crypto.subtle.importKey('raw', content, 'AES-GCM', false, ['encrypt']);
	// 0x02: the last record
	const record = join(plain, new Uint8Array([2]));
	const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, record);
	const size = new Uint8Array(4);
	new DataView(size.buffer).setUint32(0, RECORD_SIZE);
	return join(salt, size, new Uint8Array([ours.length]), ours, new Uint8Array(sealed));
}

/** The Authorization header that names us to the push service of an endpoint (RFC 8292 §2, §3). */
export async function vapidHeader(
	endpoint: string,
	{ publicKey, privateKey, subject }: VapidKeys,
	now = Date.now()
): Promise<string> {
	const part = (value: object) => toBase64Url(text(JSON.stringify(value)));
	const exp = Math.floor(now / 1000) + TOKEN_SECONDS;
	const claims = { aud: new URL(endpoint).origin, exp, sub: subject };
	const signed = `${part({ typ: 'JWT', alg: 'ES256' })}.${part(claims)}`;
	const jwk = jwkOf(fromBase64Url(publicKey), privateKey);
	const curve = { name: 'ECDSA', namedCurve: 'P-256' };
	const key = await crypto.subtle.importKey('jwk', jwk, curve, false, ['sign']);
	const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
	const signature = await crypto.subtle.sign(algorithm, key, text(signed));
	return `vapid t=${signed}.${toBase64Url(new Uint8Array(signature))}, k=${publicKey}`;
}

/** Hands one message to the push service of one browser. Never throws. */
export async function sendPush(
	target: PushTarget,
	payload: string,
	keys: VapidKeys,
	{ ttl, topic }: PushOptions
): Promise<{ outcome: PushOutcome; problem: string }> {
	try {
		const response = await fetch(target.endpoint, {
			method: 'POST',
			// a push service has no reason to send us elsewhere
			redirect: 'error',
			headers: {
				authorization: await vapidHeader(target.endpoint, keys),
				'content-encoding': 'aes128gcm',
				'content-type': 'application/octet-stream',
				ttl: String(ttl),
				urgency: 'high',
				...(topic ? { topic } : {})
			},
			body: await encryptPush(payload, target),
			signal: AbortSignal.timeout(PATIENCE_MS)
		});
		await response.body?.cancel();
		return { outcome: outcomeOf(response.status), problem: `push_service_${response.status}` };
	} catch (error) {
		const hopeless = error instanceof RangeError || (error as Error).name === 'DataError';
		return { outcome: hopeless ? 'refused' : 'later', problem: (error as Error).name };
	}
}

function outcomeOf(status: number): PushOutcome {
	if (status >= 200 && status < 300) return 'sent';
	if (status === 404 || status === 410) return 'gone';
	return status === 429 || status >= 500 ? 'later' : 'refused';
}
