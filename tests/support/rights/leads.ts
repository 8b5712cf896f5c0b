import type { RightsTopic } from './rights.ts';

export const leadsRights: RightsTopic = {
	calls: [
		{
			name: 'claim_lead',
			needs: 'leads.work',
			statement: 'select public.claim_lead(:lead)'
		},
		{
			name: 'convert_lead',
			needs: 'leads.convert',
			statement: 'select public.convert_lead(:lead)'
		},
		{
			name: 'import_leads',
			needs: 'data.import leads.work leads.read',
			statement: `select public.import_leads('[{}]')`
		},
		{ name: 'find_leads', needs: 'leads.read', statement: 'select public.find_leads()' },
		{ name: 'lead_details', needs: 'leads.read', statement: 'select public.lead_details(:lead)' },
		{ name: 'lead_sources', needs: 'leads.read', statement: 'select public.lead_sources()' },
		{ name: 'lead_summary', needs: 'leads.read', statement: 'select public.lead_summary()' },
		{
			name: 'mark_lead_contacted',
			needs: 'leads.work',
			statement: 'select public.mark_lead_contacted(:lead)'
		},
		{
			name: 'reject_lead',
			needs: 'leads.work',
			statement: `select public.reject_lead(:lead, 'Moved away')`
		},
		{
			name: 'release_lead',
			needs: 'leads.work',
			statement: 'select public.release_lead(:lead)'
		},
		{
			name: 'reopen_lead',
			needs: 'leads.work',
			statement: 'select public.reopen_lead(:lead)'
		}
	],
	helpers: ['private.lead_flags'],
	make: async (sql, { client }) => {
		const [lead] = await sql`
			insert into public.leads (first_name, phone) values ('Lada', '+380501112233') returning id`;
		await sql`insert into public.leads (first_name, phone, client_id, status)
			values ('Leda', '+380501112234', ${client as number}, 'converted')`;
		const [note] = await sql`insert into public.lead_notes (lead_id, body)
			values (${lead?.id}, 'Call after six') returning id`;
		return { lead: lead?.id, lead_note: note?.id };
	},
	attempts: `
leads | select | leads.read | select * from public.leads where id = :lead
leads | insert | leads.work leads.read | insert into public.leads (first_name, email) values ('New', 'new@example.test') returning id
leads | update | leads.work leads.read | update public.leads set first_name = 'New', campaign_id = :campaign where id = :lead returning id
leads | delete | leads.work leads.read | delete from public.leads where id = :lead returning id
lead_notes | select | leads.read | select * from public.lead_notes where id = :lead_note
lead_notes | insert | leads.work leads.read | insert into public.lead_notes (lead_id, kind, body) values (:lead, 'call', 'No answer') returning id
lead_notes | update | nobody | update public.lead_notes set body = 'Other' where id = :lead_note returning id
lead_notes | delete | nobody | delete from public.lead_notes where id = :lead_note returning id
lead_faces | select | leads.read | select * from public.lead_faces where id = :lead
`
};
