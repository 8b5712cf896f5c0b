/** Which addresses a sign-in may return to: the application's own and those of config.toml. */
import type { AuthSettings } from './settings.ts';

/** The asked-for address if it is allowed, else null. Patterns: `*` without `.` and `/`, `**` anything. */
export function allowedRedirect(asked: string | null, settings: AuthSettings): string | null {
	if (!asked || !URL.canParse(asked)) return null;
	const { protocol, host } = new URL(asked);
	const site = new URL(settings.siteUrl);
	if (protocol === site.protocol && host === site.host) return asked;
	const bare = asked.split('#')[0] ?? '';
	return settings.redirectUrls.some((pattern) => patternOf(pattern).test(bare)) ? asked : null;
}

function patternOf(glob: string): RegExp {
	const source = glob.replace(/\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => {
		if (part === '**') return '.*';
		if (part === '*') return '[^./]*';
		if (part === '?') return '[^./]';
		return `\\${part}`;
	});
	return new RegExp(`^${source}$`);
}
