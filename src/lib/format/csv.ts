/** Tables as text files: what spreadsheets and other CRM systems write, read as rows of cells. */

const separators = [',', ';', '\t'] as const;

/** A file's bytes as text: UTF-8, UTF-16 with its mark, or what is left of the nineties. */
export function decodeTable(bytes: ArrayBuffer): string {
	const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
	if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder('windows-1251').decode(bytes);
	}
}

/**
 * Rows of trimmed cells, without empty rows. Commas, semicolons or tabs, whichever the first row has
 * most of; cells may be quoted, and hold separators, doubled quotes and line breaks then.
 */
export function readTable(text: string): string[][] {
	const source = text.replace(/^\uFEFF/, '');
	const separator = separatorOf(source);
	const rows: string[][] = [];
	let row: string[] = [];
	let cell = '';
	let quoted = false;
	const endCell = () => {
		row.push(cell.trim());
		cell = '';
	};
	const endRow = () => {
		endCell();
		if (row.some((value) => value !== '')) rows.push(row);
		row = [];
	};
	for (let at = 0; at < source.length; at++) {
		const sign = source[at] ?? '';
		if (quoted) {
			if (sign !== '"') cell += sign;
			else if (source[at + 1] === '"') cell += source[++at];
			else quoted = false;
		} else if (sign === '"' && cell.trim() === '') {
			cell = '';
			quoted = true;
		} else if (sign === separator) endCell();
		else if (sign === '\n') endRow();
		else if (sign !== '\r') cell += sign;
	}
	endRow();
	return rows;
}

function separatorOf(source: string): string {
	const head = source.replace(/"[^"]*"/g, '').split('\n', 1)[0] ?? '';
	const count = (sign: string) => head.split(sign).length;
	return separators.reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}
