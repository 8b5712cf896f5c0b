/** An SMTP server on this machine that takes every mail and delivers none. */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Log } from '../log.ts';
import type { Inbox } from './inbox.ts';

const MAX_MAIL_BYTES = 10_000_000;

export type Sink = { port: number; close(): Promise<void> };

/** @param port 0 takes a free one */
export async function openSink(port: number, inbox: Inbox, log: Log): Promise<Sink> {
	const server = new SMTPServer({
		authOptional: true,
		// any name and password will do, as with a provider that has not been configured yet
		onAuth: (_auth, _session, done) => done(null, { user: 'anybody' }),
		allowInsecureAuth: true,
		disabledCommands: ['STARTTLS'],
		hideSTARTTLS: true,
		disableReverseLookup: true,
		size: MAX_MAIL_BYTES,
		maxClients: 50,
		onData: (stream, session, done) => {
			take(stream, session, inbox, log).then(() => done(), done);
		}
	});
	await listen(server, port);
	server.on('error', (error) => log('mail_sink_error', { error: error.message }));
	return {
		port: (server.server.address() as AddressInfo).port,
		close: () => new Promise((resolve) => server.close(() => resolve()))
	};
}

const refusal = (responseCode: number, text: string) =>
	Object.assign(new Error(text), { responseCode });

/** Resolves when the mail is on disk; only then the sender is told that it was taken. */
async function take(
	stream: SMTPServerDataStream,
	{ envelope }: SMTPServerSession,
	inbox: Inbox,
	log: Log
): Promise<void> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of stream) {
		size += (chunk as Buffer).length;
		if (size <= MAX_MAIL_BYTES) chunks.push(chunk as Buffer);
	}
	if (size > MAX_MAIL_BYTES) throw refusal(552, 'The mail is too large');
	const from = envelope.mailFrom ? envelope.mailFrom.address : '';
	const to = envelope.rcptTo.map(({ address }) => address);
	await inbox.add(Buffer.concat(chunks), from, to).catch((error: unknown) => {
		log('mail_not_kept', { error: String(error) });
		throw refusal(451, 'The mail was not kept');
	});
}

async function listen(server: SMTPServer, port: number): Promise<void> {
	let fail: (error: NodeJS.ErrnoException) => void = () => {};
	await new Promise<void>((resolve, reject) => {
		fail = (error) =>
			reject(
				error.code === 'EADDRINUSE'
					? new Error(`Port ${port} for mail (SMTP) is in use by another program.`)
					: error
			);
		server.once('error', fail);
		server.listen(port, '127.0.0.1', resolve);
	});
	server.off('error', fail);
}
