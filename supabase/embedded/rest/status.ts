/** HTTP status for a Postgres error, by PostgREST's documented table (errors, "HTTP status codes"). */
const BY_CODE: Record<string, number> = {
	// not in PostgREST's table: WebDAV's word for a full disk
	'53100': 507,
	'23503': 409,
	'23505': 409,
	'25006': 405,
	'42883': 404,
	'42P01': 404,
	'42P17': 500,
	'57014': 504,
	'21000': 400,
	P0001: 400
};

const BY_CLASS: Record<string, number> = {
	'08': 503,
	'09': 500,
	'0L': 403,
	'0P': 403,
	'25': 500,
	'28': 403,
	'2D': 500,
	'38': 500,
	'39': 500,
	'3B': 500,
	'40': 500,
	'53': 503,
	'54': 500,
	'55': 500,
	'57': 500,
	'58': 500,
	F0: 500,
	HV: 500,
	P0: 500,
	XX: 500
};

/** out of resources, trouble with files, bugs of Postgres: their texts name files and functions */
const INTERNAL = /^(53|58|F0|XX)/;

/** What a caller may read of a failed statement. */
export function tellable(code: string, message: string | undefined): string {
	if (code === '53100') return 'The disk of the database is full. Nothing was changed.';
	return INTERNAL.test(code) ? 'The database failed. The log says why.' : (message ?? '');
}

/** @param anonymous whether the caller was `anon`: a missing privilege then asks to sign in */
export function statusOfSqlState(code: string, anonymous: boolean): number {
	if (code === '42501') return anonymous ? 401 : 403;
	return BY_CODE[code] ?? BY_CLASS[code.slice(0, 2)] ?? 400;
}
