/** Seeded nonsense over HTTP: requests that look like real ones gone wrong, written byte by byte. */
import { connect } from 'node:net';

export type Vocabulary = { keys: string[]; tokens: string[] };

export type RandomRequest = {
	line: string;
	/** the bytes to send */
	bytes: Buffer;
	/** what the client does when it has sent them: waits, closes its half, or goes away */
	then: 'wait' | 'half-close' | 'abort';
};

export type Answer = { status: number; requestId: string | null; body: string };

/** mulberry32: the same seed makes the same requests */
export function randomOf(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const METHODS = 'GET GET GET POST POST POST PUT PATCH DELETE HEAD OPTIONS TRACE PROPFIND'.split(
	' '
);
const ID = '00000000-0000-4000-8000-000000000000';
const PATHS = [
	...['/', '//', '/health', '/graphql/v1', '/pg/meta', '/rest/v1', '/rest/v1/', '*', '/%'],
	...['orders', 'stages', 'clients', 'employees', 'order_events', 'nope'].map(
		(t) => `/rest/v1/${t}`
	),
	...['board_snapshot', 'move_order', 'my_permissions', 'clock_in', 'nope', ''].map(
		(name) => `/rest/v1/rpc/${name}`
	),
	...'token token?grant_type=password token?grant_type=refresh_token token?grant_type=x signup user'
		.split(' ')
		.map((path) => `/auth/v1/${path}`),
	...'otp magiclink recover resend verify verify?type=signup logout reauthenticate settings health'
		.split(' ')
		.map((path) => `/auth/v1/${path}`),
	...`factors factors/${ID}/verify admin/users admin/users/${ID} admin/generate_link invite`
		.split(' ')
		.map((path) => `/auth/v1/${path}`),
	...'authorize?provider=google callback?code=x&state=y .well-known/jwks.json sso nope'
		.split(' ')
		.map((path) => `/auth/v1/${path}`),
	...'bucket bucket/b object/b/n object/list/b object/sign/b/n object/move object/copy'
		.split(' ')
		.map((path) => `/storage/v1/${path}`),
	...'object/public/b/n object/upload/sign/b/n?token=x render/image/b/n upload/resumable'
		.split(' ')
		.map((path) => `/storage/v1/${path}`),
	...'websocket api/broadcast api/broadcast/t/events/e api/broadcast/%zz/events/e nope'
		.split(' ')
		.map((path) => `/realtime/v1/${path}`),
	...'echo nope faults/throw exported _shared ..%2f..'.split(' ').map((p) => `/functions/v1/${p}`)
];
const NASTY = [
	...['', '%', '%zz', '%00', '%ff%fe', '..', '../../etc/passwd', "'", '"', '`', ';--', '*', '()'],
	...['(', 'null', 'NaN', '-1', '1e999', '99999999999999999999', '{}', '[]', '{1,2', 'eq.', 'eq.1'],
	...['in.(1,2', 'not.is.null', 'is.maybe', 'fts(english).x', 'cs.{a}', 'like.%25', '\u00e9\u00df'],
	...[ID, 'a'.repeat(3_000), 'x,y,z', 'id.desc.nullsnope', 'a(b(c(d)))', '*,clients(*)', 'a->>b'],
	...['count()', 'id::text', 'id::nope', 'or(a.eq.1)', '\u0001', '$1', '${x}', '__proto__']
];
const PARAMETERS =
	'select order limit offset id stage_id or and not columns on_conflict apikey'.split(' ');
const TYPES = [
	...['application/json', 'application/json; charset=utf-8', 'text/plain', 'text/csv', 'nonsense'],
	...[
		'multipart/form-data',
		'multipart/form-data; boundary=x',
		'application/x-www-form-urlencoded'
	],
	...['application/octet-stream', 'application/vnd.pgrst.object+json', '*/*;q=x', '']
];
const PREFER =
	'return=representation return=minimal count=exact count=nope tx=rollback handling=strict resolution=merge-duplicates missing=default params=single-object'.split(
		' '
	);

type Pick = <T>(list: readonly T[]) => T;

/** An endless list of requests. */
export function* requests(seed: number, { keys, tokens }: Vocabulary): Generator<RandomRequest> {
	const random = randomOf(seed);
	const pick: Pick = (list) => list[Math.floor(random() * list.length)] as never;
	const chance = (share: number) => random() < share;
	for (;;) {
		if (chance(0.02)) {
			const bytes = Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256)));
			yield { line: 'garbage', bytes, then: pick(['half-close', 'abort'] as const) };
			continue;
		}
		const line = `${pick(METHODS)} ${addressOf(pick, chance)} HTTP/1.1`;
		const body = chance(0.6) ? bodyOf(pick, chance) : Buffer.alloc(0);
		const length = lengthOf(chance, body);
		const head = [line, ...headersOf(pick, chance, keys, tokens), ...length.header];
		const bytes = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
		// whoever announced more than he sends would wait for ever
		const odd = !length.right || chance(0.08);
		const then = odd ? pick(['half-close', 'abort'] as const) : 'wait';
		yield { line: line.slice(0, 200), bytes, then };
	}
}

