/** Random work of a company: what people do all day, as they do it; refusals are part of it. */
import { randomUUID } from 'node:crypto';
import { boss, fresh, json, on, one, type Change } from './audience-chance.ts';
import type { Company } from './audience-company.ts';
import { money, orders } from './audience-orders.ts';

const people: Record<string, Change> = {
	clock: (company, random) =>
		company.commitAs(random.pick(company.staff.master.slice(1)), (tx) =>
			tx.unsafe(
				`select public.${random.pick(['clock_in', 'clock_out', 'start_break', 'end_break'])}()`
			)
		),
	master: on(
		'employees',
		`role = 'master'`,
		(tx, master, random) =>
			tx`update public.employees set full_name = ${`Master ${random.int(1000)}`}, capacity = ${1 + random.int(5)} where id = ${master.id}`
	),
	client: (company, random) =>
		company.commitAs(
			boss(company),
			(tx) =>
				tx`update public.clients set first_name = ${`Name ${random.int(1000)}`} where id = ${random.pick(company.clients)}`
		),
	blacklist: (company, random) =>
		company.commitAs(
			boss(company),
			(tx) =>
				tx`select public.set_blacklist(${random.pick(company.clients)}, ${random.chance(0.5)}, 'Rude')`
		),
	asset: on(
		'assets',
		'true',
		(tx, asset, random) =>
			tx`update public.assets set model = ${`M${random.int(100)}`} where id = ${asset.id}`
	),
	merge: async (company, random) => {
		const drop = (
			await one(
				company,
				random,
				'clients',
				`merged_into is null and user_id is null and id > ${Math.max(...company.clients)}`
			)
		)?.id;
		if (drop)
			await company.commitAs(
				boss(company),
				(tx) =>
					tx`select public.merge_clients(${random.pick(company.clients)}, ${drop}, ${randomUUID()})`
			);
	},
	columns: on(
		'stages',
		'true',
		(tx, stage, random) =>
			tx`update public.stages set colour = ${`#33669${random.int(10)}`} where id = ${stage.id}`
	)
};

const operator = ({ staff }: Company) => staff.operator[0] as string;
const leads: Record<string, Change> = {
	lead: (company, random) =>
		company.commitAs(
			operator(company),
			(tx) => tx`insert into public.leads (first_name, phone, campaign_id, location_id)
			values ('Lada', ${random.chance(0.3) ? '+380631234567' : fresh()}, ${random.pick(company.campaigns)}, ${random.pick([null, ...company.locations])})`
		),
	claim: on('leads', 'true', (tx, lead) => tx`select public.claim_lead(${lead.id})`, operator),
	contact: on(
		'leads',
		'true',
		(tx, lead) => tx`select public.mark_lead_contacted(${lead.id}, 'Called')`,
		operator
	),
	reject: on(
		'leads',
		'true',
		(tx, lead) => tx`select public.reject_lead(${lead.id}, 'No')`,
		operator
	),
	place: on(
		'leads',
		'true',
		(tx, lead, random, { locations }) =>
			tx`update public.leads set location_id = ${random.pick([null, ...locations])} where id = ${lead.id}`,
		operator
	),
	convert: on(
		'leads',
		`status in ('new', 'contacted')`,
		(tx, lead, random, { locations }) =>
			tx`select public.convert_lead(${lead.id}, ${json(random.chance(0.5) ? {} : { order: { location_id: random.pick(locations), problem: 'Lead' } })}::text::jsonb, ${randomUUID()})`,
		operator
	),
	drop: on(
		'leads',
		`status = 'new'`,
		(tx, lead) => tx`delete from public.leads where id = ${lead.id}`,
		operator
	),
	import: (company) =>
		company.commitAs(
			boss(company),
			(tx) =>
				tx`select public.import_leads(${json([{ first_name: 'Bulk', phone_number: fresh() }])}::text::jsonb, false)`
		)
};

export const changes: Record<string, Change> = { ...orders, ...money, ...people, ...leads };

/** Whose rights change, and how: each begins a new epoch. */
export const upheavals: Record<string, Change> = {
	dismiss: ({ sql, staff }, random) =>
		sql`update public.employees set active = not active where id = ${random.pick([...staff.coordinator, ...staff.master, ...staff.operator.slice(1)])}`,
	place: ({ sql, staff, locations }, random) =>
		sql`update public.employees set location_id = ${random.pick([null, ...locations])} where id = ${random.pick([...staff.coordinator, ...staff.operator.slice(1)])}`,
	role: ({ sql, staff }, random) =>
		sql`update public.employees set role = ${random.pick(['operator', 'marketer'])} where id = ${random.pick(staff.marketer.slice(1))}`,
	matrix: ({ sql }, random) => {
		const [role, permission] = random.pick([
			['operator', 'orders.read'],
			['coordinator', 'masters.read'],
			['manager', 'leads.read'],
			['marketer', 'campaigns.money']
		]) as [string, string];
		return sql`with gone as (delete from public.role_permissions where role = ${role}::public.employee_role and permission = ${permission} returning 1)
			insert into public.role_permissions (role, permission)
			select ${role}::public.employee_role, ${permission} where not exists (
				select from public.role_permissions where role = ${role}::public.employee_role and permission = ${permission})`;
	}
};
