// the door of older CRM sites: their callers read every byte of these answers
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
	freshPhone,
	startIntakeStack,
	type IntakeStack,
	type SendOptions
} from './lead-intake-support.ts';

let stack: IntakeStack;
let campaign: number;

beforeAll(async () => {
	stack = await startIntakeStack();
	const [row] =
		await stack.owner`insert into public.campaigns (name) values ('Radio') returning id`;
	campaign = Number(row?.id);
});
afterAll(() => stack.dispose());
beforeEach(() => stack.owner`delete from private.intake_attempts`);

const send = (payload: unknown, options: SendOptions = {}) =>
	stack.send(payload, { path: '/potential', ...options });
const lead = (change: Record<string, unknown> = {}) => ({
	first_name: 'Eduard',
	last_name: 'Komarov',
	middle_name: null,
	phone_number: '+79913713124',
	email: 'rango.adik@gmail.com',
	advertising_company: campaign,
	...change
});

it('a lead is answered with 201 and the six fields, and so is the same lead again', async () => {
	for (const submissions of [1, 2]) {
		const answer = await send(lead());
		expect(answer.status).toBe(201);
		expect(answer.text).toBe(
			`{"first_name":"Eduard","last_name":"Komarov","middle_name":null,"phone_number":"+79913713124","email":"rango.adik@gmail.com","advertising_company":${campaign}}`
		);
		const rows =
			await stack.owner`select submissions from public.leads where phone = '+79913713124'`;
		expect(rows).toEqual([{ submissions }]);
	}
});

it('a missing or wrong token is told before anything else', async () => {
	for (const token of [null, '', 'wrong']) {
		for (const payload of [lead(), {}]) {
			const answer = await send(payload, { token });
			expect([answer.status, answer.text]).toEqual([400, '{"token_errors":"Token is invalid"}']);
		}
	}
});

describe('an invalid field', () => {
	it.each<[string, () => Record<string, unknown>, string]>([
		[
			'first_name missing',
			() => ({ first_name: undefined }),
			'{"first_name":["This field is required."]}'
		],
		[
			'first_name null',
			() => ({ first_name: null }),
			'{"first_name":["This field may not be null."]}'
		],
		[
			'first_name blank',
			() => ({ first_name: '' }),
			'{"first_name":["This field may not be blank."]}'
		],
		['first_name a list', () => ({ first_name: [1] }), '{"first_name":["Not a valid string."]}'],
		[
			'last_name missing',
			() => ({ last_name: undefined }),
			'{"last_name":["This field is required."]}'
		],
		[
			'last_name long',
			() => ({ last_name: 'x'.repeat(81) }),
			'{"last_name":["Ensure this field has no more than 80 characters."]}'
		],
		[
			'phone missing',
			() => ({ phone_number: undefined }),
			'{"phone_number":["This field is required."]}'
		],
		[
			'phone wrong',
			() => ({ phone_number: '123' }),
			`{"phone_number":["Please enter a valid phone number that starts with \\"+\\""]}`
		],
		['e-mail missing', () => ({ email: undefined }), '{"email":["This field is required."]}'],
		['e-mail wrong', () => ({ email: 'x' }), '{"email":["Enter a valid email address."]}'],
		[
			'campaign missing',
			() => ({ advertising_company: undefined }),
			'{"advertising_company":["This field is required."]}'
		],
		[
			'campaign null',
			() => ({ advertising_company: null }),
			'{"advertising_company":["This field may not be null."]}'
		],
		[
			'campaign unknown',
			() => ({ advertising_company: 999999 }),
			'{"advertising_company":["Invalid pk \\"999999\\" - object does not exist."]}'
		],
		[
			'campaign negative',
			() => ({ advertising_company: -1 }),
			'{"advertising_company":["Invalid pk \\"-1\\" - object does not exist."]}'
		],
		[
			'campaign a word',
			() => ({ advertising_company: 'two' }),
			'{"advertising_company":["Incorrect type. Expected pk value, received str."]}'
		],
		[
			'campaign a bool',
			() => ({ advertising_company: true }),
			'{"advertising_company":["Incorrect type. Expected pk value, received bool."]}'
		],
		[
			'campaign a list',
			() => ({ advertising_company: [1] }),
			'{"advertising_company":["Incorrect type. Expected pk value, received list."]}'
		],
		[
			'campaign a dict',
			() => ({ advertising_company: {} }),
			'{"advertising_company":["Incorrect type. Expected pk value, received dict."]}'
		]
	])('%s', async (_, change, expected) => {
		const answer = await send(lead(change()));
		expect([answer.status, answer.text]).toEqual([400, expected]);
	});

	it('beside others is told in the order of the form', async () => {
		const answer = await send({ email: 'x', first_name: '' });
		expect(answer.text).toBe(
			'{"first_name":["This field may not be blank."],"last_name":["This field is required."],' +
				'"phone_number":["This field is required."],"email":["Enter a valid email address."],' +
				'"advertising_company":["This field is required."]}'
		);
	});

	it('that names a closed or somebody else’s campaign says which', async () => {
		const [row] =
			await stack.owner`insert into public.campaigns (name, archived_at) values ('Old', now()) returning id`;
		const closed = await send(lead({ advertising_company: Number(row?.id) }));
		expect(closed.text).toBe(
			`{"advertising_company":["Advertising company \\"${row?.id}\\" is closed."]}`
		);
		const { token } = await stack.makeToken({ campaign });
		const other = await send(lead({ advertising_company: Number(row?.id) }), { token });
		expect(other.status).toBe(400);
		expect(other.text).toContain('does not belong to this token');
	});
});

it('other refusals have the shape these callers know', async () => {
	expect((await send(null, { body: '[1]' })).text).toBe(
		'{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}'
	);
	const broken = await send(null, { body: '{' });
	expect([broken.status, broken.text]).toEqual([400, '{"detail":"JSON parse error"}']);
	const got = await send(null, { method: 'GET' });
	expect([got.status, got.text]).toEqual([405, '{"detail":"Method \\"GET\\" not allowed."}']);
	const big = await send(null, { body: JSON.stringify({ pad: 'x'.repeat(70_000) }) });
	expect([big.status, big.text]).toEqual([413, '{"detail":"Request body is too large."}']);
	for (let sent = 0; sent < 60; sent++) await send({}, { token: 'guess' });
	const flooded = await send(lead({ phone_number: freshPhone() }));
	expect([flooded.status, flooded.headers.get('retry-after')]).toEqual([429, '60']);
	expect(flooded.text).toBe(
		'{"detail":"Request was throttled. Expected available in 60 seconds."}'
	);
});
