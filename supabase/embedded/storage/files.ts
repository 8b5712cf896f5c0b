/**
 * The bytes of objects on disk. A file is named by its object's version, a random uuid, so no name
 * a client chose ever reaches the file system; it is written once, never changed, and appears under
 * its name only when it is whole.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import {
	access,
	constants,
	copyFile,
	mkdir,
	open,
	readdir,
	rename,
	rm,
	stat
} from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { storageErrors } from './errors.ts';

const VERSION = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type StoredFile = { version: string; size: number; eTag: string };

export class ObjectFiles {
	#objects: string;
	#incoming: string;

	/** @param directory private directory of this installation, made when missing */
	constructor(directory: string) {
		this.#objects = join(directory, 'objects');
		this.#incoming = join(directory, 'incoming');
	}

	/** Makes the directories and forgets uploads that a crash interrupted. */
	async open(): Promise<void> {
		await rm(this.#incoming, { recursive: true, force: true });
		await mkdir(this.#incoming, { recursive: true, mode: 0o700 });
		await mkdir(this.#objects, { recursive: true, mode: 0o700 });
	}

	/** Where a version's bytes are. */
	path(version: string): string {
		if (!VERSION.test(version)) throw new Error(`Not a version: ${version}`);
		return join(this.#objects, version.slice(0, 2), version);
	}

	/**
	 * Stores a body as a new version.
	 * @param limit bytes; a longer body is refused without keeping any of it
	 */
	async write(body: Readable, limit: number): Promise<StoredFile> {
		const version = randomUUID();
		const draft = join(this.#incoming, version);
		try {
			const written = await writeDraft(draft, body, limit);
			await this.#publish(draft, version);
			return { version, ...written };
		} catch (error) {
			await rm(draft, { force: true });
			throw error;
		}
	}

	/** A second version with the same bytes. */
	async copy(version: string): Promise<string> {
		const next = randomUUID();
		const draft = join(this.#incoming, next);
		try {
			await copyFile(this.path(version), draft, constants.COPYFILE_FICLONE);
			await this.#publish(draft, next);
			return next;
		} catch (error) {
			await rm(draft, { force: true });
			throw error;
		}
	}

	read(version: string, range?: { start: number; end: number }): ReadStream {
		return createReadStream(this.path(version), range);
	}

	/** Size in bytes, or null when the file is gone. */
	async size(version: string): Promise<number | null> {
		return stat(this.path(version)).then(
			({ size }) => size,
			() => null
		);
	}

	/** Removes versions; a download under way still ends well. */
	async remove(versions: (string | null)[]): Promise<void> {
		for (const version of versions) {
			if (version && VERSION.test(version)) await rm(this.path(version), { force: true });
		}
	}

	/** Removes every file older than `before` that no row names: what crashes left behind. */
	async sweep(
		isKnown: (versions: string[]) => Promise<Set<string>>,
		before: Date
	): Promise<number> {
		let removed = 0;
		for (const shelf of await readdir(this.#objects)) {
			const versions = (await readdir(join(this.#objects, shelf))).filter((v) => VERSION.test(v));
			const known = await isKnown(versions);
			for (const version of versions) {
				if (known.has(version) || (await stat(this.path(version))).mtime >= before) continue;
				await this.remove([version]);
				removed++;
			}
		}
		return removed;
	}

	/** Whether files can be written at the moment. */
	async isWritable(): Promise<boolean> {
		return access(this.#incoming, constants.W_OK).then(
			() => true,
			() => false
		);
	}

	async #publish(draft: string, version: string): Promise<void> {
		const target = this.path(version);
		await mkdir(join(target, '..'), { recursive: true, mode: 0o700 });
		await rename(draft, target);
	}
}

async function writeDraft(
	draft: string,
	body: Readable,
	limit: number
): Promise<{ size: number; eTag: string }> {
	const hash = createHash('md5');
	const file = await open(draft, 'wx', 0o600);
	let size = 0;
	try {
		// not destroyed on refusal: the answer has to reach the client over the same connection
		for await (const chunk of body.iterator({ destroyOnReturn: false })) {
			const bytes = chunk as Uint8Array;
			size += bytes.length;
			if (size > limit) throw storageErrors.tooLarge();
			hash.update(bytes);
			await file.writeFile(bytes);
		}
		await file.sync();
	} finally {
		await file.close();
	}
	return { size, eTag: `"${hash.digest('hex')}"` };
}
