/** One-time codes from an authenticator app: RFC 6238 with SHA-1, 6 digits and steps of 30 s. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { renderSVG } from 'uqr';

const STEP_SECONDS = 30;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 160 random bits in base 32, as RFC 4226 recommends and every app reads. */
export function makeSecret(): string {
	return [...randomBytes(32)].map((byte) => ALPHABET[byte & 31]).join('');
}

/** The code of one step. */
export function codeAt(secret: string, step: number): string {
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(step));
	const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest();
	const offset = (digest.at(-1) ?? 0) & 15;
	const number = digest.readUInt32BE(offset) & 0x7fffffff;
	return String(number % 1_000_000).padStart(6, '0');
}

/**
 * Which step a code belongs to: the present one or a neighbour, because clocks differ. Null when
 * none. All three are always computed, so that time tells nothing.
 */
export function stepOf(secret: string, code: string, atMs = Date.now()): number | null {
	const present = Math.floor(atMs / 1000 / STEP_SECONDS);
	const given = Buffer.from(/^\d{6}$/.test(code) ? code : '------');
	let found: number | null = null;
	for (const step of [present - 1, present, present + 1]) {
		if (timingSafeEqual(given, Buffer.from(codeAt(secret, step)))) found = step;
	}
	return found;
}

/** The address an app reads from the QR code. */
export function otpauthUri(secret: string, issuer: string, account: string): string {
	const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
	const query = `algorithm=SHA1&digits=6&issuer=${encodeURIComponent(issuer)}&period=30&secret=${secret}`;
	return `otpauth://totp/${label}?${query}`;
}

/** As SVG without `#`, which would end the data URL that supabase-js makes of it. */
export const qrSvg = (uri: string) =>
	renderSVG(uri, { ecc: 'M', border: 2, whiteColor: 'white', blackColor: 'black' });

function fromBase32(text: string): Buffer {
	const bytes: number[] = [];
	let bits = 0;
	let value = 0;
	for (const letter of text) {
		value = (value << 5) | ALPHABET.indexOf(letter);
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			bytes.push((value >>> bits) & 255);
			value &= (1 << bits) - 1;
		}
	}
	return Buffer.from(bytes);
}
