/** The operations of the Storage API: method, path, name and what is done. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sql } from 'postgres';
import { z } from 'zod';
import { parse, type Buckets } from './buckets.ts';
import type { Caller } from './caller.ts';
import { storageErrors } from './errors.ts';
import type { ObjectFiles } from './files.ts';
import { listFolder, listPage } from './listing.ts';
import type { Objects, StoredObject } from './objects.ts';
import type { SignedUrls } from './signed-urls.ts';
import type { Signatures } from './signing.ts';
import { sendObject } from './transfer.ts';
import type { Uploads } from './uploads.ts';

export type Parts = {
	sql: Sql;
	files: ObjectFiles;
	buckets: Buckets;
	objects: Objects;
	signatures: Signatures;
	signedUrls: SignedUrls;
	uploads: Uploads;
};

export type Exchange = Parts & {
	request: IncomingMessage;
	response: ServerResponse;
	query: URLSearchParams;
	bucket: string;
	/** the object's key, decoded */
	name: string;
	/** `x-upsert: true` */
	upsert: boolean;
	json(): Promise<unknown>;
};

/** What it returns is sent as JSON; undefined when it has answered itself. */
export type Operation<C> = {
	method: string;
	path: RegExp;
	/** what policies read with storage.operation() */
	name: string;
	work(exchange: Exchange, caller: C): Promise<unknown>;
};

const BUCKETS = /^\/bucket\/?$/;
const BUCKET = /^\/bucket\/([^/]+)$/;
const OBJECT = /^\/object\/([^/]+)\/(.+)$/;
const Prefixes = z.object({ prefixes: z.array(z.string()).min(1).max(1000) });

const operation = <C>(
	method: string,
	path: RegExp,
	name: string,
	work: Operation<C>['work']
): Operation<C> => ({ method, path, name, work });

/** For everybody: public objects and the holders of signed addresses. */
export const OPEN: Operation<null>[] = [
	operation('GET', /^\/(status|version)$/, 'status', async () => ({ status: 'ok' })),
	operation('GET', /^\/object\/public\/([^/]+)\/(.+)$/, 'object.get_public', async (x) =>
		send(x, await publicObject(x))
	),
	operation('GET', /^\/object\/info\/public\/([^/]+)\/(.+)$/, 'object.get_public_info', async (x) =>
		information(await publicObject(x))
	),
	operation('GET', /^\/object\/sign\/([^/]+)\/(.+)$/, 'object.get_signed', async (x) => {
		const { expires } = await verify(x, 'download');
		return send(x, await x.objects.find(null, x.bucket, x.name), expires);
	}),
	operation('PUT', /^\/object\/upload\/sign\/([^/]+)\/(.+)$/, 'object.upload_signed', async (x) => {
		const { owner, upsert } = await verify(x, 'upload');
		const how = upsert ? 'upsert' : 'insert';
		return x.uploads.receive(x.request, { signedFor: owner }, x.bucket, x.name, how);
	})
];

/** Who has no credentials is answered as if a private bucket did not exist. */
export const READING: Operation<Caller | null>[] = [
	operation(
		'GET',
		/^\/object\/info\/(?:authenticated\/)?([^/]+)\/(.+)$/,
		'object.get_authenticated_info',
		async (x, caller) => information(await seenObject(x, caller))
	),
	operation(
		'GET',
		/^\/object\/(?:authenticated\/)?([^/]+)\/(.+)$/,
		'storage.object.get_authenticated',
		async (x, caller) => send(x, await seenObject(x, caller))
	)
];

