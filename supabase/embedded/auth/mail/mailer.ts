/** Sending mails: whoever starts the stack passes a function; without one they go to a file. */
import { mkdirSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export type Mail = { to: string; subject: string; html: string; text: string };

/** Delivers one mail; rejects when it could not be handed over. */
export type Mailer = (mail: Mail) => Promise<void>;

/** Keeps mails in a file, one JSON object a line, readable by its owner only. */
export function outboxMailer(file: string): Mailer {
	return async (mail) => {
		mkdirSync(dirname(file), { recursive: true });
		const line = JSON.stringify({ at: new Date().toISOString(), ...mail });
		await appendFile(file, `${line}\n`, { mode: 0o600 });
	};
}
