/** A lead's number in an address: a positive integer that fits SQL's bigint and JavaScript's number. */
export const match = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text);
