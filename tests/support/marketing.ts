/** Rows of marketing and its calls, for tests. */
import type { Sql } from 'postgres';
import type { Database, Who } from './database.ts';

export type LeadFace = {
	id: number;
	version: number;
	status: string;
	phone: string | null;
	claimed_by: string | null;
	submissions: number;
	duplicates: number;
	blacklisted: boolean;
} & Record<string, unknown>;

export type Intake = {
	ok: boolean;
	created?: boolean;
	lead?: { id: number; submissions: number } & Record<string, unknown>;
	code?: string;
	message?: string;
	details?: { fields?: Record<string, string[]> } & Record<string, unknown>;
};

let serial = 0;

/** A phone nobody has had in this file. */
export const freshPhone = () => `+38050${String(1_000_000 + ++serial)}`;

export async function makeService(sql: Sql): Promise<number> {
	const name = JSON.stringify({ en: 'Setup', ru: 'Отстройка', uk: 'Відбудова' });
	const [row] =
		await sql`insert into public.services (name) values (${name}::text::jsonb) returning id`;
	return row?.id;
}

export async function makeCampaign(
	sql: Sql,
	options: {
		service?: number;
		location?: number;
		endsOn?: string;
		archived?: boolean;
		name?: string;
	} = {}
): Promise<number> {
	const [row] = await sql`
		insert into public.campaigns (name, service_id, location_id, starts_on, ends_on, archived_at)
		values (${options.name ?? `Campaign ${++serial}`}, ${options.service ?? null}, ${options.location ?? null},
			'2020-01-01', ${options.endsOn ?? null}, ${options.archived ? '2026-01-01' : null})
		returning id`;
	return row?.id;
}

export async function makeLead(
	sql: Sql,
	options: {
		phone?: string | null;
		email?: string;
		campaign?: number;
		location?: number;
		message?: string;
	} = {}
): Promise<number> {
	const phone = options.phone === undefined ? freshPhone() : options.phone;
	const [row] = await sql`
		insert into public.leads (first_name, phone, email, campaign_id, location_id, message)
		values ('Lada', ${phone}, ${options.email ?? null}, ${options.campaign ?? null},
			${options.location ?? null}, ${options.message ?? null})
		returning id`;
	return row?.id;
}

/** A token for the intake, made as an administrator does. */
export async function makeToken(
	db: Database,
	admin: string,
	options: { campaign?: number; source?: string; expiresAt?: string } = {}
): Promise<{ id: number; token: string }> {
	const [row] = await db.commitAs(
		admin,
		(tx) => tx`select public.create_api_token('Site', '{leads.create}', ${options.campaign ?? null},
			${options.source ?? null}, ${options.expiresAt ?? null}) as made`
	);
	return row?.made;
}

/** What the edge function calls, as the service role. */
export async function intake(
	db: Database,
	token: string | null,
	payload: unknown,
	options: { ip?: string; demanded?: string[] } = {}
): Promise<Intake> {
	return db.owner.begin(async (tx) => {
		await tx`select set_config('role', 'service_role', true)`;
		const [row] =
			await tx`select public.intake_lead(${token}, ${JSON.stringify(payload)}::text::jsonb,
			${options.ip ?? '198.51.100.1'}, ${options.demanded ?? ['first_name']}) as answer`;
		return row?.answer as Intake;
	}) as Promise<Intake>;
}

/** One of the calls on a lead, committed; answers its face. */
export async function onLead(
	db: Database,
	who: Who,
	call: 'claim_lead' | 'release_lead' | 'reopen_lead',
	lead: number
): Promise<LeadFace> {
	const [row] = await db.commitAs(who, (tx) => tx`select ${tx(`public.${call}`)}(${lead}) as face`);
	return row?.face;
}
