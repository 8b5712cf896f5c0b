// supabase-js's storage, unmodified, against the embedded Storage API
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let owner: Sql;
/** the secret key: above row-level security */
let service: SupabaseClient;
let master: SupabaseClient;

beforeAll(async () => {
	stack = await startTestStack('demo');
	owner = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
	// as a migration would, with the rights of a migration
	await owner.unsafe(`
		insert into storage.buckets (id, name, public) values ('open', 'open', true);
		insert into storage.buckets (id, name, file_size_limit, allowed_mime_types)
			values ('photos', 'photos', 1000000, array['image/*', 'application/pdf', 'text/plain']);
		create policy "people see photos" on storage.objects
			for select to authenticated using (bucket_id = 'photos');
		create policy "people add photos to their folder" on storage.objects
			for insert to authenticated
			with check (bucket_id = 'photos' and (storage.foldername(name))[1] = (select auth.uid()::text));
		create policy "people replace their photos" on storage.objects
			for update to authenticated using (bucket_id = 'photos' and owner_id = (select auth.uid()::text));
		create policy "people remove their photos" on storage.objects
			for delete to authenticated using (bucket_id = 'photos' and owner_id = (select auth.uid()::text));
	`);
	service = createClient(stack.url, stack.keys.secret, { auth: { persistSession: false } });
	master = await stack.signIn('master');
});
afterAll(async () => {
	await owner.end();
	await stack.dispose();
});

const idOf = async (client: SupabaseClient) =>
	(await client.auth.getUser()).data.user?.id as string;
const png = (text: string) => new Blob([text], { type: 'image/png' });

describe('a person with policies', () => {
	it('uploads, reads, describes, lists and removes', async () => {
		const folder = await idOf(master);
		const photos = master.storage.from('photos');
		const path = `${folder}/violin front.png`;
		const { data, error } = await photos.upload(path, png('first'), {
			metadata: { order: 7, note: 'дека' }
		});
		expect(error).toBeNull();
		expect(data).toMatchObject({ path, fullPath: `photos/${path}` });
		expect(await (await photos.download(path)).data?.text()).toBe('first');

		const { data: info } = await photos.info(path);
		expect(info).toMatchObject({
			id: data?.id,
			name: path,
			size: 5,
			contentType: 'image/png',
			cacheControl: 'max-age=3600',
			metadata: { order: 7, note: 'дека' }
		});
		expect((await photos.exists(path)).data).toBe(true);
		expect((await photos.exists(`${folder}/nothing.png`)).data).toBe(false);

		await photos.upload(`${folder}/sub/deep.png`, png('deep'));
		const { data: listed } = await photos.list(folder);
		expect(listed?.map(({ name, id }) => [name, id === null])).toEqual([
			['sub', true],
			['violin front.png', false]
		]);
		expect(listed?.[1]?.metadata).toMatchObject({ size: 5, mimetype: 'image/png' });
		const { data: found } = await photos.list(folder, { search: 'VIOLIN' });
		expect(found).toHaveLength(1);

		const { data: removed } = await photos.remove([path, `${folder}/sub/deep.png`, 'nothing']);
		expect(removed?.map(({ name }) => name).sort()).toEqual(
			[`${folder}/sub/deep.png`, path].sort()
		);
		expect((await photos.download(path)).error?.message).toBe('Object not found');
	});

	it('belongs to who uploaded it', async () => {
		const folder = await idOf(master);
		await master.storage.from('photos').upload(`${folder}/owned.png`, png('x'));
		const [row] = await owner`
			select owner::text, owner_id from storage.objects where name = ${`${folder}/owned.png`}`;
		expect(row).toEqual({ owner: folder, owner_id: folder });
	});

	it('replaces only with upsert or update, and only what exists', async () => {
		const photos = master.storage.from('photos');
		const path = `${await idOf(master)}/again.png`;
		await photos.upload(path, png('one'));
		const twice = await photos.upload(path, png('two'));
		expect(twice.error).toMatchObject({
			message: 'The resource already exists',
			statusCode: '409'
		});
		expect((await photos.upload(path, png('three'), { upsert: true })).error).toBeNull();
		expect((await photos.update(path, png('four'))).error).toBeNull();
		expect(await (await photos.download(path)).data?.text()).toBe('four');
		expect((await photos.update(`${path}.none`, png('five'))).error?.message).toBe(
			'Object not found'
		);
	});

	it('moves and copies', async () => {
		const photos = master.storage.from('photos');
		const folder = await idOf(master);
		await photos.upload(`${folder}/a.png`, png('a'));
		expect((await photos.move(`${folder}/a.png`, `${folder}/b.png`)).error).toBeNull();
		const copied = await photos.copy(`${folder}/b.png`, `${folder}/c.png`);
		expect(copied.data?.path).toBe(`photos/${folder}/c.png`);
		await photos.remove([`${folder}/b.png`]);
		expect(await (await photos.download(`${folder}/c.png`)).data?.text()).toBe('a');
		expect((await photos.download(`${folder}/a.png`)).error).not.toBeNull();
		expect((await photos.copy(`${folder}/none.png`, `${folder}/d.png`)).error?.message).toBe(
			'Object not found'
		);
	});
});

