// every public call with nonsense of every kind: refused in words, never an error of the machine's own
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	become,
	makeEmployee,
	makeLocation,
	startDatabase,
	type Database
} from '../support/database.ts';
import { makeThings, type Things } from '../support/rights/rights.ts';

const SEED = Number(process.env.HOSTILE_SEED ?? 1);
const TRIES = Number(process.env.HOSTILE_TRIES ?? 25);

let db: Database;
let things: Things;
let admin: string;
let master: string;
beforeAll(async () => {
	db = await startDatabase();
	things = await makeThings(db.owner, await makeLocation(db.owner));
	admin = await makeEmployee(db.owner, 'admin');
	master = await makeEmployee(db.owner, 'master', { location: Number(things.location) });
});
afterAll(() => db?.stop());

const long = 'ы'.repeat(20_000);
const sly = `'; drop table public.clients; --`;
const numbers = ['0', '-1', '1', '2147483647', '9223372036854775807'];
const objects = [
	...[
		'{}',
		'[]',
		'""',
		'0',
		'null',
		'[null]',
		'[[]]',
		'[{}]',
		'{"": null}',
		'{"id": {}}',
		'[1e400]'
	],
	...[
		'id',
		'order_id',
		'client_id',
		'location_id',
		'stage_ids',
		'lines',
		'asset',
		'phone',
		'first_name',
		'order',
		'contract',
		'amount',
		'promised_at',
		'client',
		'kinds',
		'problem',
		'priority',
		'master_id',
		'result',
		'location_id',
		'email'
	].flatMap((key) =>
		[
			'null',
			'{}',
			'[]',
			'[null]',
			'-1',
			'99999999999999999999',
			'1.5',
			'true',
			'"infinity"',
			JSON.stringify(sly),
			JSON.stringify(long),
			'"\\ud800\\udc00\\u200b"'
		].map((value) => `{"${key}": ${value}}`)
	)
];
const nonsense: Record<string, (string | null)[]> = {
	int8: numbers,
	int4: numbers.slice(0, 4),
	numeric: ['NaN', 'Infinity', '-1', '0', '0.001', '1e30', '12.5'],
	text: ['', ' ', '\u200b', sly, '%', '_', '\\', long, '-', '+380671234567', 'x & | ! ( ) : *'],
	bool: ['true', 'false'],
	uuid: ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
	date: ['infinity', '-infinity', '0001-01-01', '2027-01-01', '5874897-12-31'],
	timestamptz: ['infinity', '-infinity', '0001-01-01', '2027-01-01', '294276-12-31'],
	jsonb: objects,
	_text: [
		'{}',
		'{NULL}',
		'{""}',
		'{leads.create}',
		'{client,order,asset}',
		`{${'x,'.repeat(500)}x}`
	],
	employee_role: ['admin', 'master'],
	payment_method: ['cash', 'online']
};

/** Names of a call's arguments whose things exist, so that some tries reach what lies behind. */
const known: Record<string, string> = {
	order_id: 'order',
	client_id: 'client',
	keep_id: 'client',
	drop_id: 'second_client',
	invoice_id: 'invoice',
	payment_id: 'payment',
	lead_id: 'lead',
	contract_id: 'contract',
	shift_id: 'shift',
	to_stage: 'waiting',
	stage_id: 'waiting',
	token_id: 'token',
	invitation_id: 'invitation',
	location: 'location',
	location_id: 'location',
	campaign_id: 'campaign',
	master_id: 'worker',
	master: 'worker'
};

type Call = { name: string; args: string[]; types: string[] };
const callsOf = async () =>
	(await db.owner`select p.proname as name, coalesce(p.proargnames[1:p.pronargs], '{}') as args,
		array(select t.typname from unnest(p.proargtypes::oid[]) with ordinality a (id, place) join pg_type t on t.oid = a.id order by a.place) as types
		from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prorettype <> 'trigger'::regtype
			and has_function_privilege('authenticated', p.oid, 'execute') order by 1`) as unknown as Call[];

let state = SEED;
const below = (limit: number) => {
	state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
	return (state >>> 8) % limit;
};
const valueOf = (name: string, type: string): string | null => {
	if (below(8) === 0) return null;
	if (name in known && below(2) === 0) return String(things[known[name] as string]);
	const from = nonsense[type];
	if (!from) throw new Error(`no nonsense of type ${type}`);
	return from[below(from.length)] ?? null;
};

/** What is wrong with the caller's words (22…), and refusals of ours; a timeout or anything else is not. */
const FINE = /^(VK\d\d\d|42501|22...)$/;

it.each([
	['an administrator', () => admin],
	['a master', () => master]
])(
	'by %s',
	async (_, who) => {
		const wrong = new Map<string, string>();
		for (const { name, args, types } of await callsOf()) {
			for (let tries = 0; tries < TRIES; tries++) {
				const values = args.map((arg, i) => valueOf(arg, types[i] as string));
				const list = args.map((arg, i) => `"${arg}" => $${i + 1}::text::public_or_type_${i}`);
				const statement = `select * from public."${name}"(${list.map((one, i) => one.replace(/public_or_type_\d+/, typeName(types[i] as string))).join(', ')})`;
				const code = await tried(who(), statement, values);
				if (code && !FINE.test(code.slice(0, 5)))
					wrong.set(`${name} ${code.slice(0, 160)}`, JSON.stringify(values).slice(0, 200));
			}
		}
		expect(Object.fromEntries(wrong)).toEqual({});
	},
	120_000
);

const typeName = (type: string) =>
	type.startsWith('_')
		? `${type.slice(1)}[]`
		: /^(employee_role|payment_method)$/.test(type)
			? `public.${type}`
			: type;

async function tried(
	who: string,
	statement: string,
	values: (string | null)[]
): Promise<string | null> {
	const rollback = new Error('rollback');
	try {
		await db.owner.begin(async (tx) => {
			await tx`set local statement_timeout = '8s'`;
			await become(tx, who);
			await tx.unsafe(statement, values as never[]);
			throw rollback;
		});
	} catch (error) {
		if (error === rollback) return null;
		const { code, message } = error as { code: string; message: string };
		return `${code} ${message}`;
	}
	return null;
}
