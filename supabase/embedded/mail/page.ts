/** The inbox as a page: works without scripts, by keyboard, in light and dark. */
import type { Message } from './inbox.ts';

const escapes: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;'
};
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

/** Addresses in plain text become links; everything else stays text. */
const linked = (text: string) =>
	escape(text).replace(
		/https?:\/\/[^\s<>"']+?(?=[.,;:!?)\]]*(?:\s|$|&(?:gt|lt|quot|#39);))/g,
		(url) => `<a href="${url}" target="_blank" rel="noreferrer">${url}</a>`
	);

const STYLE = `
:root{color-scheme:light dark;--ink:#18181b;--quiet:#5b5b66;--paper:#fff;--back:#f4f4f5;--line:#e0e0e4;--accent:#2f54d8}
@media (prefers-color-scheme:dark){:root{--ink:#ececf0;--quiet:#a3a3ae;--paper:#1d1d21;--back:#131316;--line:#35353c;--accent:#93a9ff}}
*{box-sizing:border-box}
body{margin:0;font:15px/1.5 system-ui,sans-serif;background:var(--back);color:var(--ink)}
header,main{max-width:880px;margin:0 auto;padding:16px}
header{display:flex;gap:16px;align-items:center;justify-content:space-between}
h1{font-size:20px;margin:0}h2{font-size:20px;margin:0 0 8px;overflow-wrap:anywhere}
a{color:var(--accent)}a:focus-visible,button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
button{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:8px;min-height:44px;padding:0 16px;cursor:pointer}
.card{background:var(--paper);border:1px solid var(--line);border-radius:12px;overflow:hidden}
ul.mails{list-style:none;margin:0;padding:0}ul.mails li+li{border-top:1px solid var(--line)}
ul.mails a{display:grid;grid-template-columns:1fr auto;gap:0 16px;padding:12px 16px;color:inherit;text-decoration:none}
ul.mails a:hover{background:var(--back)}
.subject{font-weight:600;overflow-wrap:anywhere}.quiet{color:var(--quiet);font-variant-numeric:tabular-nums}
article{padding:16px}dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:0 0 16px}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
iframe{width:100%;height:480px;border:1px solid var(--line);border-radius:8px;background:#fff}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:14px/1.5 ui-monospace,monospace;margin:0}
h3{font-size:15px;margin:16px 0 8px}
`;

const shell = (title: string, top: string, body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${STYLE}</style></head>
<body><header>${top}</header><main>${body}</main></body></html>`;

const time = (at: string) =>
	`<time datetime="${at}" class="quiet">${at.slice(0, 19).replace('T', ' ')} UTC</time>`;

/** @param smtpUrl where programs send mail to be caught here */
export function listPage(messages: Message[], smtpUrl: string): string {
	const top =
		`<h1>Mail of this installation</h1>` +
		`<form method="post" action="/delete"><button${messages.length ? '' : ' disabled'}>Delete all</button></form>`;
	const rows = messages.map(
		({ id, subject, to, at }) =>
			`<li><a href="/messages/${id}"><span class="subject">${escape(subject) || '(no subject)'}</span>` +
			`${time(at)}<span class="quiet">to ${escape(to.join(', '))}</span></a></li>`
	);
	const list = rows.length
		? `<div class="card"><ul class="mails">${rows.join('')}</ul></div>`
		: `<p>No mail yet. Everything sent to <code>${escape(smtpUrl)}</code> appears here and goes nowhere else.</p>`;
	return shell(`Mail (${messages.length})`, top, list);
}

export function messagePage(message: Message): string {
	const { id, subject, from, to, at, text, html, attachments } = message;
	const files = attachments.map(
		({ filename, size }, index) =>
			`<li><a href="/api/messages/${id}/attachments/${index}">${escape(filename)}</a> <span class="quiet">${size} bytes</span></li>`
	);
	const body =
		`<article class="card"><h2>${escape(subject) || '(no subject)'}</h2>` +
		`<dl><dt>From</dt><dd>${escape(from)}</dd><dt>To</dt><dd>${escape(to.join(', '))}</dd>` +
		`<dt>When</dt><dd>${time(at)}</dd></dl>` +
		(html === null
			? ''
			: `<iframe title="The mail as it looks" src="/messages/${id}/html" ` +
				`sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>`) +
		`<h3>Text</h3><pre>${linked(text) || '(none)'}</pre>` +
		(files.length ? `<h3>Attachments</h3><ul>${files.join('')}</ul>` : '') +
		`<p><a href="/api/messages/${id}/raw">As it came</a></p></article>`;
	return shell(
		subject || '(no subject)',
		`<h1><a href="/">Mail</a></h1><form method="post" action="/messages/${id}/delete"><button>Delete</button></form>`,
		body
	);
}
