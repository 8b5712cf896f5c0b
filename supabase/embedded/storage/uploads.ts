/** An upload from the question whether it is allowed to the moment it is visible. */
import type { IncomingMessage } from 'node:http';
import type { Buckets } from './buckets.ts';
import { ownerOf, type Caller } from './caller.ts';
import { storageErrors } from './errors.ts';
import type { ObjectFiles } from './files.ts';
import { checkKey, checkType } from './limits.ts';
import type { How, Objects } from './objects.ts';
import { incomingFile } from './transfer.ts';

export type Uploader = { caller: Caller } | { signedFor: string | null };

export class Uploads {
	#buckets: Buckets;
	#objects: Objects;
	#files: ObjectFiles;
	#limit: number;

	/** @param limit bytes a file may have in any bucket */
	constructor(buckets: Buckets, objects: Objects, files: ObjectFiles, limit: number) {
		this.#buckets = buckets;
		this.#objects = objects;
		this.#files = files;
		this.#limit = limit;
	}

	/** Asks first, then reads: a stranger cannot fill the disk. */
	async receive(
		request: IncomingMessage,
		uploader: Uploader,
		bucketId: string,
		name: string,
		how: How
	): Promise<{ Id: string; Key: string }> {
		checkKey(name);
		const bucket = await this.#buckets.rules(bucketId);
		if (!bucket) throw storageErrors.noBucket();
		const limit = Math.min(bucket.file_size_limit ?? this.#limit, this.#limit);
		const caller = 'caller' in uploader ? uploader.caller : null;
		const target = { bucket_id: bucketId, name };
		if (caller) {
			const metadata = announced(request);
			await this.#objects.mayPut(caller, { ...target, metadata, user_metadata: null }, how);
		}
		const incoming = await incomingFile(request, limit);
		checkType(incoming.type, bucket.allowed_mime_types);
		const { version, size, eTag } = await this.#files.write(incoming.body, limit);
		const metadata = {
			eTag,
			size,
			mimetype: incoming.type,
			cacheControl: incoming.cacheControl,
			lastModified: new Date().toISOString(),
			contentLength: size,
			httpStatusCode: 200
		};
		const owner = caller ? ownerOf(caller) : signedOwner(uploader);
		return this.#objects.put(
			caller,
			{ ...target, ...owner, version, metadata, user_metadata: incoming.userMetadata },
			how
		);
	}
}

const signedOwner = (uploader: Uploader) =>
	'signedFor' in uploader ? { owner: uploader.signedFor, owner_id: uploader.signedFor } : {};

/** What is known of the file before it is read, for policies that look at it. */
function announced(request: IncomingMessage): Record<string, unknown> {
	const type = request.headers['content-type'] ?? 'application/octet-stream';
	const length = Number(request.headers['content-length']);
	return {
		...(type.startsWith('multipart/') ? {} : { mimetype: type }),
		...(Number.isInteger(length) ? { contentLength: length } : {})
	};
}
