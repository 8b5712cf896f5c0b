/**
 * The address a request came from. Each proxy appends to x-forwarded-for whom it heard, so the
 * list is read from its end and only as far as the proxies are known: what stands before was
 * written by strangers.
 */
const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

/** @param proxies addresses of trusted proxies beside this machine's own */
export function callerAddress(headers: Headers, proxies: ReadonlySet<string> = new Set()): string {
	const chain = (headers.get('x-forwarded-for') ?? '')
		.split(',')
		.map((address) => address.trim())
		.filter((address) => address !== '');
	const stranger = chain.findLast((address) => !LOOPBACK.test(address) && !proxies.has(address));
	return stranger ?? chain[0] ?? '';
}
