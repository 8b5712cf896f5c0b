/**
 * Caught mails on disk: `<id>.eml` as it came, `<id>.json` what is shown in the list. Ids are times,
 * so that their order is the order of arrival; only the newest are kept.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { z } from 'zod';

const Message = z.object({
	id: z.string(),
	/** when it arrived, ISO 8601 */
	at: z.string(),
	from: z.string(),
	/** the envelope's recipients: who really gets it */
	to: z.array(z.string()),
	subject: z.string(),
	text: z.string(),
	html: z.string().nullable(),
	attachments: z.array(z.object({ filename: z.string(), type: z.string(), size: z.number() }))
});
export type Message = z.infer<typeof Message>;

export const KEPT_MESSAGES = 500;

const ID = /^\d{13}-[0-9a-f]{8}$/;

export class Inbox {
	#directory: string;
	#kept: number;
	#messages: Message[] = [];
	#last = 0;

	constructor(directory: string, kept: number = KEPT_MESSAGES) {
		this.#directory = directory;
		this.#kept = kept;
	}

	/** Reads what an earlier run caught; a damaged file is left out, not fatal. */
	async open(): Promise<void> {
		await mkdir(this.#directory, { recursive: true, mode: 0o700 });
		for (const file of (await readdir(this.#directory)).sort()) {
			if (!file.endsWith('.json')) continue;
			const text = await readFile(join(this.#directory, file), 'utf8');
			const parsed = Message.safeParse(safeJson(text));
			if (parsed.success && ID.test(parsed.data.id)) this.#messages.push(parsed.data);
		}
		await this.#forgetOldest();
	}

	/** Newest first; only those to an address when one is given. */
	list(to?: string): Message[] {
		const wanted = to?.toLowerCase();
		const found = wanted
			? this.#messages.filter((message) => message.to.some((one) => one.toLowerCase() === wanted))
			: [...this.#messages];
		return found.reverse();
	}

	get(id: string): Message | undefined {
		return this.#messages.find((message) => message.id === id);
	}

	/** The mail as it came. */
	raw(id: string): Promise<Buffer> {
		return readFile(this.#path(id, 'eml'));
	}

	async attachment(id: string, index: number) {
		const parsed = await PostalMime.parse(await this.raw(id));
		const found = parsed.attachments[index];
		if (!found) return undefined;
		const { content } = found;
		const bytes = Buffer.from(typeof content === 'string' ? content : new Uint8Array(content));
		return { filename: found.filename ?? `attachment-${index + 1}`, type: found.mimeType, bytes };
	}

	/** Keeps a mail; it is on disk when this resolves. */
	async add(raw: Buffer, from: string, to: string[]): Promise<Message> {
		const parsed = await PostalMime.parse(raw);
		this.#last = Math.max(Date.now(), this.#last + 1);
		const message: Message = {
			id: `${this.#last}-${randomBytes(4).toString('hex')}`,
			at: new Date(this.#last).toISOString(),
			from: parsed.from?.address ? formatted(parsed.from.name, parsed.from.address) : from,
			to,
			subject: parsed.subject ?? '',
			text: parsed.text ?? '',
			html: parsed.html ?? null,
			attachments: parsed.attachments.map((one, index) => ({
				filename: one.filename ?? `attachment-${index + 1}`,
				type: one.mimeType,
				size: typeof one.content === 'string' ? one.content.length : one.content.byteLength
			}))
		};
		await writeFile(this.#path(message.id, 'eml'), raw, { mode: 0o600 });
		const draft = this.#path(message.id, 'draft');
		await writeFile(draft, JSON.stringify(message), { mode: 0o600 });
		await rename(draft, this.#path(message.id, 'json'));
		this.#messages.push(message);
		await this.#forgetOldest();
		return message;
	}

	async remove(id: string): Promise<boolean> {
		if (!this.get(id)) return false;
		this.#messages = this.#messages.filter((message) => message.id !== id);
		for (const kind of ['json', 'eml'] as const) await rm(this.#path(id, kind), { force: true });
		return true;
	}

	async clear(): Promise<void> {
		for (const { id } of [...this.#messages]) await this.remove(id);
	}

	async #forgetOldest(): Promise<void> {
		const surplus = this.#messages.slice(0, Math.max(0, this.#messages.length - this.#kept));
		for (const { id } of surplus) await this.remove(id);
	}

	#path(id: string, kind: 'json' | 'eml' | 'draft'): string {
		if (!ID.test(id)) throw new Error('Not the id of a message');
		return join(this.#directory, `${id}.${kind}`);
	}
}

const formatted = (name: string | undefined, address: string) =>
	name ? `${name} <${address}>` : address;

function safeJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
