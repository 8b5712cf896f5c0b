// the app's own address for callers of older CRM sites, byte for byte, and a lead seen to arrive
import { expect, test, type World } from './fixtures.ts';

const LEAD = {
	first_name: 'Eduard',
	last_name: 'Komarov',
	middle_name: null,
	phone_number: '+79913713124',
	email: 'rango.adik@gmail.com'
};

async function prepare({ stack, sql }: World): Promise<{ token: string; campaign: number }> {
	const admin = await stack.signIn('admin');
	const { data } = await admin.rpc('create_api_token', { name: 'Site', scopes: ['leads.create'] });
	const [row] = await sql`insert into public.campaigns (name) values ('Radio') returning id`;
	return { token: (data as unknown as { token: string }).token, campaign: Number(row?.id) };
}

test('a lead sent to /clients/potential/api/ arrives, with the slash and without', async ({
	world
}) => {
	const { token, campaign } = await prepare(world);
	const send = async (path: string, payload: object, headers: Record<string, string> = {}) => {
		const answer = await fetch(world.url + path, {
			method: 'POST',
			redirect: 'manual',
			headers: { 'content-type': 'application/json', ...headers },
			body: JSON.stringify(payload)
		});
		return [answer.status, answer.headers.get('content-type'), await answer.text()];
	};
	const lead = { ...LEAD, advertising_company: campaign };
	for (const path of ['/clients/potential/api/', '/clients/potential/api']) {
		expect(await send(path, lead, { Token: token })).toEqual([
			201,
			'application/json',
			JSON.stringify(lead)
		]);
		expect(await send(path, lead)).toEqual([
			400,
			'application/json',
			'{"token_errors":"Token is invalid"}'
		]);
		expect(await send(path, { ...lead, email: 'x', first_name: '' }, { Token: token })).toEqual([
			400,
			'application/json',
			'{"first_name":["This field may not be blank."],"email":["Enter a valid email address."]}'
		]);
	}
	const rows = await world.sql`select first_name, phone, campaign_id::int, submissions
		from public.leads where phone = ${LEAD.phone_number}`;
	expect([...rows]).toEqual([
		{ first_name: 'Eduard', phone: LEAD.phone_number, campaign_id: campaign, submissions: 2 }
	]);
});

test('reading the list there and bodies without end are refused', async ({ world }) => {
	const { token } = await prepare(world);
	const url = `${world.url}/clients/potential/api/`;
	const read = await fetch(url, { headers: { Token: token } });
	expect([read.status, await read.text()]).toEqual([
		405,
		'{"detail":"Method \\"GET\\" not allowed."}'
	]);
	const big = await fetch(url, {
		method: 'POST',
		headers: { Token: token, 'content-type': 'application/json' },
		body: JSON.stringify({ ...LEAD, message: 'x'.repeat(100_000) })
	});
	expect(big.status).toBe(413);
	const endless = await fetch(url, {
		method: 'POST',
		headers: { Token: token, 'content-type': 'application/json' },
		body: JSON.stringify({ ...LEAD, message: 'x'.repeat(2_000_000) })
	});
	expect(endless.status).toBe(413);
});

test('a caller cannot choose the address he is counted by', async ({ world }) => {
	const { token, campaign } = await prepare(world);
	await world.sql`delete from private.intake_attempts`;
	for (const invented of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
		await fetch(`${world.url}/clients/potential/api/`, {
			method: 'POST',
			headers: { Token: token, 'content-type': 'application/json', 'x-forwarded-for': invented },
			body: JSON.stringify({ ...LEAD, advertising_company: campaign })
		});
	}
	// the minute may turn meanwhile: summed by whom, one address and one token
	const counted = await world.sql`
		select sum(attempts)::int as sent from private.intake_attempts group by who`;
	expect([...counted]).toEqual([{ sent: 3 }, { sent: 3 }]);
});
