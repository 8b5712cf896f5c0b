import { describe, expect, it, test } from 'vitest';
import {
	changesOf,
	conversionOf,
	emptyLead,
	fieldsOf,
	leadDraft,
	missingInConversion,
	missingInLead,
	payloadOf
} from './conversion.ts';
import { filtersOf, judge, queryOf, searchOf } from './lead-filters.ts';
import { waitOf } from './lead.ts';
import { makeLead } from './testing.ts';

const zone = 'Europe/Kyiv';
const filters = (search: string) => filtersOf(new URLSearchParams(search));

describe('filters', () => {
	it('are what makes sense of an address, and can be said again', () => {
		const said = 'q=067&status=rejected&who=mine&campaign=4&source=site&from=2026-11-01';
		expect(searchOf(filters(`${said}&location=-1&to=yesterday&x=1`))).toBe(`?${said}`);
		expect(filters('status=lost&who=them&campaign=0')).toEqual({});
		expect(searchOf({})).toBe('');
	});

	it('become those of SQL; days are the company’s, and until counts the day itself', () => {
		expect(queryOf(filters(''), zone)).toEqual({ statuses: ['new', 'contacted'] });
		expect(
			queryOf(filters('status=all&from=2026-11-21&to=2026-11-21&who=unclaimed'), zone)
		).toEqual({
			unclaimed: true,
			created_from: '2026-11-20T22:00:00.000Z',
			created_to: '2026-11-21T22:00:00.000Z'
		});
	});

	it.each([
		['', makeLead(1), 'in'],
		['', makeLead(1, { status: 'converted' }), 'out'],
		['status=all', makeLead(1, { status: 'converted' }), 'in'],
		['who=mine', makeLead(1, { claimed_by: 'you' }), 'out'],
		['who=mine', makeLead(1, { claimed_by: 'me' }), 'in'],
		['who=unclaimed', makeLead(1, { claimed_by: 'me' }), 'out'],
		['campaign=4', makeLead(1, { campaign_id: 5 }), 'out'],
		['source=site', makeLead(1, { source: 'site' }), 'in'],
		['location=2', makeLead(1), 'out'],
		['to=2026-11-20', makeLead(1), 'out'],
		['from=2026-11-21', makeLead(1), 'in'],
		['q=lada', makeLead(1), 'ask'],
		['q=lada&who=mine', makeLead(1), 'out']
	])('%s judges a live lead as the database would', (search, lead, verdict) =>
		expect(judge(filters(search), 'me', zone)(lead)).toBe(verdict)
	);
});

test('somebody waits until the first call, or until nobody will call', () => {
	const now = Date.parse(makeLead(1).created_at) + 90_000;
	expect(waitOf(makeLead(1), now)).toBe(90_000);
	const called = new Date(now - 60_000).toISOString();
	expect(waitOf(makeLead(1, { first_call_at: called, status: 'rejected' }), now)).toBe(30_000);
	expect(waitOf(makeLead(1, { status: 'rejected' }), now)).toBe(null);
});

describe('a lead written down', () => {
	it('needs a name and a way to be reached', () => {
		expect(missingInLead(emptyLead(), 'UA')).toEqual({ firstName: 'missing', phone: 'missing' });
		const draft = { ...emptyLead(), firstName: 'Lada', phone: '067 12', email: 'x' };
		expect(missingInLead(draft, 'UA')).toEqual({ phone: 'invalid', email: 'invalid' });
		expect(missingInLead({ ...draft, phone: '', email: 'a@b.c' }, 'UA')).toEqual({});
	});

	it('becomes columns, of which a correction sends those that changed', () => {
		const draft = { ...emptyLead(3), firstName: ' Lada ', phone: '067 123 45 67', source: ' ' };
		expect(fieldsOf(draft, 'UA')).toMatchObject({
			first_name: 'Lada',
			phone: '+380671234567',
			source: null,
			location_id: 3
		});
		const lead = makeLead(1, { message: 'Hello' });
		expect(changesOf(leadDraft(lead), lead, 'UA')).toEqual({});
		expect(changesOf({ ...leadDraft(lead), message: '', service: '4' }, lead, 'UA')).toEqual({
			message: null,
			service_id: 4
		});
	});
});

describe('a conversion', () => {
	const lead = makeLead(1, { message: 'Buzzes', service_id: 7 });
	const order = conversionOf(lead, 'order', 2, '2026-11-21');

	it('carries over what the lead brought', () => {
		expect(missingInConversion(order)).toEqual({});
		const whole = { ...order, assetKind: 'Guitar', promised: '2026-11-21T14:00', override: true };
		expect(payloadOf(whole, zone)).toEqual({
			order: {
				service_id: 7,
				location_id: 2,
				problem: 'Buzzes',
				promised_at: '2026-11-21T12:00:00.000Z',
				asset: { kind: 'Guitar' },
				override_blacklist: true
			}
		});
		expect(payloadOf({ ...order, outcome: 'client' }, zone)).toEqual({});
	});

	it('says what is missing, of the outcome that is wanted only', () => {
		const empty = {
			...order,
			problem: ' ',
			location: '',
			assetModel: 'D-28',
			endsOn: '2026-01-01'
		};
		expect(missingInConversion(empty)).toEqual({
			problem: 'missing',
			location: 'missing',
			assetKind: 'missing'
		});
		expect(missingInConversion({ ...empty, outcome: 'contract', amount: '0' })).toEqual({
			amount: 'missing',
			endsOn: 'invalid'
		});
		expect(missingInConversion({ ...empty, outcome: 'client' })).toEqual({});
		const contract = {
			...order,
			outcome: 'contract',
			amount: '1 500,50',
			endsOn: '2027-01-01'
		} as const;
		expect(payloadOf(contract, zone)).toMatchObject({
			contract: { amount: 1500.5, starts_on: '2026-11-21', ends_on: '2027-01-01', service_id: 7 }
		});
	});
});
