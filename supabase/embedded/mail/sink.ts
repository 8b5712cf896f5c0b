/** An SMTP server on this machine that takes every mail and delivers none. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
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
		onData(stream, session, done) {
			const chunks: Buffer[] = [];
			let size = 0;
			stream.on('data', (chunk: Buffer) => {
				size += chunk.length;
				if (size <= MAX_MAIL_BYTES) chunks.push(chunk);
			});
			stream.on('end', () => {
				if (stream.sizeExceeded) {
					done(Object.assign(new Error('The mail is too large'), { responseCode: 552 }));
					return;
				}
				const { mailFrom, rcptTo } = session.envelope;
				const from = mailFrom ? mailFrom.address : '';
				const to = rcptTo.map(({ address }) => address);
				inbox.add(Buffer.concat(chunks), from, to).then(
					() => done(),
					(error: unknown) => {
						log('mail_not_kept', { error: String(error) });
						done(Object.assign(new Error('The mail was not kept'), { responseCode: 451 }));
					}
				);
			});
		}
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', (error: NodeJS.ErrnoException) =>
			reject(
				error.code === 'EADDRINUSE'
					? new Error(`Port ${port} for mail (SMTP) is in use by another program.`)
					: error
			)
		);
		server.listen(port, '127.0.0.1', resolve);
	});
	server.removeAllListeners('error');
	server.on('error', (error) => log('mail_sink_error', { error: error.message }));
	return {
		port: (server.server.address() as AddressInfo).port,
		close: () => new Promise((resolve) => server.close(() => resolve()))
	};
}
