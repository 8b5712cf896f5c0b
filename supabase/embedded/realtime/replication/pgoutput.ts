/**
 * Decodes the messages of Postgres's logical replication protocol that matter here: the stream's
 * own (XLogData, keepalive) and pgoutput version 1's Relation, Insert and Commit.
 * Source: PostgreSQL documentation, "Streaming Replication Protocol" and "Logical Replication
 * Message Formats".
 */

/** Position in the WAL. */
export type Lsn = bigint;

export type Row = Record<string, Buffer | null>;

export type StreamMessage =
	| { kind: 'insert'; schema: string; table: string; row: Row }
	/** everything of a transaction was sent; `end` may be confirmed */
	| { kind: 'commit'; end: Lsn }
	/** the server is alive and has sent everything up to `end` */
	| { kind: 'keepalive'; end: Lsn; replyWanted: boolean };

type Relation = { schema: string; table: string; columns: string[] };

const code = (letter: string) => letter.charCodeAt(0);
const XLOG_DATA = code('w');
const KEEPALIVE = code('k');
const RELATION = code('R');
const INSERT = code('I');
const COMMIT = code('C');
const TEXT = code('t');
const BYTES = code('b');

const HEADER_LENGTH = 25;

export class PgOutputDecoder {
	readonly #relations = new Map<number, Relation>();

	/** @returns null for messages nobody here needs (begin, origin, type, …) */
	decode(chunk: Buffer): StreamMessage | null {
		if (chunk[0] === KEEPALIVE) {
			return { kind: 'keepalive', end: chunk.readBigUInt64BE(1), replyWanted: chunk[17] === 1 };
		}
		if (chunk[0] !== XLOG_DATA) return null;
		const reader = new Reader(chunk, HEADER_LENGTH);
		switch (reader.byte()) {
			case RELATION:
				this.#remember(reader);
				return null;
			case INSERT:
				return this.#insert(reader);
			case COMMIT:
				reader.skip(1 + 8);
				return { kind: 'commit', end: reader.lsn() };
			default:
				return null;
		}
	}

	#remember(reader: Reader): void {
		const id = reader.int32();
		const schema = reader.text();
		const table = reader.text();
		reader.skip(1);
		const columns = Array.from({ length: reader.int16() }, () => {
			reader.skip(1);
			const name = reader.text();
			reader.skip(8);
			return name;
		});
		this.#relations.set(id, { schema, table, columns });
	}

	#insert(reader: Reader): StreamMessage {
		const id = reader.int32();
		const relation = this.#relations.get(id);
		if (!relation) throw new Error(`pgoutput: insert into unknown relation ${id}`);
		reader.skip(1);
		const row: Row = {};
		const count = reader.int16();
		for (let index = 0; index < count; index++) {
			const kind = reader.byte();
			const value = kind === TEXT || kind === BYTES ? reader.bytes(reader.int32()) : null;
			const name = relation.columns[index];
			if (name !== undefined) row[name] = value;
		}
		return { kind: 'insert', schema: relation.schema, table: relation.table, row };
	}
}

class Reader {
	readonly #bytes: Buffer;
	#offset: number;

	constructor(bytes: Buffer, offset: number) {
		this.#bytes = bytes;
		this.#offset = offset;
	}

	skip(count: number): void {
		this.#offset += count;
	}

	byte(): number {
		return this.#bytes.readUInt8(this.#offset++);
	}

	int16(): number {
		const value = this.#bytes.readUInt16BE(this.#offset);
		this.#offset += 2;
		return value;
	}

	int32(): number {
		const value = this.#bytes.readUInt32BE(this.#offset);
		this.#offset += 4;
		return value;
	}

	lsn(): Lsn {
		const value = this.#bytes.readBigUInt64BE(this.#offset);
		this.#offset += 8;
		return value;
	}

	bytes(length: number): Buffer {
		return this.#bytes.subarray(this.#offset, (this.#offset += length));
	}

	text(): string {
		const end = this.#bytes.indexOf(0, this.#offset);
		const value = this.#bytes.toString('utf8', this.#offset, end);
		this.#offset = end + 1;
		return value;
	}
}

const EPOCH_2000_MS = 946_684_800_000;

/** "Standby status update": everything up to the position is done with and may be forgotten. */
export function statusUpdate(done: Lsn, replyWanted: boolean): Buffer {
	const message = Buffer.alloc(34);
	message[0] = code('r');
	for (const offset of [1, 9, 17]) message.writeBigUInt64BE(done, offset);
	message.writeBigInt64BE(BigInt(Date.now() - EPOCH_2000_MS) * 1000n, 25);
	message[33] = replyWanted ? 1 : 0;
	return message;
}

/** `16/B374D848` ↔ number */
export function parseLsn(text: string): Lsn {
	const [high = '0', low = '0'] = text.split('/');
	return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export function formatLsn(lsn: Lsn): string {
	return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`.toUpperCase();
}
