import { expect, test } from 'vitest';
import { fromWallClock, toWallClock } from './wall-clock.ts';

const zone = 'Europe/Kyiv';

test('summer and winter, there and back', () => {
	expect(toWallClock('2026-11-21T12:00:00Z', zone)).toBe('2026-11-21T14:00');
	expect(fromWallClock('2026-11-21T14:00', zone)).toBe('2026-11-21T12:00:00.000Z');
	expect(fromWallClock('2026-07-01T14:00', zone)).toBe('2026-07-01T11:00:00.000Z');
	expect(toWallClock(fromWallClock('2026-03-29T12:30', zone), zone)).toBe('2026-03-29T12:30');
});

test('the hour that is skipped in spring becomes a neighbour, never an error', () => {
	const moment = fromWallClock('2026-03-29T03:30', zone);
	expect(['2026-03-29T00:30:00.000Z', '2026-03-29T01:30:00.000Z']).toContain(moment);
});

test('nothing is nothing', () => {
	expect(toWallClock(null, zone)).toBe('');
	expect(fromWallClock('', zone)).toBe(null);
	expect(fromWallClock('soon', zone)).toBe(null);
});
