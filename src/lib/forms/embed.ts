/** Forms on other people's sites: their addresses, and the snippet that puts one there. Pure. */
import { isLocale } from '$lib/paraglide/runtime.js';

const PARAMETER = 'embed';

/** The language a form in a frame was ordered in; undefined on a page of its own. */
export function embedLanguage({ pathname, searchParams }: URL): string | undefined {
	const asked = searchParams.get(PARAMETER);
	return pathname.startsWith('/f/') && isLocale(asked) ? asked : undefined;
}

/** The address of a campaign's form, for links, adverts and printed codes. */
export const formAddress = (origin: string, campaign: number) => `${origin}/f/${campaign}`;

/**
 * HTML for a page of another site. The frame works alone; the line below it hands on the marks of
 * the link by which the visitor came there.
 */
export function snippetOf(origin: string, campaign: number, language: string, title: string) {
	const source = `${formAddress(origin, campaign)}?${PARAMETER}=${language}`;
	const name = title.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
	return [
		`<iframe src="${source}" title="${name}" width="100%" height="620" style="border:0"></iframe>`,
		`<script>document.currentScript.previousElementSibling.src+='&'+location.search.slice(1)</script>`
	].join('\n');
}

/** What of an address stays with the visitor from the form to the thanks. */
export function thanksPath({ searchParams }: URL): string {
	const language = searchParams.get(PARAMETER);
	return isLocale(language) ? `/f/thanks?${PARAMETER}=${language}` : '/f/thanks';
}
