import { expect, test } from 'vitest';
import { POST } from './+server.ts';

/** What the endpoint throws or answers, as a status. */
async function statusOf(type: string | null, body: BodyInit): Promise<number> {
	const url = new URL('http://localhost/preferences');
	const request = new Request(url, { method: 'POST', body });
	if (type === null) request.headers.delete('content-type');
	else request.headers.set('content-type', type);
	const event = { request, url, cookies: { set: () => {} } } as unknown as Parameters<
		typeof POST
	>[0];
	return POST(event).then(
		() => 200,
		(thrown: { status?: number }) => thrown.status ?? 500
	);
}

test('takes forms', async () => {
	expect(await statusOf('application/x-www-form-urlencoded', 'theme=dark&back=/')).toBe(303);
});

test('anything but a form is refused', async () => {
	expect(await statusOf('application/json', '{"theme":"dark"}')).toBe(415);
	expect(await statusOf(null, 'theme=dark')).toBe(415);
});

test('a form that cannot be read is refused', async () => {
	expect(await statusOf('multipart/form-data', 'theme=dark')).toBe(400);
});
