// mail is caught, shown and kept; with a real SMTP server it is delivered
import { connect } from 'node:net';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startMail, type Mail } from '../../supabase/embedded/mail/mail.ts';
import type { Message } from '../../supabase/embedded/mail/inbox.ts';
import { startTestStack } from '../support/stack.ts';

const log = () => {};
let directory: string;
let mail: Mail;

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), 'verstak-test-mail-'));
	mail = await startMail({ directory, port: 0, smtpPort: 0, log });
});
afterAll(async () => {
	await mail.close();
	rmSync(directory, { recursive: true, force: true });
});
beforeEach(() => fetch(`${mail.url}/api/messages`, { method: 'DELETE' }));

const letter = {
	to: 'майстер@example.com',
	subject: 'Код підтвердження: 123456',
	text: 'Ваш код 123456. https://verstak.test/confirm?token=a&b=1.',
	html: '<p>Ваш код <b>123456</b> <a href="https://verstak.test/confirm">далі</a></p>'
};
const list = async (to?: string) =>
	(await (
		await fetch(`${mail.url}/api/messages${to ? `?to=${encodeURIComponent(to)}` : ''}`)
	).json()) as Message[];

describe('the API', () => {
	it('lists newest first, by recipient, and gives one', async () => {
		await mail.send(letter);
		await mail.send({ ...letter, to: 'Other@example.com', subject: 'second' });
		expect((await list()).map(({ subject }) => subject)).toEqual(['second', letter.subject]);
		const [one] = await list('other@EXAMPLE.com');
		expect(one).toMatchObject({ subject: 'second', to: ['Other@example.com'] });
		const same = await (await fetch(`${mail.url}/api/messages/${one?.id}`)).json();
		expect(same).toEqual(one);
		expect(await list('nobody@example.com')).toEqual([]);
		expect((await list())[1]).toMatchObject({ html: expect.stringContaining('123456') });
	});

	it('keeps attachments as they came', async () => {
		const transport = createTransport({ url: mail.smtpUrl, ignoreTLS: true });
		await transport.sendMail({
			from: 'shop@example.com',
			to: ['a@example.com', 'b@example.com'],
			bcc: 'hidden@example.com',
			subject: 'with a file',
			text: 'see',
			attachments: [{ filename: 'договір.html', content: '<script>1</script>' }]
		});
		transport.close();
		const [message] = await list('hidden@example.com');
		expect(message?.to).toHaveLength(3);
		expect(message?.attachments).toEqual([
			{ filename: 'договір.html', type: 'text/html', size: 18 }
		]);
		const file = await fetch(`${mail.url}/api/messages/${message?.id}/attachments/0`);
		expect(await file.text()).toBe('<script>1</script>');
		expect(file.headers.get('content-type')).toBe('application/octet-stream');
		expect(file.headers.get('content-disposition')).toMatch(/^attachment/);
		expect((await fetch(`${mail.url}/api/messages/${message?.id}/attachments/9`)).status).toBe(404);
	});

	it('refuses a mail beyond 10 MB and goes on', async () => {
		const huge = { ...letter, text: 'x '.repeat(6_000_000) };
		await expect(mail.send(huge)).rejects.toThrow(/552|too large|exceeds/i);
		await mail.send(letter);
		expect(await list()).toHaveLength(1);
	});

	it('deletes one or all, on disk, too', async () => {
		await mail.send(letter);
		await mail.send(letter);
		const [first] = await list();
		await fetch(`${mail.url}/api/messages/${first?.id}`, { method: 'DELETE' });
		expect(await list()).toHaveLength(1);
		await fetch(`${mail.url}/api/messages`, { method: 'DELETE' });
		expect(await list()).toEqual([]);
		expect(readdirSync(directory)).toEqual([]);
		expect((await fetch(`${mail.url}/api/messages/${first?.id}`)).status).toBe(404);
	});
});

