import { expect, it, test } from 'vitest';
import { decodeTable, readTable } from './csv.ts';

it.each([
	[
		'a,b\n1,2',
		[
			['a', 'b'],
			['1', '2']
		]
	],
	[
		'\uFEFFa;b\r\n1;"x;y"\r\n\r\n',
		[
			['a', 'b'],
			['1', 'x;y']
		]
	],
	[
		'a\tb\n1\t2,5',
		[
			['a', 'b'],
			['1', '2,5']
		]
	],
	['"say ""hi""","two\nlines"', [['say "hi"', 'two\nlines']]],
	['a , b\n,\n', [['a', 'b']]],
	['5" neck,x', [['5" neck', 'x']]],
	['"open, to the end', [['open, to the end']]],
	['', []]
])('%j is read', (text, rows) => expect(readTable(text)).toEqual(rows));

test('files come in the encodings spreadsheets write', () => {
	const bytes = (...codes: number[]) => new Uint8Array(codes).buffer;
	expect(decodeTable(new TextEncoder().encode('Ім’я').buffer)).toBe('Ім’я');
	expect(decodeTable(bytes(0xc8, 0xec, 0xff))).toBe('Имя');
	expect(decodeTable(bytes(0xff, 0xfe, 0x06, 0x04)).trim()).toBe('І');
	expect(decodeTable(bytes())).toBe('');
});
