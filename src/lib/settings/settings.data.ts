/** The company's settings that pages need. */
import type { Client } from '$lib/supabase/types.ts';

export type Company = {
	name: string;
	currency: string;
	/** IANA name; every time on the pages is shown in it */
	timeZone: string;
};

/** For signed-in people. @throws the request's error */
export async function loadCompany(supabase: Client): Promise<Company> {
	const { data } = await supabase
		.from('settings')
		.select('company_name, currency, time_zone')
		.single()
		.throwOnError();
	return { name: data.company_name, currency: data.currency, timeZone: data.time_zone };
}

/** For anybody; null when the gateway does not answer, so that a public page still shows. */
export async function loadCompanyName(supabase: Client): Promise<string | null> {
	const { data } = await supabase.from('settings').select('company_name').maybeSingle();
	return data?.company_name ?? null;
}
