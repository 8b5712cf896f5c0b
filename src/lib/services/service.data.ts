/** Queries of the staff's pages of services. What may fail as expected comes back as a value. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import type { ListedService, Service, ServiceFields } from './service.ts';
import { amountFrom } from './words.ts';

const COLUMNS =
	'id, version, name, description, price, norm_minutes, order_type, location_id, public, position, archived_at';

/** The whole catalogue with what each service did. */
export async function listServices(client: Client): Promise<Result<ListedService[]>> {
	const [services, stats] = await Promise.all([
		client.from('services').select(COLUMNS).order('position').order('id'),
		client.rpc('service_stats')
	]);
	const wrong = [services, stats].find(({ error }) => error);
	if (wrong) return failed(wrong.error, wrong.status);
	const figures = new Map(stats.data?.map(({ service_id, ...row }) => [service_id, row]));
	const none = { contracts: 0, orders: null, masters: 0 };
	return ok(
		(services.data ?? []).map((row) => ({
			...(row as unknown as Service),
			price: amountFrom(row.price),
			...(figures.get(row.id) ?? none)
		}))
	);
}

/** One of the catalogue; null when there is none, or not for this person. */
export async function loadService(
	client: Client,
	id: number
): Promise<Result<ListedService | null>> {
	const all = await listServices(client);
	return all.ok ? ok(all.value.find((service) => service.id === id) ?? null) : all;
}

/** @throws the request's error */
export async function listLocations(client: Client) {
	const { data } = await client
		.from('locations')
		.select('id, name, archived_at')
		.order('name')
		.throwOnError();
	return data;
}

/** @returns its id */
export async function createService(
	client: Client,
	fields: ServiceFields
): Promise<Result<number>> {
	const { data, error, status } = await client
		.from('services')
		.insert(fields)
		.select('id')
		.single();
	return error ? failed(error, status) : ok(data.id);
}

/**
 * Only if it still is as it was seen.
 * @returns whether it was; false: somebody changed it meanwhile, and nothing was written
 */
export async function changeService(
	client: Client,
	{ id, version }: Pick<Service, 'id' | 'version'>,
	changes: Partial<ServiceFields> & { archived_at?: string | null }
): Promise<Result<boolean>> {
	const { data, error, status } = await client
		.from('services')
		.update(changes)
		.eq('id', id)
		.eq('version', version)
		.select('id');
	return error ? failed(error, status) : ok(data.length > 0);
}

export type Skill = { id: string; name: string; able: boolean };

/** Masters and whether they can do it. @throws the request's error */
export async function listSkills(client: Client, service: number): Promise<Skill[]> {
	const [masters, skills] = await Promise.all([
		client
			.from('employees')
			.select('id, full_name')
			.eq('role', 'master')
			.is('active', true)
			.order('full_name')
			.throwOnError(),
		client.from('employee_skills').select('employee_id').eq('service_id', service).throwOnError()
	]);
	const able = new Set(skills.data.map(({ employee_id }) => employee_id));
	return masters.data.map(({ id, full_name }) => ({ id, name: full_name, able: able.has(id) }));
}

export async function setSkill(
	client: Client,
	service: number,
	employee: string,
	able: boolean
): Promise<Result<null>> {
	const skill = { service_id: service, employee_id: employee };
	const { error, status } = able
		? await client.from('employee_skills').insert(skill)
		: await client.from('employee_skills').delete().match(skill);
	// somebody else ticked the same box a moment ago: it is as wanted
	return error && error.code !== '23505' ? failed(error, status) : ok(null);
}
