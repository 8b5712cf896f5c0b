/** Outlines for a 16 px box. Cards are made and thrown away by the dozen: theirs must be cheap. */
export const cardIcons = {
	clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 5v3l2 1.5',
	high: 'M4 8l4-4 4 4M4 12l4-4 4 4',
	urgent: 'M8 2.5l6 11H2zM8 6.5V10M8 11.8v.2',
	unsent: 'M4.5 12.5h7a2.5 2.5 0 0 0 .3-5 4 4 0 0 0-7.6-.9A3 3 0 0 0 4.5 12.5M2.5 2.5l11 11',
	move: 'M2.5 5.5h11M10.5 2.5l3 3-3 3M13.5 10.5h-11M5.5 7.5l-3 3 3 3',
	comment: 'M2.5 3.5h11v7h-6L4.5 13v-2.5h-2z',
	photo: 'M2.5 4.5h2.2l1-1.5h4.6l1 1.5h2.2v8h-11zM8 10.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
	banned: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M4.2 4.2l7.6 7.6',
	person: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 14a5.5 5.5 0 0 1 11 0'
} as const;

export type CardIconName = keyof typeof cardIcons;
