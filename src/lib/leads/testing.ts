/** Leads for tests. */
import type { Lead } from './lead.ts';

export const makeLead = (id: number, more: Partial<Lead> = {}): Lead => ({
	id,
	version: 1,
	first_name: 'Lada',
	middle_name: null,
	last_name: `No ${id}`,
	phone: '+380501112233',
	email: null,
	message: null,
	campaign_id: null,
	campaign_name: null,
	location_id: null,
	service_id: null,
	source: null,
	utm: {},
	status: 'new',
	claimed_by: null,
	claimed_by_name: null,
	claimed_at: null,
	first_call_at: null,
	contacted_at: null,
	rejected_reason: null,
	client_id: null,
	order_id: null,
	contract_id: null,
	known_client_id: null,
	blacklisted: false,
	duplicates: 0,
	submissions: 1,
	last_submitted_at: '2026-11-21T09:00:00Z',
	// a minute later than the one before
	created_at: new Date(Date.parse('2026-11-21T09:00:00Z') + id * 60_000).toISOString(),
	...more
});
