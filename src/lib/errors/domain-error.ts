/**
 * What went wrong, as a value. SQL raises SQLSTATE VKnnn with a stable key as message and JSON
 * details; transport and Auth errors get keys of their own. Anything unexpected is `unknown`.
 */
export const errorKeys = [
	'not_signed_in',
	'not_allowed',
	'second_factor_needed',
	'order_not_found',
	'stage_not_found',
	'master_not_found',
	'order_changed',
	'mutation_reused',
	'transition_not_allowed',
	'reason_required',
	'master_at_capacity',
	'wip_limit_reached',
	'stage_of_other_location',
	'invalid_argument',
	'master_inactive',
	'client_blacklisted',
	'phone_of_other_client',
	'field_changed',
	'move_not_found',
	'not_the_last_move',
	'order_closed',
	'asset_not_found',
	'service_not_found',
	'campaign_not_found',
	'lead_not_found',
	'location_not_found',
	'last_admin',
	'admin_right_kept',
	'invitation_not_found',
	'already_employee',
	'already_invited',
	'client_not_found',
	'client_busy',
	'merge_not_found',
	'merge_too_old',
	'lead_claimed',
	'lead_closed',
	'lead_reason_required',
	'contract_not_found',
	'contract_changed',
	'contract_signed',
	'contract_closed',
	'contract_state',
	'token_not_found',
	'invoice_not_found',
	'payment_not_found',
	'shift_not_found',
	'shift_overlaps',
	'invoice_open',
	'contract_not_signed',
	'nothing_to_invoice',
	'invoice_paid',
	'invoice_void',
	'invoice_final',
	'payment_exceeds_due',
	'refund_exceeds_payment',
	'break_outside_shift',
	'no_open_shift',
	'network',
	'unavailable',
	'too_many_requests',
	'invalid_credentials',
	'unknown'
] as const;
export type ErrorKey = (typeof errorKeys)[number];

export type DomainError = {
	/** SQLSTATE, PostgREST's or Auth's code; '' when there was none */
	code: string;
	key: ErrorKey;
	details: Readonly<Record<string, unknown>>;
};

/** The one answer of calls that may fail as expected. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: DomainError };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const failed = (error: unknown, status?: number): Result<never> => ({
	ok: false,
	error: toDomainError(error, status)
});

/**
 * @param error a PostgrestError, an AuthError, or whatever was thrown
 * @param status the response's HTTP status where the library hands it out beside the error
 */
export function toDomainError(error: unknown, status?: number): DomainError {
	const { code, message, details, name, status: own } = asRecord(error);
	const sqlState = typeof code === 'string' ? code : '';
	const http = status ?? (typeof own === 'number' ? own : undefined);
	const make = (key: ErrorKey, extra = {}) => ({ code: sqlState, key, details: extra });

	if (/^VK\d{3}$/.test(sqlState) && isKey(message)) return make(message, parseDetails(details));
	if (sqlState === 'invalid_credentials') return make('invalid_credentials');
	if (sqlState === '42501') return make(http === 401 ? 'not_signed_in' : 'not_allowed');
	if (/^PGRST30[1-3]$/.test(sqlState) || http === 401) return make('not_signed_in');
	if (http === 429) return make('too_many_requests');
	if (http === 0 || name === 'AuthRetryableFetchError' || neverArrived(error)) {
		return make(http !== undefined && http >= 500 ? 'unavailable' : 'network');
	}
	if (http === 502 || http === 503 || http === 504) return make('unavailable');
	return make('unknown');
}

const statuses: Partial<Record<ErrorKey, number>> = {
	not_signed_in: 401,
	not_allowed: 403,
	second_factor_needed: 403,
	order_not_found: 404,
	stage_not_found: 404,
	master_not_found: 404,
	invitation_not_found: 404,
	already_employee: 409,
	already_invited: 409,
	invoice_not_found: 404,
	contract_not_found: 404,
	payment_not_found: 404,
	shift_not_found: 404,
	shift_overlaps: 409,
	order_changed: 409,
	client_not_found: 404,
	merge_not_found: 404,
	client_busy: 409,
	mutation_reused: 409,
	move_not_found: 404,
	asset_not_found: 404,
	service_not_found: 404,
	campaign_not_found: 404,
	lead_not_found: 404,
	location_not_found: 404,
	phone_of_other_client: 409,
	field_changed: 409,
	lead_claimed: 409,
	contract_changed: 409,
	token_not_found: 404,
	network: 503,
	unavailable: 503,
	too_many_requests: 429,
	invalid_credentials: 400,
	unknown: 500
};

/** The HTTP status our own endpoints answer with. */
export function statusOf({ key }: DomainError): number {
	return statuses[key] ?? 422;
}

const isKey = (value: unknown): value is ErrorKey =>
	(errorKeys as readonly unknown[]).includes(value);

const asRecord = (value: unknown): Record<string, unknown> =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** postgrest-js reports a failed fetch as a message; fetch itself throws one of these */
function neverArrived(error: unknown): boolean {
	const { name, message, code } = asRecord(error);
	if (name === 'TypeError' || name === 'AbortError' || name === 'TimeoutError') return true;
	return code === '' && /^(TypeError|AbortError|TimeoutError|FetchError):/.test(String(message));
}

function parseDetails(details: unknown): Record<string, unknown> {
	if (typeof details !== 'string') return asRecord(details);
	try {
		return asRecord(JSON.parse(details));
	} catch {
		return {};
	}
}
