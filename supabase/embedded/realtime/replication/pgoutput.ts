/**
 * Decodes the messages of Postgres's logical replication protocol that matter here: the stream's
 * own (XLogData, keepalive) and pgoutput version 1's Begin, Relation, Insert, Update, Delete and
 * Commit.
 * Source: PostgreSQL documentation, "Streaming Replication Protocol" and "Logical Replication
 * Message Formats".
 */

/** Position in the WAL. */
export type Lsn = bigint;

/** Columns by name, as Postgres's text output. */
export type Row = Record<string, Buffer | null>;

export type Relation = {
	oid: number;
	schema: string;
	table: string;
	/** `key`: part of the replica identity */
	columns: { name: string; typeOid: number; key: boolean }[];
};

export type Transaction = {
	/** 32 bits, without the epoch */
	xid: number;
	/** ms since 1970 */
	committedAt: number;
};

export type Change = {
	kind: 'insert' | 'update' | 'delete';
	relation: Relation;
	/** the new row, without values that an update left alone in TOAST; null for a delete */
	row: Row | null;
	/** replica identity columns of the old row, where they were sent */
	old: Row | null;
	transaction: Transaction;
};

export type StreamMessage =
	| Change
	/** everything of a transaction was sent; `end` may be confirmed */
	| { kind: 'commit'; end: Lsn }
	/** the server is alive and has sent everything up to `end` */
	| { kind: 'keepalive'; end: Lsn; replyWanted: boolean };

const code = (letter: string) => letter.charCodeAt(0);
const XLOG_DATA = code('w');
const KEEPALIVE = code('k');
const BEGIN = code('B');
const RELATION = code('R');
const INSERT = code('I');
const UPDATE = code('U');
const DELETE = code('D');
const COMMIT = code('C');
const KEY_TUPLE = code('K');
const OLD_TUPLE = code('O');
const TEXT = code('t');
const BYTES = code('b');
const UNCHANGED = code('u');

const HEADER_LENGTH = 25;
const EPOCH_2000_MS = 946_684_800_000;

export class PgOutputDecoder {
	readonly #relations = new Map<number, Relation>();
	#transaction: Transaction = { xid: 0, committedAt: 0 };

	/** @returns null for messages nobody here needs (begin, origin, type, truncate, …) */
	decode(chunk: Buffer): StreamMessage | null {
		if (chunk[0] === KEEPALIVE) {
			return { kind: 'keepalive', end: chunk.readBigUInt64BE(1), replyWanted: chunk[17] === 1 };
		}
		if (chunk[0] !== XLOG_DATA) return null;
		const reader = new Reader(chunk, HEADER_LENGTH);
		switch (reader.byte()) {
			case BEGIN:
				reader.skip(8);
				this.#transaction = {
					committedAt: EPOCH_2000_MS + Number(reader.int64() / 1000n),
					xid: reader.int32()
				};
				return null;
			case RELATION:
				this.#remember(reader);
				return null;
			case INSERT:
				return this.#change('insert', reader);
			case UPDATE:
				return this.#change('update', reader);
			case DELETE:
				return this.#change('delete', reader);
			case COMMIT:
				reader.skip(1 + 8);
				return { kind: 'commit', end: reader.int64() };
			default:
				return null;
		}
	}

	#remember(reader: Reader): void {
		const oid = reader.int32();
		const schema = reader.text();
		const table = reader.text();
		reader.skip(1);
		const columns = Array.from({ length: reader.int16() }, () => {
			const key = reader.byte() === 1;
			const name = reader.text();
			const typeOid = reader.int32();
			reader.skip(4);
			return { name, typeOid, key };
		});
		this.#relations.set(oid, { oid, schema, table, columns });
	}

	#change(kind: Change['kind'], reader: Reader): Change {
		const oid = reader.int32();
		const relation = this.#relations.get(oid);
		if (!relation) throw new Error(`pgoutput: change of unknown relation ${oid}`);
		let row: Row | null = null;
		let old: Row | null = null;
		let tuple = reader.byte();
		if (tuple === KEY_TUPLE || tuple === OLD_TUPLE) {
			old = readTuple(reader, relation, tuple === KEY_TUPLE);
			tuple = kind === 'update' ? reader.byte() : 0;
		}
		if (tuple !== 0) row = readTuple(reader, relation, false);
		return { kind, relation, row, old, transaction: this.#transaction };
	}
}

/** @param keysOnly the tuple holds nulls in place of all columns outside the replica identity */
function readTuple(reader: Reader, relation: Relation, keysOnly: boolean): Row {
	const row: Row = {};
	const count = reader.int16();
	for (let index = 0; index < count; index++) {
		const kind = reader.byte();
		const value = kind === TEXT || kind === BYTES ? reader.bytes(reader.int32()) : null;
		const column = relation.columns[index];
		if (!column || kind === UNCHANGED || (keysOnly && !column.key)) continue;
		row[column.name] = value;
	}
	return row;
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

	int64(): bigint {
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