describe('a stranger is refused', () => {
	it('to write into another folder, by every way', async () => {
		const foreign = `${await idOf(master)}/owned.png`;
		const other = await stack.signIn('coordinator');
		const photos = other.storage.from('photos');
		const denied = { message: 'new row violates row-level security policy', statusCode: '403' };
		expect((await photos.upload(`${foreign}.new`, png('x'))).error).toMatchObject(denied);
		expect((await photos.upload(foreign, png('x'), { upsert: true })).error).toMatchObject(denied);
		expect((await photos.update(foreign, png('x'))).error?.message).toBe('Object not found');
		expect((await photos.move(foreign, `${await idOf(other)}/mine.png`)).error).toMatchObject(
			denied
		);
		expect((await photos.copy(foreign, `${foreign}.copy`)).error).toMatchObject(denied);
		expect((await photos.createSignedUploadUrl(`${foreign}.new`)).error).toMatchObject(denied);
		expect((await photos.remove([foreign])).data).toEqual([]);
		expect(await (await photos.download(foreign)).data?.text()).toBe('x');
	});

	it('to see anything without signing in', async () => {
		const path = `${await idOf(master)}/owned.png`;
		const photos = stack.anonymous().storage.from('photos');
		expect((await photos.download(path)).error?.message).toBe('Object not found');
		expect((await photos.list(await idOf(master))).data).toEqual([]);
		expect((await photos.createSignedUrl(path, 60)).error?.message).toBe('Object not found');
		const [signed] = (await photos.createSignedUrls([path], 60)).data ?? [];
		expect(signed).toMatchObject({ signedUrl: null, error: expect.stringContaining('access') });
		expect((await photos.upload('x.png', png('x'))).error?.message).toMatch(/row-level security/);
		const bare = await fetch(`${stack.url}/storage/v1/object/photos/${path}`);
		expect(await bare.json()).toMatchObject({ statusCode: '404', message: 'Bucket not found' });
		const asPublic = await fetch(`${stack.url}/storage/v1/object/public/photos/${path}`);
		expect(await asPublic.json()).toMatchObject({ message: 'Bucket not found' });
	});

	it('to see or change buckets', async () => {
		expect((await master.storage.listBuckets()).data).toEqual([]);
		expect((await master.storage.getBucket('photos')).error?.message).toBe('Bucket not found');
		expect((await master.storage.createBucket('mine')).error?.message).toMatch(/row-level/);
		expect((await master.storage.updateBucket('photos', { public: true })).error).not.toBeNull();
		expect((await master.storage.emptyBucket('photos')).error).not.toBeNull();
		expect((await master.storage.deleteBucket('photos')).error?.message).toBe('Bucket not found');
		const [row] = await owner`select public from storage.buckets where id = 'photos'`;
		expect(row?.public).toBe(false);
	});

	it('with a forged, expired or foreign token', async () => {
		for (const bearer of ['nonsense', `${stack.secrets.anonKey}x`]) {
			const answer = await fetch(`${stack.url}/storage/v1/bucket`, {
				headers: { apikey: stack.keys.publishable, authorization: `Bearer ${bearer}` }
			});
			expect(answer.status).toBe(400);
			expect(await answer.json()).toMatchObject({ statusCode: '403', error: 'Unauthorized' });
		}
		const none = await fetch(`${stack.url}/storage/v1/bucket`);
		expect((await none.json()).message).toContain("required property 'authorization'");
	});

	it('with the secret key from a browser', async () => {
		const answer = await fetch(`${stack.url}/storage/v1/bucket`, {
			headers: { apikey: stack.keys.secret, 'user-agent': 'Mozilla/5.0 (X11)' }
		});
		expect(await answer.json()).toMatchObject({ statusCode: '403' });
	});
});

