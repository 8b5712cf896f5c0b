/** What a campaign may be for, as its form offers it: what is archived only if it is chosen already. */
import type { Choices } from '$lib/campaigns/campaign.data.ts';
import { getLocale } from '$lib/paraglide/runtime.js';
import { wordsIn } from '$lib/services/words.ts';

export const choicesOf = ({ services, locations }: Choices, chosen: number | null) => ({
	services: services
		.filter(({ id, archived_at }) => archived_at === null || id === chosen)
		.map(({ id, name }) => ({ id, name: wordsIn(name, getLocale()) })),
	locations
});
