/** Services as the staff's pages show them, the filters of their list, and the form of one. Pure. */
import type { Locale } from '$lib/paraglide/runtime.js';
import type { Translation } from './words.ts';

export const orderTypes = ['consultation', 'diagnostics', 'repair', 'other'] as const;
export type OrderType = (typeof orderTypes)[number];
export const shows = ['active', 'public', 'archived'] as const;
export type Show = (typeof shows)[number];
export const languages = ['ru', 'uk', 'en'] as const satisfies readonly Locale[];

export type Service = {
	id: number;
	version: number;
	name: Translation;
	description: Translation | null;
	price: number | null;
	norm_minutes: number | null;
	order_type: OrderType;
	location_id: number | null;
	public: boolean;
	position: number;
	archived_at: string | null;
};
export type ServiceFigures = {
	contracts: number;
	/** null for those who may not read statistics */
	orders: number | null;
	masters: number;
};
export type ListedService = Service & ServiceFigures;

export type Filters = { query: string; show: Show; type: OrderType | null };

/** What an address asks for; anything it gets wrong is as if it were not there. */
export function filtersOf(params: URLSearchParams): Filters {
	return {
		query: (params.get('q') ?? '').slice(0, 200),
		show: shows.find((show) => show === params.get('show')) ?? 'active',
		type: orderTypes.find((type) => type === params.get('type')) ?? null
	};
}

/** The address of a list, as short as it can be said. */
export function hrefOf({ query, show, type }: Filters): string {
	const params = new URLSearchParams();
	if (query.trim()) params.set('q', query);
	if (show !== 'active') params.set('show', show);
	if (type !== null) params.set('type', type);
	const asked = params.toString();
	return asked ? `/app/services?${asked}` : '/app/services';
}

const plain = (text: string) => text.trim().toLocaleLowerCase();

/** A catalogue is small: it is narrowed here, in every language it is written in. */
export function narrowed(services: readonly ListedService[], filters: Filters): ListedService[] {
	const wanted = plain(filters.query);
	return services.filter(
		(service) =>
			(filters.show === 'archived') === (service.archived_at !== null) &&
			(filters.show !== 'public' || service.public) &&
			(filters.type === null || service.order_type === filters.type) &&
			Object.values(service.name).some((name) => plain(name).includes(wanted))
	);
}

/** A service as its form holds it: texts as typed. */
export type Draft = {
	name: Translation;
	description: Translation;
	price: string;
	hours: string;
	order_type: OrderType;
	location: string;
	public: boolean;
	position: string;
};
export type ServiceFields = Omit<Service, 'id' | 'version' | 'archived_at'>;

const nothing: Translation = { en: '', ru: '', uk: '' };

export function draftOf(service: Service | null): Draft {
	return {
		name: { ...nothing, ...service?.name },
		description: { ...nothing, ...service?.description },
		price: String(service?.price ?? ''),
		hours: service?.norm_minutes ? String(Math.round(service.norm_minutes / 0.6) / 100) : '',
		order_type: service?.order_type ?? 'repair',
		location: String(service?.location_id ?? ''),
		public: service?.public ?? true,
		position: String(service?.position ?? 0)
	};
}

export type DraftField = 'name' | 'price' | 'hours' | 'position';

/** People write 1,5 as well as 1.5, and 1 500. Null for nothing, NaN for what is no number. */
const numberOf = (text: string): number | null =>
	text.trim() === '' ? null : Number(text.replace(/\s/g, '').replace(',', '.'));

/** A text in every language: what was left empty says what the first one says. */
function everywhere(words: Translation): Translation | null {
	const first = languages.map((language) => words[language].trim()).find(Boolean);
	if (first === undefined) return null;
	const filled = languages.map((language) => [language, words[language].trim() || first]);
	return Object.fromEntries(filled) as Translation;
}

/** What the form says, for the database; or which fields make no sense. */
export function fieldsOf(draft: Draft): { fields: ServiceFields; wrong: DraftField[] } {
	const name = everywhere(draft.name);
	const price = numberOf(draft.price);
	const hours = numberOf(draft.hours);
	const minutes = hours === null ? null : Math.round(hours * 60);
	const position = Number(draft.position || 0);
	const wrong: DraftField[] = [];
	if (name === null) wrong.push('name');
	if (price !== null && !(price >= 0 && price < 1e10)) wrong.push('price');
	if (minutes !== null && !(minutes >= 1 && minutes <= 525_600)) wrong.push('hours');
	if (!Number.isInteger(position) || Math.abs(position) > 1e6) wrong.push('position');
	const fields: ServiceFields = {
		name: name ?? nothing,
		description: everywhere(draft.description),
		price,
		norm_minutes: minutes,
		order_type: draft.order_type,
		location_id: draft.location === '' ? null : Number(draft.location),
		public: draft.public,
		position
	};
	return { fields, wrong };
}
