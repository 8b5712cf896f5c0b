/** How the scheduler calls an edge function: as hosted's pg_net entries do, with the service key. */
import type { Secrets } from '../secrets.ts';
import type { FunctionCall } from './run.ts';

export function serviceCall(url: string, secrets: Secrets): FunctionCall {
	const headers = {
		'content-type': 'application/json',
		apikey: secrets.secretKey,
		authorization: `Bearer ${secrets.serviceRoleKey}`
	};
	return (path, job, signal) =>
		fetch(`${url}/functions/v1/${path}`, {
			method: 'POST',
			headers,
			body: JSON.stringify({ job }),
			signal
		});
}
