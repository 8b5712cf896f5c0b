/**
 * A mail's HTML made harmless to show. The wall is the frame it is shown in (sandbox without scripts
 * and a Content-Security-Policy without any source); this removes what would only look broken there.
 */
const WHOLE_ELEMENTS =
	/<(script|style-src|iframe|object|embed|applet|noscript|template|form)\b[\s\S]*?<\/\1\s*>/gi;
const SINGLE_TAGS =
	/<\/?(script|iframe|object|embed|applet|frame|frameset|base|meta|link|form|input|button)\b[^>]*>/gi;
const HANDLERS = /(<[^>]*?)\s+on[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi;
const SCRIPT_ADDRESSES =
	/((?:href|src|action|xlink:href)\s*=\s*["']?)\s*(?:javascript|vbscript|data:text)[^"'>\s]*/gi;

export function sanitizeHtml(html: string): string {
	let text = html.replace(WHOLE_ELEMENTS, '').replace(SINGLE_TAGS, '');
	// a handler removed can bring the next one to the front
	for (let before = ''; before !== text;) {
		before = text;
		text = text.replace(HANDLERS, '$1');
	}
	return text.replace(SCRIPT_ADDRESSES, '$1#');
}

/** For the frame's answer: nothing loads from anywhere, nothing runs, links open a new window. */
export const FRAME_POLICY =
	"default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; " +
	"frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

export const frameDocument = (html: string) =>
	`<!doctype html><html><head><meta charset="utf-8"><base target="_blank">` +
	`<style>body{font:15px/1.5 system-ui,sans-serif;margin:16px;background:#fff;color:#111}</style>` +
	`</head><body>${sanitizeHtml(html)}</body></html>`;
