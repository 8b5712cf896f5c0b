// what is said of an own wish: who has the order now, when, and which skill is missing for it
import { expect, it, vi } from 'vitest';
import { createFormat } from '$lib/format/format.ts';
import type { Toaster } from '$lib/ui/toaster.svelte.ts';
import type { Notice } from './board-server.ts';
import type { BoardState } from './board.svelte.ts';
import type { Card } from './board.ts';
import { Teller } from './teller.svelte.ts';
import { makeCard, stages } from './testing/server-double.ts';

const now = Date.parse('2026-11-23T08:00:00Z');

function setUp(lacking: string | null) {
	const said: string[] = [];
	const lackingSkill = vi.fn(async () => lacking);
	const board = {
		now,
		masters: new Map([['olha', { full_name: 'Olha' }]]),
		column: () => ({ stage: stages[1] })
	} as unknown as BoardState;
	const toaster = { show: (text: string) => said.push(text) } as unknown as Toaster;
	const format = createFormat('en', 'UTC');
	const teller = new Teller({ board, toaster, format, locale: 'en', undo() {}, lackingSkill });
	return { teller, said, lackingSkill };
}
const done = (kind: 'assigned' | 'planned' | 'moved', card: Card, handed: boolean): Notice => ({
	kind,
	group: 'x',
	card,
	from_stage: 1,
	handed
});
const olhas = makeCard({ id: 7, stage_id: 2, master_id: 'olha' });

it('says who and when', () => {
	const { teller, said } = setUp(null);
	teller.tell(done('assigned', olhas, true));
	teller.tell(done('planned', { ...olhas, planned_at: '2026-11-23T14:30:00Z' }, false));
	teller.tell(done('planned', { ...olhas, master_id: null }, false));
	expect(said).toEqual([
		'№7 assigned: Olha.',
		'№7: Olha, today 14:30.',
		'№7 is without a master now.'
	]);
});

it('adds which skill the new master lacks, also after a drop on a lane', async () => {
	const { teller, said } = setUp('Setup');
	teller.tell(done('moved', olhas, true));
	await vi.waitFor(() => expect(said).toHaveLength(2));
	expect(said[1]).toBe(`${said[0]} Olha has no skill for “Setup”.`);
});

it('does not ask about skills when nobody else has the order than before', async () => {
	const { teller, said, lackingSkill } = setUp('Setup');
	teller.tell(done('moved', olhas, false));
	expect([said.length, lackingSkill.mock.calls.length]).toEqual([1, 0]);
});
