/** What stands for each staff page in menus. */
import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import ClipboardList from '@lucide/svelte/icons/clipboard-list';
import HardHat from '@lucide/svelte/icons/hard-hat';
import Inbox from '@lucide/svelte/icons/inbox';
import KeyRound from '@lucide/svelte/icons/key-round';
import ListFilter from '@lucide/svelte/icons/list-filter';
import Megaphone from '@lucide/svelte/icons/megaphone';
import SquareKanban from '@lucide/svelte/icons/square-kanban';
import Tags from '@lucide/svelte/icons/tags';
import Users from '@lucide/svelte/icons/users';
import type { LucideProps } from '@lucide/svelte';
import type { Component } from 'svelte';
import type { PageId } from '$lib/access/pages.ts';

export const pageIcons: Record<PageId, Component<LucideProps>> = {
	board: SquareKanban,
	dispatch: CalendarClock,
	my: ClipboardList,
	orders: ListFilter,
	clients: Users,
	leads: Inbox,
	services: Tags,
	campaigns: Megaphone,
	statistics: ChartColumn,
	team: HardHat,
	tokens: KeyRound
};
