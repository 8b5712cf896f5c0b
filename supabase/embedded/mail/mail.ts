/**
 * Mail of the installation. Without an SMTP server of its own it is caught and shown on a page;
 * with one (`SMTP_URL`) it is really delivered, and there is neither catcher nor page.
 */
import type { Log } from '../log.ts';
import { openInboxServer } from './http.ts';
import { Inbox } from './inbox.ts';
import { openMailer, type Mailer } from './mailer.ts';
import { openSink } from './sink.ts';

export type MailOptions = {
	/** where caught mails are kept */
	directory: string;
	/** port of the inbox page; 0 takes a free one */
	port: number;
	/** port of the catcher's SMTP server; 0 takes a free one */
	smtpPort: number;
	/** a real SMTP server; everything is then delivered */
	smtpUrl?: string;
	/** sender of every mail, `Name <address>` */
	from?: string;
	log: Log;
};

export type Mail = {
	/** the inbox page, or null when mail is really delivered */
	url: string | null;
	/** the SMTP server in use, for programs that send by themselves */
	smtpUrl: string;
	send: Mailer;
	/** whether mail would be taken at the moment */
	healthy(): Promise<boolean>;
	close(): Promise<void>;
};

export async function startMail(options: MailOptions): Promise<Mail> {
	const { directory, port, smtpPort, from, log } = options;
	if (options.smtpUrl) {
		const { close, ...mailer } = openMailer(options.smtpUrl, from);
		return { url: null, smtpUrl: options.smtpUrl, ...mailer, close: async () => close() };
	}
	const inbox = new Inbox(directory);
	await inbox.open();
	const sink = await openSink(smtpPort, inbox, log);
	const smtpUrl = `smtp://127.0.0.1:${sink.port}`;
	const page = await openInboxServer(port, inbox, smtpUrl, log).catch(async (error: unknown) => {
		await sink.close();
		throw error;
	});
	const mailer = openMailer(`${smtpUrl}/?ignoreTLS=true`, from);
	return {
		url: page.url,
		smtpUrl,
		send: mailer.send,
		healthy: () => mailer.healthy(),
		close: async () => {
			mailer.close();
			await Promise.all([page.close(), sink.close()]);
		}
	};
}
