/** Markdown as this project's pages have it: tables from rows, formatted by Prettier. */
import { format, resolveConfig } from 'prettier';

const cell = (value: unknown) =>
	String(value ?? '')
		.replaceAll('|', '\\|')
		.replace(/\s+/g, ' ');

/** A table; no rows, no table. */
export function table(head: string[], rows: unknown[][]): string {
	if (rows.length === 0) return '';
	const line = (cells: unknown[]) => `| ${cells.map(cell).join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Puts text between `<!-- name -->` and `<!-- /name -->` of a page. */
export function fill(page: string, name: string, text: string): string {
	const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
	const [from, to] = [page.indexOf(open), page.indexOf(close)];
	if (from < 0 || to < from)
		throw new Error(`The page has no place for ${name}: ${open} … ${close}`);
	return `${page.slice(0, from + open.length)}\n\n${text}\n\n${page.slice(to)}`;
}

/** As `npm run format` would leave it. */
export async function pretty(text: string, path: string): Promise<string> {
	return format(text, { ...(await resolveConfig(path)), filepath: path });
}
