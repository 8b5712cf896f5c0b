/** Photos of an order: where they are for an hour, and a new one with how far its upload is. */
import { newMutationId } from '$lib/board/board.ts';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import { photoPath } from '$lib/masters/photo.ts';
import type { Client } from '$lib/supabase/types.ts';

const BUCKET = 'order-photos';
export type PhotoKind = 'before' | 'after' | 'other';

/** Addresses of photos for an hour, by path. */
export async function photoUrls(client: Client, paths: string[]): Promise<Record<string, string>> {
	if (paths.length === 0) return {};
	const { data } = await client.storage.from(BUCKET).createSignedUrls(paths, 3600);
	return Object.fromEntries(
		(data ?? []).flatMap(({ path, signedUrl }) => (path && signedUrl ? [[path, signedUrl]] : []))
	);
}

/** Stores a JPEG and says what it shows; `onprogress` hears how much of it is there (0 to 1). */
export async function addPhoto(
	client: Client,
	order: number,
	{ kind, bytes }: { kind: PhotoKind; bytes: ArrayBuffer },
	onprogress: (part: number) => void
): Promise<Result<null>> {
	const path = photoPath(order, newMutationId());
	const place = await client.storage.from(BUCKET).createSignedUploadUrl(path);
	if (place.error) return failed(place.error, (place.error as { status?: number }).status ?? 0);
	const status = await put(place.data.signedUrl, bytes, onprogress);
	if (status < 200 || status > 299) return failed(new Error(`Storage answered ${status}.`), status);
	const row = await client.from('order_photos').insert({ order_id: order, path, kind });
	return row.error ? failed(row.error, row.status) : ok(null);
}

/** @returns the answer's status, 0 for none; fetch does not tell how much was sent, this does */
function put(url: string, bytes: ArrayBuffer, onprogress: (part: number) => void): Promise<number> {
	return new Promise((resolve) => {
		const request = new XMLHttpRequest();
		request.upload.onprogress = ({ loaded, total }) => onprogress(total > 0 ? loaded / total : 0);
		request.onloadend = () => resolve(request.status);
		request.open('PUT', url);
		request.setRequestHeader('content-type', 'image/jpeg');
		request.send(bytes);
	});
}
