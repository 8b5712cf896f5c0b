import type { RightsTopic } from './rights.ts';

/** The form for people: no table of its own, and open to anybody. */
export const publicLeadsRights: RightsTopic = {
	publicCalls: [
		{
			name: 'submit_public_lead',
			needs: 'anybody',
			statement: `select public.submit_public_lead('{"first_name": "N", "phone_number": "+380501234567", "consent": true}')`
		},
		{ name: 'public_form', needs: 'anybody', statement: 'select public.public_form(:campaign)' }
	],
	attempts: ''
};
