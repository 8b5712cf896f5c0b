// what is stored: limits, names, big files, crashes
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start } from '../../supabase/embedded/start.ts';
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
const onDisk = () =>
	readdirSync(join(stack.home, 'storage/objects'), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map(({ name }) => name);

describe('limits', () => {
	it('refuses a file beyond the bucket’s size, known or found out on the way', async () => {
		const small = service.storage.from('small');
		const big = Buffer.alloc(1_001, 'x');
		const tooBig = { message: 'The object exceeded the maximum allowed size', statusCode: '413' };
		expect((await small.upload('a.txt', big, { contentType: 'text/plain' })).error).toMatchObject(
			tooBig
		);
		const before = onDisk().length;
		// a stream tells no length
		const stream = new ReadableStream({
			start: (controller) => {
				for (let i = 0; i < 40; i++) controller.enqueue(new Uint8Array(100));
				controller.close();
			}
		});
		expect(
			(await small.upload('b.txt', stream, { contentType: 'text/plain' })).error
		).toMatchObject(tooBig);
		expect(
			(await small.upload('c.png', new Blob([big], { type: 'image/png' }))).error
		).toMatchObject(tooBig);
		expect(onDisk()).toHaveLength(before);
		expect(readdirSync(join(stack.home, 'storage/incoming'))).toEqual([]);
		expect((await small.upload('d.txt', 'x'.repeat(1_000))).error).toBeNull();
	});

	it('refuses beyond the installation’s limit and goes on', async () => {
		const { error } = await files().upload('huge.bin', Buffer.alloc(22_000_000));
		expect(error).toMatchObject({ statusCode: '413' });
		expect((await files().upload('after.txt', 'fine')).error).toBeNull();
	});

	it('takes only the bucket’s types', async () => {
		const small = service.storage.from('small');
		const { error } = await small.upload('x.zip', new Blob(['x'], { type: 'application/zip' }));
		expect(error).toMatchObject({
			statusCode: '415',
			message: 'mime type application/zip is not supported'
		});
		expect(
			(await small.upload('x.webp', new Blob(['x'], { type: 'image/webp' }))).error
		).toBeNull();
		expect((await small.upload('x.txt', 'x')).error).toBeNull();
	});

	it.each([
		'../up.txt',
		'a/../../b.txt',
		'/etc/passwd',
		'скрипка.png',
		'a\\b',
		'a\0b',
		'x'.repeat(1_025)
	])('refuses the key %s', async (key) => {
		const answer = await fetch(`${stack.url}/storage/v1/object/files/${encodeURIComponent(key)}`, {
			method: 'POST',
			headers: { apikey: stack.keys.secret, 'content-type': 'text/plain' },
			body: 'x'
		});
		expect(answer.status).toBe(400);
		expect(await answer.json()).toMatchObject({ code: 'InvalidKey' });
		const move = await files().move('after.txt', key);
		expect(move.error?.message).toContain('Invalid key');
	});
});

it('lists every page by cursor and folders by delimiter', async () => {
	const bucket = service.storage.from('public');
	for (const name of ['l/1.txt', 'l/2.txt', 'l/m/3.txt', 'l/n/4.txt', 'lx.txt']) {
		await bucket.upload(name, name);
	}
	const first = await bucket.listV2({ prefix: 'l/', limit: 3 });
	expect(first.data?.objects.map(({ name }) => name)).toEqual(['l/1.txt', 'l/2.txt', 'l/m/3.txt']);
	const cursor = first.data?.nextCursor as string;
	const second = await bucket.listV2({ prefix: 'l/', limit: 3, cursor });
	expect(second.data).toMatchObject({ hasNext: false, objects: [{ name: 'l/n/4.txt' }] });
	const folders = await bucket.listV2({ prefix: 'l/', with_delimiter: true });
	expect(folders.data?.folders.map(({ name }) => name)).toEqual(['l/m/', 'l/n/']);
	expect(folders.data?.objects).toHaveLength(2);
	const byTime = await bucket.list('l', {
		sortBy: { column: 'created_at', order: 'desc' },
		limit: 2
	});
	expect(byTime.data?.map(({ name }) => name)).toEqual(['2.txt', '1.txt']);
	// % and _ mean themselves
	expect((await bucket.list('_')).data).toEqual([]);
});

describe('bytes', () => {
	it('of 20 MB come back as they went, in several at once', async () => {
		const bytes = randomBytes(20_000_000);
		const paths = ['raw.bin', 'form.bin'];
		const started = await Promise.all([
			files().upload('raw.bin', bytes, { contentType: 'application/octet-stream' }),
			files().upload('form.bin', new Blob([bytes]))
		]);
		expect(started.map(({ error }) => error)).toEqual([null, null]);
		for (const path of paths) {
			const back = Buffer.from(await ((await files().download(path)).data as Blob).arrayBuffer());
			expect(back.equals(bytes)).toBe(true);
		}
		await files().remove(paths);
	});

	it('are private files named by a uuid, one for each object', async () => {
		await files().upload('same.txt', 'one');
		await files().upload('same.txt', 'two', { upsert: true });
		await files().upload('empty.txt', '');
		const [known] = await versions();
		expect(onDisk().sort()).toEqual(known);
		expect(statSync(join(stack.home, 'storage/objects')).mode & 0o777).toBe(0o700);
	});

	it('of an upload that breaks off leave nothing', async () => {
		const before = onDisk();
		const abort = new AbortController();
		const broken = fetch(`${stack.url}/storage/v1/object/files/broken.bin`, {
			method: 'POST',
			headers: { apikey: stack.keys.secret, 'content-type': 'text/plain' },
			body: new ReadableStream({
				pull: async (controller) => {
					controller.enqueue(new Uint8Array(10_000));
					await new Promise((done) => setTimeout(done, 20));
				}
			}),
			duplex: 'half',
			signal: abort.signal
		} as RequestInit).catch(() => null);
		await new Promise((done) => setTimeout(done, 300));
		abort.abort();
		await broken;
		await expect.poll(() => readdirSync(join(stack.home, 'storage/incoming')).length).toBe(0);
		expect(onDisk()).toEqual(before);
		expect((await files().download('broken.bin')).error?.message).toBe('Object not found');
	});

	it('survive twenty writers of one name: one whole file stays', async () => {
		const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(5_000));
		const answers = await Promise.all(
			texts.map((text) => files().upload('race.txt', text, { upsert: true }))
		);
		expect(answers.filter(({ error }) => error)).toEqual([]);
		expect(texts).toContain(await (await files().download('race.txt')).data?.text());
		const [known] = await versions();
		expect(onDisk().sort()).toEqual(known);
	});

	it('of a crashed upload are swept at the next start, the others stay', async () => {
		const orphan = randomUUID();
		const place = join(stack.home, 'storage/objects', orphan.slice(0, 2));
		mkdirSync(place, { recursive: true });
		writeFileSync(join(place, orphan), 'left behind');
		utimesSync(join(place, orphan), new Date(0), new Date(0));
		const { url } = stack;
		await stack.stop();
		const again = await start({ home: stack.home, ports: stack.ports });
		stack.stop = () => again.stop();
		await expect.poll(() => existsSync(join(place, orphan))).toBe(false);
		const answer = await fetch(`${url}/storage/v1/object/files/race.txt`, {
			headers: { apikey: stack.keys.secret }
		});
		expect(answer.status).toBe(200);
	});
});

async function versions(): Promise<[string[]]> {
	const { default: postgres } = await import('postgres');
	const sql = postgres(stack.dbUrl, { max: 1 });
	const rows = await sql<{ version: string }[]>`select version from storage.objects order by 1`;
	await sql.end();
	return [rows.map(({ version }) => version)];
}
