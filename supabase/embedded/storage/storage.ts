/**
 * The Storage API at `/storage/v1`: what supabase-js's `storage` speaks, on local files and
 * `storage.objects` with row-level security. Our own, because the one in @supabase/lite 0.10.0
 * refuses a browser's Blob, answers signed addresses under names supabase-js does not read, lists
 * no folders and keeps uploads in memory (docs/decisions/0005-storage.md).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sql } from 'postgres';
import type { Identities } from '../gateway/identity.ts';
import { GatewayError, sendJson } from '../gateway/web.ts';
import type { Log } from '../log.ts';
import { openPool } from '../postgres/pool.ts';
import { noteFailure } from '../request.ts';
import { Buckets } from './buckets.ts';
import { StorageError, storageErrors, toStorageError } from './errors.ts';
import { ObjectFiles } from './files.ts';
import { Objects } from './objects.ts';
import type { Parts } from './operations.ts';
import { routeStorage } from './routes.ts';
import { SignedUrls } from './signed-urls.ts';
import { Signatures } from './signing.ts';
import { Uploads } from './uploads.ts';

export type StorageOptions = {
	/** private directory for the files */
	directory: string;
	/** superuser's URL: a connection becomes the caller for each transaction */
	databaseUrl: string;
	identities: Identities;
	jwtSecret: string;
	/** bytes a file may have in any bucket */
	fileSizeLimit: number;
	log: Log;
};

export type Storage = {
	handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
	/** whether files can be written at the moment */
	healthy(): Promise<boolean>;
	stop(): Promise<void>;
};

export async function startStorage(options: StorageOptions): Promise<Storage> {
	const { identities, log } = options;
	const sql = openPool(options.databaseUrl, { max: 8, idle_timeout: 60 });
	const files = new ObjectFiles(options.directory);
	await files.open();
	const started = new Date();
	const buckets = new Buckets(sql, files);
	const objects = new Objects(sql, files, buckets);
	const signatures = new Signatures(options.jwtSecret);
	const parts: Parts = {
		sql,
		files,
		buckets,
		objects,
		signatures,
		signedUrls: new SignedUrls(sql, objects, buckets, signatures),
		uploads: new Uploads(buckets, objects, files, options.fileSizeLimit)
	};
	// what a crash left between writing a file and recording it; nobody waits for this
	files
		.sweep((versions) => knownVersions(sql, versions), started)
		.then(
			(removed) => removed > 0 && log('storage_swept', { removed }),
			(error: unknown) => log('storage_sweep_failed', { error: String(error) })
		);
	return {
		handle: (request, response) =>
			routeStorage(parts, identities, request, response).catch((error: unknown) =>
				refuse(request, response, error)
			),
		healthy: () => files.isWritable(),
		stop: () => sql.end({ timeout: 2 })
	};
}

async function knownVersions(sql: Sql, versions: string[]): Promise<Set<string>> {
	const rows = await sql<{ version: string }[]>`
		select version from storage.objects where version = any(${versions})`;
	return new Set(rows.map(({ version }) => version));
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
	// read to the end, so that a client still sending hears the answer
	request.resume();
	if (response.headersSent) {
		response.destroy();
		return;
	}
	const tooLarge = error instanceof GatewayError && error.status === 413;
	const known = tooLarge ? storageErrors.tooLarge() : toStorageError(error);
	if (!(known instanceof StorageError)) {
		noteFailure(error);
		const body = { statusCode: '500', code: 'InternalError', error: 'InternalError' };
		sendJson(response, 500, { ...body, message: 'Internal server error' });
		return;
	}
	if (known.status >= 500) noteFailure(error);
	sendJson(response, known.status, known.body, known.headers);
}