function addressOf(pick: Pick, chance: (share: number) => boolean): string {
	const path = pick(PATHS) + (chance(0.2) ? `/${pick(NASTY)}` : '');
	const query: string[] = [];
	while (chance(0.45)) query.push(`${pick(PARAMETERS)}=${pick(NASTY)}`);
	const joined =
		query.length > 0 ? `${path}${path.includes('?') ? '&' : '?'}${query.join('&')}` : path;
	return joined.replace(/[\s]/g, '%20');
}

function headersOf(
	pick: Pick,
	chance: (share: number) => boolean,
	keys: string[],
	tokens: string[]
): string[] {
	const headers = [
		`Host: ${chance(0.95) ? 'localhost' : pick(['', 'a b', '[::', 'x:99999', '%'])}`
	];
	const add = (share: number, name: string, value: () => string) => {
		if (chance(share)) headers.push(`${name}: ${value()}`);
	};
	add(0.8, 'apikey', () => (chance(0.85) ? pick(keys) : pick(NASTY)));
	add(0.6, 'Authorization', () => (chance(0.8) ? `Bearer ${pick(tokens)}` : pick(NASTY)));
	add(0.7, 'Content-Type', () => (chance(0.6) ? 'application/json' : pick(TYPES)));
	add(0.3, 'Accept', () => pick(TYPES));
	add(0.2, 'Prefer', () => pick(PREFER));
	add(0.1, 'Range', () => pick(['0-5', '5-0', 'a-b', 'bytes=0-', 'bytes=9-1', '-']));
	add(0.05, 'Accept-Profile', () => pick(['auth', 'public', 'nope', '"']));
	add(0.05, 'Content-Profile', () => pick(['private', 'storage', '']));
	add(0.05, 'Content-Encoding', () => pick(['gzip', 'br', 'x']));
	add(0.05, 'Upgrade', () => pick(['websocket', 'h2c']));
	add(0.05, 'Expect', () => pick(['100-continue', 'x']));
	add(0.05, 'Cookie', () => pick(NASTY));
	add(0.05, 'X-Upsert', () => pick(['true', 'x']));
	add(0.05, 'X-Metadata', () => pick(NASTY));
	add(0.03, 'X-Very-Long', () => 'y'.repeat(20_000));
	return [...headers, 'Connection: close'];
}

function lengthOf(chance: (share: number) => boolean, body: Buffer) {
	if (chance(0.03)) return { header: ['Transfer-Encoding: chunked'], right: false };
	if (chance(0.03)) return { header: [`Content-Length: ${body.length + 10}`], right: false };
	return { header: body.length > 0 ? [`Content-Length: ${body.length}`] : [], right: true };
}

function bodyOf(pick: Pick, chance: (share: number) => boolean): Buffer {
	if (chance(0.1)) return Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0xc3, 0x28]);
	if (chance(0.05)) return Buffer.from('['.repeat(20_000));
	if (chance(0.01)) return Buffer.alloc(10_100_000, 0x20);
	if (chance(0.1))
		return Buffer.from(`--x\r\nContent-Disposition: form-data; name="${pick(NASTY)}"`);
	const text = JSON.stringify(valueOf(pick, chance, 3));
	return Buffer.from(chance(0.15) ? text.slice(0, text.length / 2) : text);
}

const FIELDS =
	'id email password phone token type data order_id to_stage seen_version mutation_id name bucketId prefix messages topic event payload refresh_token factor_type redirect_to app_metadata role ban_duration stage_id __proto__ constructor'.split(
		' '
	);

function valueOf(pick: Pick, chance: (share: number) => boolean, depth: number): unknown {
	if (depth === 0 || chance(0.15)) {
		return pick<unknown>([...NASTY, null, true, 0, -1, 1.5, 1e308, 'a@b.test', '\u0000', '\ud800']);
	}
	const items = Array.from({ length: pick([1, 2, 4]) }, () => valueOf(pick, chance, depth - 1));
	if (chance(0.2)) return items;
	return Object.fromEntries(items.map((item) => [pick(FIELDS), item]));
}

/** Sends it; null when the server closed without an answer, which it may for what is no HTTP. */
export function send(
	port: number,
	request: RandomRequest,
	patienceMs: number
): Promise<Answer | null> {
	return new Promise((resolve, reject) => {
		const socket = connect({ port, host: '127.0.0.1' });
		const chunks: Buffer[] = [];
		const timer = setTimeout(() => {
			socket.destroy();
			reject(new Error(`No answer within ${patienceMs} ms: ${request.line}`));
		}, patienceMs);
		socket.on('data', (chunk) => chunks.push(chunk));
		socket.on('error', () => {});
		socket.on('close', () => {
			clearTimeout(timer);
			resolve(parse(Buffer.concat(chunks).toString('latin1')));
		});
		socket.write(request.bytes, () => {
			if (request.then === 'half-close') socket.end();
			if (request.then === 'abort') socket.destroy();
		});
	});
}

function parse(text: string): Answer | null {
	const status = Number(/(?:^|\r\n\r\n)HTTP\/1\.1 ([2-9]\d\d)/.exec(text)?.[1]);
	if (!status) return null;
	const requestId = /\r\nsb-request-id: (.+?)\r\n/i.exec(text)?.[1] ?? null;
	return { status, requestId, body: text.slice(text.indexOf('\r\n\r\n') + 4) };
}
