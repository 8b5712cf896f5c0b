/** The demo company's contracts and what was paid on them. */
import { serviceNumber } from './catalogue.ts';
import type { DemoClient } from './clients.ts';
import type { Clock } from './clock.ts';
import { idOf } from './people.ts';
import { seeded } from './random.ts';

const COUNT = 26;
const DAY = 24 * 60;

/** From the oldest to the newest; payments are part of the one invoice a signed contract has. */
export function demoContracts(clients: DemoClient[], clock: Clock) {
	const random = seeded(90210);
	const ages = Array.from({ length: COUNT }, () => random.int(1, 88)).sort((a, b) => b - a);
	return ages.map((days, index) => {
		const client = random.pick(clients.filter(({ blacklisted }) => !blacklisted));
		const windows = client.home === 2;
		const state = stateAt(index, days);
		const amount = random.int(12, windows ? 95 : 48) * 1000;
		const signed =
			state === 'signed' || state === 'closed' ? days * DAY - random.int(60, 600) : null;
		const billed = signed === null ? null : signed - random.int(20, 200);
		const share = state === 'closed' ? 1 : random.pick([0, 0.3, 0.5]);
		return {
			number: index + 1,
			client: client.number,
			service: serviceNumber(windows ? 'glazing' : random.pick(['bowed', 'winds', 'setup'])),
			location: client.home,
			campaign: random.chance(0.35) ? { 1: 1, 2: 2, 3: 4 }[client.home] : null,
			amount,
			starts_on: clock.day(days - 2),
			ends_on: clock.day(days - 2 - (state === 'closed' ? 14 : random.int(30, 365))),
			state,
			signed_at: signed === null ? null : clock.at(signed),
			cancelled_reason: state === 'cancelled' ? 'Клиент отложил работы до весны' : null,
			notes: random.chance(0.4) ? 'Оплата по счёту, аванс половина' : null,
			created_by: random.pick([idOf('manager'), idOf('manager2')]),
			created_at: clock.at(days * DAY),
			issued_at: billed === null ? null : clock.at(billed),
			received: Math.round(amount * share),
			received_at: billed === null ? null : clock.at(billed - random.int(30, 300))
		};
	});
}

function stateAt(index: number, days: number): 'draft' | 'signed' | 'closed' | 'cancelled' {
	if (index % 11 === 7) return 'cancelled';
	if (days > 40 && index % 3 !== 0) return 'closed';
	return days < 2 || index % 6 === 5 ? 'draft' : 'signed';
}
