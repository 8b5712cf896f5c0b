/** Light, dark or as the system has it. A cookie, so that the server already renders the right one. */
export const THEME_COOKIE = 'verstak-theme';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const parseTheme = (value: unknown): Theme =>
	themes.find((theme) => theme === value) ?? 'system';

/** seconds; as long as browsers keep a cookie */
export const KEEP = 400 * 24 * 3600;

/** Browser only: applies at once and remembers. */
export function applyTheme(theme: Theme): void {
	document.documentElement.dataset.theme = theme;
	document.cookie = `${THEME_COOKIE}=${theme}; Path=/; Max-Age=${KEEP}; SameSite=Lax`;
}