/** For callers with a key or a token; row-level security decides. */
export const PROTECTED: Operation<Caller>[] = [
	operation('POST', BUCKETS, 'storage.bucket.create', async (x, caller) =>
		x.buckets.create(caller, await x.json())
	),
	operation('GET', BUCKETS, 'storage.bucket.list', (x, caller) => x.buckets.list(caller, x.query)),
	operation('GET', BUCKET, 'storage.bucket.get', (x, caller) => x.buckets.get(caller, x.bucket)),
	operation('PUT', BUCKET, 'storage.bucket.update', async (x, caller) =>
		x.buckets.update(caller, x.bucket, await x.json())
	),
	operation('DELETE', BUCKET, 'storage.bucket.delete', (x, caller) =>
		x.buckets.remove(caller, x.bucket)
	),
	operation('POST', /^\/bucket\/([^/]+)\/empty$/, 'storage.bucket.empty', (x, caller) =>
		x.buckets.empty(caller, x.bucket)
	),
	operation('POST', /^\/object\/list\/([^/]+)$/, 'storage.object.list', async (x, caller) =>
		listFolder(x.sql, caller, x.bucket, await x.json())
	),
	operation('POST', /^\/object\/list-v2\/([^/]+)$/, 'storage.object.list_v2', async (x, caller) =>
		listPage(x.sql, caller, x.bucket, await x.json())
	),
	operation('POST', /^\/object\/move$/, 'storage.object.move', async (x, caller) =>
		x.objects.move(caller, await x.json())
	),
	operation('POST', /^\/object\/copy$/, 'storage.object.copy', async (x, caller) =>
		x.objects.copy(caller, await x.json(), x.upsert)
	),
	operation('POST', /^\/object\/sign\/([^/]+)$/, 'storage.object.sign_many', async (x, caller) =>
		x.signedUrls.many(caller, x.bucket, await x.json())
	),
	operation('POST', /^\/object\/sign\/([^/]+)\/(.+)$/, 'storage.object.sign', async (x, caller) =>
		x.signedUrls.one(caller, x.bucket, x.name, await x.json())
	),
	operation(
		'POST',
		/^\/object\/upload\/sign\/([^/]+)\/(.+)$/,
		'storage.object.sign_upload_url',
		(x, caller) => x.signedUrls.upload(caller, x.bucket, x.name, x.upsert)
	),
	operation('DELETE', /^\/object\/([^/]+)$/, 'storage.object.delete_many', async (x, caller) =>
		x.objects.remove(caller, x.bucket, parse(Prefixes, await x.json()).prefixes)
	),
	operation('DELETE', OBJECT, 'storage.object.delete', async (x, caller) => {
		const removed = await x.objects.remove(caller, x.bucket, [x.name]);
		if (removed.length === 0) throw storageErrors.noObject();
		return { message: 'Successfully deleted' };
	}),
	operation('POST', OBJECT, 'storage.object.upload', (x, caller) =>
		x.uploads.receive(x.request, { caller }, x.bucket, x.name, x.upsert ? 'upsert' : 'insert')
	),
	operation('PUT', OBJECT, 'storage.object.upload_update', (x, caller) =>
		x.uploads.receive(x.request, { caller }, x.bucket, x.name, 'update')
	)
];

const verify = (x: Exchange, purpose: 'download' | 'upload') =>
	x.signatures.verify(x.query.get('token'), purpose, `${x.bucket}/${x.name}`);

async function publicObject(x: Exchange): Promise<StoredObject> {
	if (!(await x.buckets.rules(x.bucket))?.public) throw storageErrors.noBucket();
	return x.objects.find(null, x.bucket, x.name);
}

async function seenObject(x: Exchange, caller: Caller | null): Promise<StoredObject> {
	const bucket = await x.buckets.rules(x.bucket);
	if (!bucket || (!bucket.public && !caller)) throw storageErrors.noBucket();
	return x.objects.find(bucket.public ? null : caller, x.bucket, x.name);
}

async function send(x: Exchange, object: StoredObject, expires?: Date): Promise<undefined> {
	const download = x.query.get('download');
	const outgoing = { download, ...(expires ? { expires } : {}) };
	await sendObject(x.request, x.response, x.files, object, outgoing);
}

const information = ({ metadata, ...object }: StoredObject) => ({
	id: object.id,
	name: object.name,
	version: object.version,
	bucket_id: object.bucket_id,
	size: metadata?.size ?? null,
	content_type: metadata?.mimetype ?? null,
	cache_control: metadata?.cacheControl ?? null,
	etag: metadata?.eTag ?? null,
	metadata: object.user_metadata,
	last_modified: object.updated_at,
	created_at: object.created_at
});
