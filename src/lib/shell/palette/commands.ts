/** What the palette can do beside finding: pure, so that what runs it is the component's business. */
import { can, type Actor } from '$lib/access/actor.ts';
import { pagesOf } from '$lib/access/pages.ts';
import { m } from '$lib/paraglide/messages.js';
import type { Found } from './search.data.ts';
import { languages } from '../languages.ts';
import { newOrderHref } from '../new-order-href.ts';
import { pageName } from '../page-name.ts';
import { themes, type Theme } from '../theme.ts';

export type Deed =
	| { readonly do: 'goto'; readonly href: string }
	| { readonly do: 'theme'; readonly theme: Theme }
	| { readonly do: 'language'; readonly code: (typeof languages)[number]['code'] }
	| { readonly do: 'shortcuts' | 'signout' };

export interface Command {
	readonly id: string;
	readonly label: string;
	readonly deed: Deed;
}

const themeNames: Record<Theme, () => string> = {
	system: m.theme_system,
	light: m.theme_light,
	dark: m.theme_dark
};

/** All that this person may do from anywhere, most wanted first. */
export function commandsOf(actor: Actor, here: Pick<URL, 'pathname' | 'search'>): Command[] {
	const go = (id: string, label: string, href: string): Command => ({
		id,
		label,
		deed: { do: 'goto', href }
	});
	return [
		...(can(actor, 'orders.create')
			? [go('new-order', m.palette_new_order(), newOrderHref(here))]
			: []),
		...pagesOf(actor).map(({ id, href }) => go(id, m.palette_goto({ page: pageName(id) }), href)),
		...(can(actor, 'board.read') && can(actor, 'orders.read')
			? [go('replay', m.palette_time_travel(), '/app/board/replay')]
			: []),
		{ id: 'shortcuts', label: m.palette_shortcuts(), deed: { do: 'shortcuts' } },
		...themes.map((theme): Command => {
			const label = m.palette_theme({ theme: themeNames[theme]() });
			return { id: `theme-${theme}`, label, deed: { do: 'theme', theme } };
		}),
		...languages.map(({ code, name }): Command => {
			const label = m.palette_language({ language: name() });
			return { id: `language-${code}`, label, deed: { do: 'language', code } };
		}),
		{ id: 'signout', label: m.shell_sign_out(), deed: { do: 'signout' } }
	];
}

/** The commands whose words begin as the question's do, in any order. */
export function matching(commands: readonly Command[], query: string): readonly Command[] {
	const wanted = words(query);
	if (wanted.length === 0) return commands;
	return commands.filter(({ label }) => {
		const own = words(label);
		return wanted.every((word) => own.some((other) => other.startsWith(word)));
	});
}

const words = (text: string): string[] =>
	text
		.toLocaleLowerCase()
		.split(/[^\p{L}\p{N}]+/u)
		.filter(Boolean);

/** Where something found is shown; `pathname` is where the person is now. */
export function hrefOf({ kind, id, client_id }: Found, actor: Actor, pathname: string): string {
	if (kind === 'order') {
		const list = pathname.startsWith('/app/orders') || !can(actor, 'board.read');
		return `/app/${list ? 'orders' : 'board'}/${id}`;
	}
	const hasClients = pagesOf(actor).some(({ href }) => href === '/app/clients');
	return hasClients ? `/app/clients/${client_id}` : `/app/orders?client=${client_id}`;
}
