/** What a key, a bucket's name, a size and a MIME type may be, by the rules of Supabase's server. */
import { storageErrors } from './errors.ts';

const KEY = /^[\w/!\-.*'() &$@=;:+,?]+$/;
const BUCKET = /^[\w!\-.*'() &$@=;:+,?]{1,63}$/;
const LONGEST_KEY = 1024;

/** @throws StorageError for a key Supabase refuses, or one that names a parent directory */
export function checkKey(key: string): string {
	const walks = key.split('/').some((part) => part === '.' || part === '..');
	if (!KEY.test(key) || key.startsWith('/') || walks || key.length > LONGEST_KEY) {
		throw storageErrors.badKey(key.slice(0, 200));
	}
	return key;
}

export function checkBucketName(name: string): string {
	if (!BUCKET.test(name) || name === '.' || name === '..') throw storageErrors.badBucketName();
	return name;
}

const UNITS: Record<string, number> = {
	b: 1,
	kb: 1e3,
	mb: 1e6,
	gb: 1e9,
	kib: 1024,
	mib: 1024 ** 2,
	gib: 1024 ** 3
};

/** Bytes of `20MB`, `1.5 GiB` or a plain number; null stays null (no limit of its own). */
export function parseSize(value: unknown): number | null {
	if (value === null || value === undefined) return null;
	if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
	const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b)?$/i.exec(String(value).trim()) ?? [];
	const factor = UNITS[(unit ?? 'b').toLowerCase()];
	if (!amount || !factor) {
		throw storageErrors.badRequest('Invalid file size format, hint: use 20GB / 20MB / 30KB / 3B');
	}
	return Math.floor(Number(amount) * factor);
}

const essence = (type: string) => (type.split(';')[0] ?? '').trim().toLowerCase();

/** @param allowed a bucket's list; `image/*` allows every image; empty or null allows everything */
export function checkType(type: string, allowed: string[] | null): void {
	if (!allowed || allowed.length === 0) return;
	const asked = essence(type);
	const family = asked.split('/')[0];
	const fits = allowed.some((entry) => {
		const known = essence(entry);
		return known === asked || known === '*/*' || known === `${family}/*`;
	});
	if (!fits) throw storageErrors.badType(type.slice(0, 200));
}

const TYPE = /^[\w!#$&^.+-]+\/([\w!#$&^.+-]+|\*)$/;

/** A bucket's list of types as given by a client. */
export function checkTypes(value: unknown): string[] | null {
	if (value === null || value === undefined) return null;
	const bad = !Array.isArray(value)
		? String(value)
		: value.find((entry) => typeof entry !== 'string' || !TYPE.test(entry));
	if (bad !== undefined) throw storageErrors.badType(String(bad).slice(0, 200));
	return value as string[];
}
