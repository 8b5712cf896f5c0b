import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { APART_MS, HandTeller, type Hand } from './hand.ts';
import { Hands } from './hands.svelte.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const me = { hand: 'left', name: 'Anna', colour: 20 };
const hand = (face: Partial<Hand> = {}): Hand => ({ ...me, order_id: 1, column: 2, ...face });

describe('what others are told of my hand', () => {
	function setUp() {
		const said: (Hand & { at: number })[] = [];
		const teller = new HandTeller(me, (message) => said.push({ ...message, at: Date.now() }));
		return { said, teller };
	}

	it('is the lift at once, the last column later, and the drop', () => {
		const { said, teller } = setUp();
		teller.hold(1, 2);
		for (const column of [3, 4, 5]) teller.hold(1, column);
		vi.advanceTimersByTime(APART_MS);
		teller.hold(null, null);
		vi.advanceTimersByTime(APART_MS);
		expect(said.map(({ column }) => column)).toEqual([2, 5, null]);
		vi.advanceTimersByTime(10_000);
		expect(said).toHaveLength(3);
	});

	it('is repeated while I hold it', () => {
		const { said, teller } = setUp();
		teller.hold(1, 2);
		vi.advanceTimersByTime(3100);
		expect(said.map(({ column }) => column)).toEqual([2, 2, 2, 2]);
		teller.destroy();
		vi.advanceTimersByTime(5000);
		expect(said).toHaveLength(4);
	});

	it('is never more than four messages in any second, however wild the hand', () => {
		const { said, teller } = setUp();
		for (let step = 0; step < 400; step++) {
			teller.hold(step % 37 < 30 ? 1 + (step % 3) : null, step % 5);
			vi.advanceTimersByTime(11);
		}
		teller.hold(null, null);
		vi.advanceTimersByTime(5000);
		for (const { at } of said) {
			expect(said.filter((other) => other.at >= at && other.at < at + 1000).length).toBeLessThan(5);
		}
		expect(said.at(-1)?.column).toBeNull();
	});

	it('ends with all cards let go, even of a hand that changed them quickly', () => {
		const { said, teller } = setUp();
		teller.hold(1, 2);
		teller.hold(null, null);
		teller.hold(7, 3);
		teller.hold(null, null);
		vi.advanceTimersByTime(5000);
		const hands = new Hands();
		for (const message of said) hands.hear(message);
		expect([hands.of(1), hands.of(7)]).toEqual([undefined, undefined]);
	});
});

describe('other hands', () => {
	it('are seen on their card and over their column', () => {
		const hands = new Hands();
		hands.hear(hand());
		hands.hear(hand({ hand: 'right', order_id: 2, name: 'Oleh' }));
		expect(hands.of(1)?.name).toBe('Anna');
		expect(hands.over(2).map(({ name }) => name)).toEqual(['Anna', 'Oleh']);
		hands.hear(hand({ column: 3 }));
		expect(hands.over(3).map(({ name }) => name)).toEqual(['Anna']);
		hands.hear(hand({ column: null }));
		expect(hands.of(1)).toBeUndefined();
		hands.destroy();
	});

	it('that fall silent are forgotten within three seconds, those that speak are not', () => {
		const hands = new Hands();
		hands.hear(hand());
		for (let second = 0; second < 3; second++) {
			vi.advanceTimersByTime(1000);
			hands.hear(hand({ hand: 'right', order_id: 2 }));
		}
		expect(hands.of(1)).toBeUndefined();
		expect(hands.of(2)).toBeDefined();
		vi.advanceTimersByTime(3000);
		expect(hands.of(2)).toBeUndefined();
	});

	it('hold one card each: taking another lets go of the first', () => {
		const hands = new Hands();
		hands.hear(hand());
		hands.hear(hand({ order_id: 5 }));
		expect([hands.of(1), hands.of(5)?.order_id]).toEqual([undefined, 5]);
		hands.destroy();
	});

	it('that talk nonsense are ignored', () => {
		const hands = new Hands();
		for (const payload of [null, 1, {}, hand({ name: '' }), hand({ colour: 999 })])
			hands.hear(payload);
		hands.hear(hand({ name: 'x'.repeat(500) }));
		expect(hands.of(1)).toBeUndefined();
	});
});
