/** What the pages call channels, states and lists of campaigns. */
import { m } from '$lib/paraglide/messages.js';
import type { Channel, Show, Span, State } from './campaign.ts';

export const channelNames: Record<Channel, () => string> = {
	search: m.campaigns_channel_search,
	social: m.campaigns_channel_social,
	maps: m.campaigns_channel_maps,
	referral: m.campaigns_channel_referral,
	print: m.campaigns_channel_print,
	radio: m.campaigns_channel_radio,
	outdoor: m.campaigns_channel_outdoor,
	email: m.campaigns_channel_email,
	other: m.campaigns_channel_other
};

export const stateNames: Record<State, () => string> = {
	planned: m.campaigns_state_planned,
	running: m.campaigns_state_running,
	ended: m.campaigns_state_ended,
	archived: m.campaigns_state_archived
};
export const stateTones = {
	planned: 'info',
	running: 'success',
	ended: 'neutral',
	archived: 'neutral'
} as const satisfies Record<State, string>;

export const showNames: Record<Show, () => string> = {
	current: m.campaigns_show_current,
	running: m.campaigns_show_running,
	ended: m.campaigns_show_ended,
	archived: m.campaigns_show_archived
};

export const spanNames: Record<Span, () => string> = {
	ever: m.campaigns_span_ever,
	year: m.campaigns_span_year,
	month: m.campaigns_span_month
};