describe('the secret key', () => {
	it('makes, lists, changes, empties and deletes buckets', async () => {
		const made = await service.storage.createBucket('papers', {
			public: false,
			fileSizeLimit: '2MB',
			allowedMimeTypes: ['application/pdf']
		});
		expect(made.data?.name).toBe('papers');
		expect((await service.storage.createBucket('papers')).error).toMatchObject({
			statusCode: '409'
		});
		expect((await service.storage.createBucket('a/b')).error?.message).toBe('Bucket name invalid');
		const { data } = await service.storage.getBucket('papers');
		expect(data).toMatchObject({
			public: false,
			file_size_limit: 2_000_000,
			allowed_mime_types: ['application/pdf']
		});
		await service.storage.updateBucket('papers', { public: true, fileSizeLimit: null });
		expect((await service.storage.getBucket('papers')).data).toMatchObject({
			public: true,
			file_size_limit: null
		});
		const pdf = new Blob(['%PDF'], { type: 'application/pdf' });
		await service.storage.from('papers').upload('contract.pdf', pdf);
		expect((await service.storage.deleteBucket('papers')).error).toMatchObject({
			message: 'The bucket you tried to delete is not empty'
		});
		expect((await service.storage.emptyBucket('papers')).error).toBeNull();
		expect((await service.storage.deleteBucket('papers')).error).toBeNull();
		const names = (await service.storage.listBuckets()).data?.map(({ name }) => name);
		expect(names).toEqual(['open', 'order-photos', 'photos']);
	});

	it('reads and writes past every policy', async () => {
		const photos = service.storage.from('photos');
		expect((await photos.upload('anywhere.png', png('s'))).error).toBeNull();
		expect(await (await photos.download('anywhere.png')).data?.text()).toBe('s');
		const [row] = await owner`select owner_id from storage.objects where name = 'anywhere.png'`;
		expect(row?.owner_id).toBeNull();
	});
});

it('lets migrations make policies here, and plain SQL delete nothing', async () => {
	await owner`create policy "none" on storage.objects for select to anon using (false)`;
	await owner`drop policy "none" on storage.objects`;
	await expect(owner`delete from storage.objects`).rejects.toMatchObject({ code: '42501' });
});

it('grants the API roles rows under row-level security and nothing else', async () => {
	const grants = await owner`
		select table_name, string_agg(privilege_type, ' ' order by privilege_type) as rights
		from information_schema.role_table_grants
		where table_schema = 'storage' and grantee in ('anon', 'authenticated', 'PUBLIC')
		group by table_name, grantee`;
	expect(grants).toHaveLength(4);
	for (const { rights } of grants) expect(rights).toBe('DELETE INSERT SELECT UPDATE');
	const open = await owner`
		select relname from pg_class where relnamespace = 'storage'::regnamespace
			and relkind = 'r' and not relrowsecurity`;
	expect(open).toEqual([]);
	const rest = await fetch(`${stack.url}/rest/v1/objects`, {
		headers: { apikey: stack.keys.publishable, 'accept-profile': 'storage' }
	});
	expect(rest.status).toBe(406);
});
