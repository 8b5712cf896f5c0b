/** Tables as spreadsheets take them, from a file or from the clipboard. */
export type Cell = string | number | null;
export type Table = { head: readonly string[]; rows: readonly (readonly Cell[])[] };

/** A text that a spreadsheet would run as a formula stays a text. */
const harmless = (cell: Cell): string => {
	if (cell === null) return '';
	return typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
};

const quoted = (text: string) =>
	/[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** RFC 4180, with the mark by which spreadsheets know UTF-8. */
export const csvOf = ({ head, rows }: Table): string =>
	`\uFEFF${[head, ...rows].map((row) => row.map((cell) => quoted(harmless(cell))).join(',')).join('\r\n')}\r\n`;

/** For the clipboard: one cell a column when pasted into a spreadsheet. */
export const tabbed = ({ head, rows }: Table): string =>
	[head, ...rows]
		.map((row) => row.map((cell) => harmless(cell).replace(/[\t\r\n]+/g, ' ')).join('\t'))
		.join('\n');

/** Lets the browser save a text. */
export function saveText(name: string, text: string): void {
	const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
	const link = document.createElement('a');
	link.href = address;
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
