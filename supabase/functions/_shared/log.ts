/** One line of JSON an event. Names, phones, addresses and tokens have no place in it. */

export type Line = {
	event: string;
	status: number;
	/** why it was refused, as a stable key */
	problem?: string;
	ms: number;
} & Record<string, string | number | boolean | undefined>;

export const log = (line: Line): void => console.log(JSON.stringify(line));
