/** The auth service's post office: from an event to a rendered mail, handed to the mailer. */
import { AuthError } from '../errors.ts';
import type { AuthSettings } from '../settings.ts';
import type { Mailer } from '../../mail/mailer.ts';
import { renderMail, type Letter } from './templates.ts';

export class PostOffice {
	#mailer: Mailer;
	#settings: AuthSettings;
	#apiUrl: string;
	#log: (event: string, fields?: Record<string, unknown>) => void;

	constructor(
		mailer: Mailer,
		settings: AuthSettings,
		apiUrl: string,
		log: (event: string, fields?: Record<string, unknown>) => void
	) {
		this.#mailer = mailer;
		this.#settings = settings;
		this.#apiUrl = apiUrl;
		this.#log = log;
	}

	/** Sends a letter; a mailer that fails is GoTrue's 500, so that the caller can try again. */
	async send(letter: Letter): Promise<void> {
		const custom =
			letter.kind === 'reauthentication' ? undefined : this.#settings.templates[letter.kind];
		const addresses = { siteUrl: this.#settings.siteUrl, apiUrl: this.#apiUrl };
		try {
			await this.#mailer(renderMail(letter, addresses, custom));
		} catch (error) {
			this.#log('mail_failed', { kind: letter.kind, error: String(error) });
			throw new AuthError(500, 'unexpected_failure', `Error sending ${letter.kind} email`);
		}
	}
}
