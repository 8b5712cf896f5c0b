/** People write 1,5 as well as 1.5, and 1 500. NaN for what is no number. */
export const amountOf = (text: string): number =>
	text.trim() === '' ? NaN : Number(text.replace(/\s/g, '').replace(',', '.'));
