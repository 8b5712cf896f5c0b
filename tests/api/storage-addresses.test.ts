// what is sent: signed and public addresses, ranges, types
import { createHash } from 'node:crypto';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let service: SupabaseClient;

beforeAll(async () => {
	stack = await startTestStack('empty');
	service = createClient(stack.url, stack.keys.secret, { auth: { persistSession: false } });
	await service.storage.createBucket('files');
	await service.storage.createBucket('public', { public: true });
	await service.storage.createBucket('small', {
		public: false,
		fileSizeLimit: 1_000,
		allowedMimeTypes: ['image/*', 'text/plain']
	});
});
afterAll(() => stack.dispose());

const files = () => service.storage.from('files');

describe('a signed address', () => {
	beforeAll(() => files().upload('deep/paper one.txt', 'signed words'));

	it('opens one object for its holder', async () => {
		const { data } = await files().createSignedUrl('deep/paper one.txt', 60);
		const answer = await fetch(data?.signedUrl ?? '');
		expect(await answer.text()).toBe('signed words');
		expect(answer.headers.get('expires')).toBeTruthy();
		const named = await files().createSignedUrl('deep/paper one.txt', 60, {
			download: 'offer 7.txt'
		});
		const saved = await fetch(named.data?.signedUrl ?? '');
		expect(saved.headers.get('content-disposition')).toContain('attachment; filename=offer');
		const many = await files().createSignedUrls(['deep/paper one.txt', 'none.txt'], 60);
		expect(many.data?.map(({ error }) => error === null)).toEqual([true, false]);
		expect(await (await fetch(many.data?.[0]?.signedUrl ?? '')).text()).toBe('signed words');
	});

	it('opens no other object, nothing after its end and nothing with another signature', async () => {
		const { data } = await files().createSignedUrl('deep/paper one.txt', 1);
		const url = data?.signedUrl ?? '';
		const other = await fetch(url.replace('paper%20one', 'other'));
		expect(await other.json()).toMatchObject({ code: 'InvalidSignature' });
		const upload = await fetch(url.replace('/object/sign/', '/object/upload/sign/'), {
			method: 'PUT',
			body: 'x'
		});
		expect(await upload.json()).toMatchObject({ code: 'InvalidSignature' });
		// signed with the sessions' secret, as a stolen session token would be
		const session = await new SignJWT({ url: 'files/deep/paper one.txt', purpose: 'download' })
			.setProtectedHeader({ alg: 'HS256' })
			.setExpirationTime('1h')
			.sign(new TextEncoder().encode(stack.secrets.jwtSecret));
		const forged = await fetch(url.replace(/token=.*/, `token=${session}`));
		expect(await forged.json()).toMatchObject({ code: 'InvalidJWT' });
		await new Promise((done) => setTimeout(done, 1_100));
		const late = await fetch(url);
		expect(late.status).toBe(400);
		expect(await late.json()).toMatchObject({ code: 'InvalidJWT' });
	});

	it('takes an upload, once unless it says otherwise', async () => {
		const { data } = await files().createSignedUploadUrl('in/box.txt');
		const guest = stack.anonymous().storage.from('files');
		const put = (token: string, text: string) =>
			guest.uploadToSignedUrl('in/box.txt', token, new Blob([text], { type: 'text/plain' }));
		expect((await put(data?.token ?? '', 'from a guest')).error).toBeNull();
		expect((await put(data?.token ?? '', 'again')).error).toMatchObject({ statusCode: '409' });
		expect(await (await files().download('in/box.txt')).data?.text()).toBe('from a guest');
		const over = await files().createSignedUploadUrl('in/box.txt', { upsert: true });
		expect((await put(over.data?.token ?? '', 'newer')).error).toBeNull();
		const elsewhere = await guest.uploadToSignedUrl('in/other.txt', data?.token ?? '', 'x');
		expect(elsewhere.error?.message).toBe('Invalid signature');
		const api = await fetch(`${stack.url}/storage/v1/bucket`, {
			headers: { apikey: stack.keys.publishable, authorization: `Bearer ${data?.token}` }
		});
		expect(api.status).toBe(400);
	});
});

describe('a public object', () => {
	it('is open to everybody, in parts, and not sent twice', async () => {
		await service.storage.from('public').upload('folder/price list.txt', '0123456789');
		const { data } = service.storage.from('public').getPublicUrl('folder/price list.txt');
		const whole = await fetch(data.publicUrl);
		expect(await whole.text()).toBe('0123456789');
		expect(whole.headers.get('cache-control')).toBe('max-age=3600');
		expect(whole.headers.get('x-content-type-options')).toBe('nosniff');
		const range = async (value: string) => {
			const answer = await fetch(data.publicUrl, { headers: { range: value } });
			return [answer.status, answer.headers.get('content-range'), await answer.text()];
		};
		expect(await range('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
		expect(await range('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
		expect(await range('bytes=8-')).toEqual([206, 'bytes 8-9/10', '89']);
		expect((await range('bytes=20-30'))[0]).toBe(400);
		const etag = whole.headers.get('etag') ?? '';
		expect(etag).toBe(`"${createHash('md5').update('0123456789').digest('hex')}"`);
		const again = await fetch(data.publicUrl, { headers: { 'if-none-match': etag } });
		expect(again.status).toBe(304);
		const named = service.storage.from('public').getPublicUrl('folder/price list.txt', {
			download: 'Ціни.txt'
		});
		const saved = (await fetch(named.data.publicUrl)).headers.get('content-disposition');
		expect(saved).toContain(`filename*=UTF-8''${encodeURIComponent('Ціни.txt')}`);
		const head = await fetch(data.publicUrl, { method: 'HEAD' });
		expect(head.headers.get('content-length')).toBe('10');
	});

	it('is no web page and no script', async () => {
		const bucket = service.storage.from('public');
		await bucket.upload('page.html', new Blob(['<script>1</script>'], { type: 'text/html' }));
		await bucket.upload('draw.svg', new Blob(['<svg/>'], { type: 'image/svg+xml' }));
		const page = await fetch(bucket.getPublicUrl('page.html').data.publicUrl);
		expect(page.headers.get('content-type')).toBe('text/plain');
		const drawing = await fetch(bucket.getPublicUrl('draw.svg').data.publicUrl);
		expect(drawing.headers.get('content-security-policy')).toBe('sandbox');
	});
});