describe('the page', () => {
	it('lists mails and shows one with its links', async () => {
		await mail.send(letter);
		const page = await (await fetch(`${mail.url}/`)).text();
		expect(page).toContain(letter.subject);
		expect(page).toContain('<html lang="en">');
		expect(page).toContain('prefers-color-scheme:dark');
		const href = /href="(\/messages\/[^"]+)"/.exec(page)?.[1] ?? '';
		const one = await (await fetch(mail.url + href)).text();
		expect(one).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
		expect(one).toContain('<a href="https://verstak.test/confirm?token=a&amp;b=1" target="_blank"');
		const frame = await fetch(`${mail.url}${href}/html`);
		expect(await frame.text()).toContain('<a href="https://verstak.test/confirm">');
		const gone = await fetch(`${mail.url}/delete`, { method: 'POST', redirect: 'manual' });
		expect(gone.status).toBe(303);
		expect(await list()).toEqual([]);
	});

	it('lets no mail run anything', async () => {
		await mail.send({
			...letter,
			subject: '<img src=x onerror=alert(1)>',
			text: '<script>alert(2)</script>',
			html:
				'<script>alert(3)</script><img src=x onerror=alert(4) onload="alert(5)">' +
				'<a href="javascript:alert(6)">x</a><iframe src="//evil"></iframe><meta http-equiv=refresh>'
		});
		const [message] = await list();
		const pages = [`${mail.url}/`, `${mail.url}/messages/${message?.id}`];
		for (const url of pages) {
			const answer = await fetch(url);
			const text = await answer.text();
			expect(text).not.toMatch(/<script|<img/i);
			expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
		}
		const frame = await fetch(`${mail.url}/messages/${message?.id}/html`);
		expect(await frame.text()).not.toMatch(
			/<script|onerror|onload|javascript:|<iframe|http-equiv/i
		);
		const policy = frame.headers.get('content-security-policy') ?? '';
		expect(policy).toContain("default-src 'none'");
		expect(policy).toMatch(/sandbox(?!.*allow-scripts)(?!.*allow-same-origin)/);
	});

	it('answers to this machine only and to no other site', async () => {
		const { port } = new URL(mail.url ?? '');
		expect(await rawStatus(Number(port), 'GET / HTTP/1.1\r\nHost: evil.example\r\n')).toBe(403);
		const stranger = await fetch(`${mail.url}/delete`, {
			method: 'POST',
			headers: { origin: 'http://evil.example' }
		});
		expect(stranger.status).toBe(403);
		const inside = `DELETE /api/messages/..%2f..%2fsecrets HTTP/1.1\r\nHost: localhost\r\n`;
		expect(await rawStatus(Number(port), inside)).toBe(404);
	});
});

it('keeps mails over a restart, only the newest 500, and bears a damaged file', async () => {
	const home = mkdtempSync(join(tmpdir(), 'verstak-test-mail-'));
	const id = (n: number) => `${1_700_000_000_000 + n}-0000000a`;
	for (let n = 0; n < 505; n++) {
		const old = { id: id(n), at: new Date(n).toISOString(), from: 'a', to: ['b@c.de'], text: '' };
		const message = { ...old, subject: `old ${n}`, html: null, attachments: [] };
		writeFileSync(join(home, `${id(n)}.json`), JSON.stringify(message));
		writeFileSync(join(home, `${id(n)}.eml`), '');
	}
	writeFileSync(join(home, `${id(600)}.json`), '{"half');
	let running = await startMail({ directory: home, port: 0, smtpPort: 0, log });
	await running.send(letter);
	await running.close();
	running = await startMail({ directory: home, port: 0, smtpPort: 0, log });
	const kept = (await (await fetch(`${running.url}/api/messages`)).json()) as Message[];
	expect(kept).toHaveLength(500);
	expect(kept[0]?.subject).toBe(letter.subject);
	expect(kept.at(-1)?.subject).toBe('old 6');
	expect(readdirSync(home).filter((name) => name.endsWith('.eml'))).toHaveLength(500);
	await running.close();
	rmSync(home, { recursive: true, force: true });
});

describe('with a real SMTP server', () => {
	it('delivers there and catches nothing', async () => {
		const real = await startMail({
			directory: join(directory, 'unused'),
			port: 0,
			smtpPort: 0,
			smtpUrl: `${mail.smtpUrl}/?ignoreTLS=true`,
			from: 'Майстерня <shop@example.com>',
			log
		});
		expect(real.url).toBeNull();
		await real.send(letter);
		await real.close();
		expect((await list())[0]).toMatchObject({ from: 'Майстерня <shop@example.com>' });
		expect(readdirSync(directory)).not.toContain('unused');
	});

	it('says so when the server does not take the mail', async () => {
		const real = await startMail({
			directory,
			port: 0,
			smtpPort: 0,
			smtpUrl: 'smtp://127.0.0.1:1',
			log
		});
		await expect(real.send(letter)).rejects.toThrow(/ECONNREFUSED/);
		await real.close();
	});
});

it('is part of every stack', async () => {
	const stack = await startTestStack('empty');
	try {
		await stack.sendMail(letter);
		const answer = await fetch(`${stack.mailUrl}/api/messages?to=${encodeURIComponent(letter.to)}`);
		expect(await answer.json()).toHaveLength(1);
		expect(readdirSync(join(stack.home, 'mail'))).toHaveLength(2);
	} finally {
		await stack.dispose();
	}
});

function rawStatus(port: number, head: string): Promise<number> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, '127.0.0.1', () =>
			socket.write(`${head}connection: close\r\n\r\n`)
		);
		let text = '';
		socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
		socket.on('end', () => resolve(Number(text.split(' ')[1])));
		socket.on('error', reject);
	});
}
