/** Sends a photo to Storage and says what it shows. Repeating either half has no second effect. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import type { Action } from './action.ts';

const BUCKET = 'order-photos';
const DUPLICATE = '23505';
const CONFLICT = ['409', 'Duplicate'];

export async function uploadPhoto(
	client: Client,
	{ path, photo_kind, bytes, order_id }: Extract<Action, { kind: 'photo' }>
): Promise<Result<null>> {
	const file = new Blob([bytes], { type: 'image/jpeg' });
	const stored = await client.storage.from(BUCKET).upload(path, file, { contentType: file.type });
	// the bytes of an earlier try whose answer was lost are the same bytes: the name is chosen once
	if (stored.error && !isThere(stored.error)) {
		const { status } = stored.error as { status?: number };
		return failed(stored.error, status ?? 0);
	}
	const { error, status } = await client
		.from('order_photos')
		.insert({ order_id: order_id ?? 0, path, kind: photo_kind });
	return error && error.code !== DUPLICATE ? failed(error, status) : ok(null);
}

function isThere(error: object): boolean {
	const { statusCode, error: word } = error as { statusCode?: string; error?: string };
	return CONFLICT.includes(String(statusCode)) || CONFLICT.includes(String(word));
}
