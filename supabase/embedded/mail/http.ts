/**
 * The inbox over HTTP: pages for people, `/api/messages` for tests.
 *
 * `GET /api/messages?to=…` newest first · `GET /api/messages/:id` · `…/:id/raw` ·
 * `…/:id/attachments/:n` · `DELETE /api/messages` · `DELETE /api/messages/:id`
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../log.ts';
import { sendJson } from '../gateway/web.ts';
import type { Inbox, Message } from './inbox.ts';
import { listPage, messagePage } from './page.ts';
import { FRAME_POLICY, frameDocument } from './sanitize.ts';

const PAGE_POLICY =
	"default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export type InboxServer = { url: string; close(): Promise<void> };

/** @param port 0 takes a free one */
export async function openInboxServer(
	port: number,
	inbox: Inbox,
	smtpUrl: string,
	log: Log
): Promise<InboxServer> {
	const server = createServer((request, response) => {
		answer(inbox, smtpUrl, request, response).catch((error: unknown) => {
			log('mail_page_error', { error: String(error) });
			if (!response.headersSent) sendJson(response, 500, { message: 'Unexpected failure' });
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', (error: NodeJS.ErrnoException) =>
			reject(
				error.code === 'EADDRINUSE'
					? new Error(`Port ${port} for the mail page is in use by another program.`)
					: error
			)
		);
		server.listen(port, '127.0.0.1', resolve);
	});
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			})
	};
}

async function answer(
	inbox: Inbox,
	smtpUrl: string,
	request: IncomingMessage,
	response: ServerResponse
): Promise<void> {
	if (!isOurs(request)) {
		return sendJson(response, 403, { message: 'This page answers to this machine only' });
	}
	const url = new URL(request.url ?? '/', 'http://localhost');
	const [kind, ...rest] = url.pathname.split('/').filter(Boolean);
	const method = request.method ?? 'GET';
	if (kind === 'api' && rest[0] === 'messages') {
		return api(inbox, method, rest.slice(1), url.searchParams.get('to'), response);
	}
	return pages(inbox, smtpUrl, method, [kind, ...rest], response);
}

/**
 * Another site's page must neither read the inbox through a name that points here (DNS rebinding)
 * nor empty it with a form.
 */
function isOurs({ headers, method }: IncomingMessage): boolean {
	const host = (headers.host ?? '').replace(/:\d+$/, '');
	if (!['localhost', '127.0.0.1', '[::1]'].includes(host)) return false;
	if (method === 'GET' || method === 'HEAD' || !headers.origin) return true;
	return headers.origin === `http://${headers.host}`;
}

async function api(
	inbox: Inbox,
	method: string,
	[id, part, index]: string[],
	to: string | null,
	response: ServerResponse
): Promise<void> {
	const message = id === undefined ? undefined : inbox.get(id);
	if (id !== undefined && !message) return sendJson(response, 404, { message: 'No such mail' });
	if (method === 'DELETE' && !part) {
		await (message ? inbox.remove(message.id) : inbox.clear());
		return sendJson(response, 200, { message: 'Deleted' });
	}
	if (method !== 'GET') return sendJson(response, 405, { message: 'Not allowed' });
	if (!message) return sendJson(response, 200, inbox.list(to ?? undefined));
	if (!part) return sendJson(response, 200, message);
	if (part === 'raw') return download(response, `${message.id}.eml`, await inbox.raw(message.id));
	const file = part === 'attachments' ? await attachment(inbox, message, index) : undefined;
	if (!file) return sendJson(response, 404, { message: 'No such attachment' });
	return download(response, file.filename, file.bytes);
}

const attachment = (inbox: Inbox, message: Message, index = '') =>
	/^\d{1,3}$/.test(index) ? inbox.attachment(message.id, Number(index)) : undefined;

/** Never shown by the browser: a mail may carry any file. */
function download(response: ServerResponse, filename: string, bytes: Buffer): void {
	response.writeHead(200, {
		'content-type': 'application/octet-stream',
		'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
		'content-length': bytes.length,
		'x-content-type-options': 'nosniff'
	});
	response.end(bytes);
}

async function pages(
	inbox: Inbox,
	smtpUrl: string,
	method: string,
	[kind, id = '', part]: (string | undefined)[],
	response: ServerResponse
): Promise<void> {
	if (method === 'POST' && kind === 'delete') {
		await inbox.clear();
		return redirect(response);
	}
	if (kind === undefined) return html(response, 200, listPage(inbox.list(), smtpUrl), PAGE_POLICY);
	const message = kind === 'messages' ? inbox.get(id) : undefined;
	if (!message)
		return html(response, 404, '<p>No such mail. <a href="/">All mail</a>', PAGE_POLICY);
	if (method === 'POST' && part === 'delete') {
		await inbox.remove(message.id);
		return redirect(response);
	}
	if (part === 'html') {
		return html(response, 200, frameDocument(message.html ?? ''), FRAME_POLICY);
	}
	return html(response, 200, messagePage(message), PAGE_POLICY);
}

const redirect = (response: ServerResponse) =>
	void response.writeHead(303, { location: '/' }).end();

function html(response: ServerResponse, status: number, body: string, policy: string): void {
	const bytes = Buffer.from(body);
	response.writeHead(status, {
		'content-type': 'text/html; charset=utf-8',
		'content-length': bytes.length,
		'content-security-policy': policy,
		'referrer-policy': 'no-referrer',
		'x-content-type-options': 'nosniff',
		'cache-control': 'no-store'
	});
	response.end(bytes);
}
