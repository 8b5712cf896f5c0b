/** Remembers language and theme for visitors without JavaScript, then goes back to where they were. */
import { error, redirect } from '@sveltejs/kit';
import { safePath } from '$lib/access/guard.ts';
import { cookieName, isLocale } from '$lib/paraglide/runtime.js';
import { KEEP, parseTheme, THEME_COOKIE } from '$lib/shell/theme.ts';

const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

export async function POST({ request, cookies, url }) {
	const type = request.headers.get('content-type') ?? '';
	if (!FORM.test(type)) error(415);
	const form = await request.formData().catch(() => error(400));
	const secure = url.protocol === 'https:';
	const options = { path: '/', maxAge: KEEP, httpOnly: false, sameSite: 'lax', secure } as const;
	const locale = form.get('language');
	if (isLocale(locale)) cookies.set(cookieName, locale, options);
	if (form.has('theme')) cookies.set(THEME_COOKIE, parseTheme(form.get('theme')), options);
	redirect(303, safePath(form.get('back')) ?? '/');
}
