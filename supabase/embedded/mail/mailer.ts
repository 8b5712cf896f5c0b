/** Sending mail through an SMTP server: the catcher, or the real one that SMTP_URL names. */
import { createTransport } from 'nodemailer';

export type OutgoingMail = { to: string; subject: string; html: string; text: string };

/** Resolves when the server has taken the mail; rejects with what the server said. */
export type Mailer = (mail: OutgoingMail) => Promise<void>;

const DEFAULT_SENDER = 'Verstak <no-reply@verstak.localhost>';

const CHECK_EVERY_MS = 30_000;

/**
 * @param smtpUrl `smtp://user:password@host:587`, `smtps://…`
 * @param from sender of every mail, `Name <address>`
 */
export function openMailer(
	smtpUrl: string,
	from: string = DEFAULT_SENDER
): { send: Mailer; healthy(): Promise<boolean>; close(): void } {
	const transport = createTransport({
		url: smtpUrl,
		// a server that does not answer must not hold a sign-up for minutes
		connectionTimeout: 10_000,
		greetingTimeout: 10_000,
		socketTimeout: 20_000,
		// nothing in a mail may make this process read a file or open an address
		disableFileAccess: true,
		disableUrlAccess: true
	});
	let checked: { at: number; answer: Promise<boolean> } | undefined;
	return {
		send: async ({ to, subject, html, text }) => {
			await transport.sendMail({ from, to, subject, html, text });
		},
		healthy: () => {
			// a provider would not like to be asked every second
			if (!checked || Date.now() - checked.at > CHECK_EVERY_MS) {
				const answer = transport.verify().catch(() => false);
				checked = { at: Date.now(), answer };
			}
			return checked.answer;
		},
		close: () => transport.close()
	};
}
