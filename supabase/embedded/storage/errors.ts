import { isUnavailable, RETRY_AFTER_S } from '../postgres/unavailable.ts';

/**
 * The Storage API's errors. Supabase's server answers HTTP 400 for nearly all of them and says the
 * meaning in the body: `{ statusCode, code, error, message }` (source: supabase/storage, error codes).
 */
export class StorageError extends Error {
	/** HTTP status of the answer */
	status: number;
	body: { statusCode: string; code: string; error: string; message: string };

	get headers(): Record<string, string> {
		return this.status === 503 ? { 'retry-after': String(RETRY_AFTER_S) } : {};
	}

	constructor(meaning: number, code: string, message: string, error = code) {
		super(message);
		this.status = meaning >= 500 ? meaning : 400;
		this.body = { statusCode: String(meaning), code, error, message };
	}
}

const DENIED = 'new row violates row-level security policy';

export const storageErrors = {
	noBucket: () => new StorageError(404, 'NoSuchBucket', 'Bucket not found', 'Bucket not found'),
	noObject: () => new StorageError(404, 'NoSuchKey', 'Object not found', 'not_found'),
	noRelated: () => new StorageError(404, 'InvalidRequest', 'The related resource does not exist'),
	denied: (message = DENIED) => new StorageError(403, 'AccessDenied', message, 'Unauthorized'),
	duplicate: () =>
		new StorageError(409, 'KeyAlreadyExists', 'The resource already exists', 'Duplicate'),
	bucketNotEmpty: () =>
		new StorageError(409, 'ResourceNotEmpty', 'The bucket you tried to delete is not empty'),
	tooLarge: () =>
		new StorageError(
			413,
			'EntityTooLarge',
			'The object exceeded the maximum allowed size',
			'Payload too large'
		),
	badType: (type: string) =>
		new StorageError(
			415,
			'InvalidMimeType',
			`mime type ${type} is not supported`,
			'invalid_mime_type'
		),
	badKey: (key: string) => new StorageError(400, 'InvalidKey', `Invalid key: ${key}`),
	badBucketName: () =>
		new StorageError(400, 'InvalidBucketName', 'Bucket name invalid', 'Invalid Input'),
	badRequest: (message: string) => new StorageError(400, 'InvalidRequest', message),
	badRange: () => new StorageError(400, 'InvalidRange', 'invalid range provided', 'invalid_range'),
	badToken: (message: string) => new StorageError(400, 'InvalidJWT', message),
	badSignature: () => new StorageError(400, 'InvalidSignature', 'Invalid signature'),
	notSupported: (feature: string) =>
		new StorageError(
			409,
			'FeatureNotEnabled',
			`The feature ${feature} is not enabled for this resource`
		),
	diskFull: () => new StorageError(507, 'InternalError', 'No space is left on the storage disk'),
	unavailable: () =>
		new StorageError(503, 'DatabaseUnavailable', 'The database is away. Try again in a moment.'),
	timeout: () =>
		new StorageError(544, 'DatabaseTimeout', 'The connection to the database timed out')
};

const BY_SQLSTATE: Record<string, () => StorageError> = {
	'42501': () => storageErrors.denied(),
	'23505': storageErrors.duplicate,
	'23503': storageErrors.noRelated,
	'57014': storageErrors.timeout,
	// bytes that are no text, such as an encoded zero
	'22021': () => storageErrors.badRequest('The name is not valid text')
};

/** What a failed statement or file operation means to the caller; unknown errors stay as they are. */
export function toStorageError(error: unknown): unknown {
	if (error instanceof StorageError) return error;
	const code = (error as { code?: string } | null)?.code ?? '';
	if (isUnavailable(error)) return storageErrors.unavailable();
	if (['ENOSPC', 'EDQUOT', '53100'].includes(code)) return storageErrors.diskFull();
	return BY_SQLSTATE[code]?.() ?? error;
}
