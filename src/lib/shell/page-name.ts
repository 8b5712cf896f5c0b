/** What the menu calls a page. */
import type { PageId } from '$lib/access/pages.ts';
import { m } from '$lib/paraglide/messages.js';

/** every message is named here, so that the build keeps only these of the whole dictionary */
const names: Record<PageId, () => string> = {
	board: m.nav_board,
	dispatch: m.nav_dispatch,
	my: m.nav_my_orders,
	orders: m.nav_orders,
	clients: m.nav_clients,
	leads: m.nav_leads,
	services: m.nav_services,
	campaigns: m.nav_campaigns,
	statistics: m.nav_statistics,
	team: m.nav_team,
	tokens: m.nav_tokens
};

export const pageName = (id: PageId): string => names[id]();
