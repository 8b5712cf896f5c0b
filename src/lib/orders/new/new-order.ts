/** An order being taken in: what the form holds, what is missing, and what `create_order` gets. Pure. */
import { toE164 } from '$lib/format/phone.ts';
import { amountOf } from '../amount.ts';
import { fromWallClock } from '../wall-clock.ts';

export interface LineInput {
	kind: 'work' | 'part';
	title: string;
	quantity: string;
	price: string;
}

export type OrderType = 'consultation' | 'diagnostics' | 'repair' | 'other';

/** As typed: texts, so that it can be kept and shown again exactly. */
export interface NewOrder {
	phone: string;
	firstName: string;
	lastName: string;
	email: string;
	address: string;
	/** an id, 'new', or '' for none */
	asset: string;
	assetKind: string;
	assetBrand: string;
	assetModel: string;
	assetSerial: string;
	type: OrderType;
	service: string;
	problem: string;
	priority: string;
	/** as a date-and-time field has it, in the company's zone */
	promised: string;
	location: string;
	master: string;
	lines: LineInput[];
	override: boolean;
}

export type NewOrderField = keyof NewOrder;
export type Missing = Partial<Record<NewOrderField, 'missing' | 'invalid'>>;

export const emptyOrder = (location: number | null = null): NewOrder => ({
	phone: '',
	firstName: '',
	lastName: '',
	email: '',
	address: '',
	asset: '',
	assetKind: '',
	assetBrand: '',
	assetModel: '',
	assetSerial: '',
	type: 'repair',
	service: '',
	problem: '',
	priority: '0',
	promised: '',
	location: location === null ? '' : String(location),
	master: '',
	lines: [],
	override: false
});

export const emptyLine = (): LineInput => ({ kind: 'work', title: '', quantity: '1', price: '' });

const isLine = ({ title, quantity, price }: LineInput): boolean =>
	title.trim() !== '' && amountOf(quantity) > 0 && amountOf(price) >= 0;
/** a line nobody began is no line */
const isBegun = ({ title, price }: LineInput): boolean =>
	title.trim() !== '' || price.trim() !== '';

/** What has to be said yet, by field; empty when the order can be sent. */
export function missingIn(order: NewOrder, known: boolean, country: string): Missing {
	const missing: Missing = {};
	if (!order.phone.trim()) missing.phone = 'missing';
	else if (!toPhone(order.phone, country)) missing.phone = 'invalid';
	if (!known && !order.firstName.trim()) missing.firstName = 'missing';
	if (order.email.trim() && !/^[^@\s]+@[^@\s]+$/.test(order.email.trim()))
		missing.email = 'invalid';
	if (order.asset === 'new' && !order.assetKind.trim()) missing.assetKind = 'missing';
	if (!order.problem.trim()) missing.problem = 'missing';
	if (!order.location) missing.location = 'missing';
	if (!order.lines.filter(isBegun).every(isLine)) missing.lines = 'invalid';
	return missing;
}

/** The number as E.164; null while it is not whole. */
export const toPhone = (text: string, country: string): string | null =>
	toE164(text, country as Parameters<typeof toE164>[1]);

/** What `create_order` takes. `client` is the known client's id; call it only when nothing is missing. */
export function payloadOf(
	order: NewOrder,
	client: number | null,
	zone: { country: string; timeZone: string }
) {
	const text = (value: string) => value.trim() || undefined;
	const who =
		client === null
			? {
					first_name: text(order.firstName),
					last_name: text(order.lastName),
					email: text(order.email)
				}
			: { client_id: client };
	const lines = order.lines.filter(isBegun).map(({ kind, title, quantity, price }) => ({
		kind,
		title: title.trim(),
		quantity: amountOf(quantity),
		unit_price: amountOf(price)
	}));
	const payload = {
		phone: toPhone(order.phone, zone.country),
		...who,
		...assetOf(order),
		type: order.type,
		service_id: order.service ? Number(order.service) : undefined,
		problem: text(order.problem),
		address: text(order.address),
		priority: Number(order.priority),
		promised_at: fromWallClock(order.promised, zone.timeZone) ?? undefined,
		location_id: Number(order.location),
		master_id: order.master || undefined,
		lines: lines.length > 0 ? lines : undefined,
		override_blacklist: order.override || undefined
	};
	return Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
}

function assetOf(order: NewOrder) {
	if (order.asset === '') return {};
	if (order.asset !== 'new') return { asset_id: Number(order.asset) };
	const parts = {
		kind: order.assetKind,
		brand: order.assetBrand,
		model: order.assetModel,
		serial: order.assetSerial
	};
	const said = Object.entries(parts).map(([name, value]) => [name, value.trim()] as const);
	return { asset: Object.fromEntries(said.filter(([, value]) => value !== '')) };
}

/** A kept draft, or nothing if it is of another shape than this form has. */
export function parseDraft(text: string | null): { order: NewOrder; mutation: string } | null {
	if (text === null) return null;
	try {
		const kept = JSON.parse(text) as { order: NewOrder; mutation: string };
		const shape = emptyOrder();
		const fits = Object.entries(shape).every(
			([field, value]) => typeof kept.order[field as NewOrderField] === typeof value
		);
		return fits && Array.isArray(kept.order.lines) && typeof kept.mutation === 'string'
			? kept
			: null;
	} catch {
		return null;
	}
}
