/** The calls of the desk of leads; the client is asked for at the first one. */
import type { Client } from '$lib/supabase/types.ts';
import * as calls from './lead-calls.data.ts';
import type { DeskServer } from './lead-desk.svelte.ts';
import { leadTopics, loadSummary } from './leads.data.ts';

export const deskServer = (client: () => Client): DeskServer => ({
	topics: () => leadTopics(client()),
	summary: () => loadSummary(client()),
	claim: (lead) => calls.claimLead(client(), lead),
	release: (lead) => calls.releaseLead(client(), lead),
	contact: (lead, note) => calls.markContacted(client(), lead, note),
	reject: (lead, reason) => calls.rejectLead(client(), lead, reason),
	reopen: (lead) => calls.reopenLead(client(), lead)
});
