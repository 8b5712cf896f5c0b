/** Who may do something, as the topics of this folder write it. */

/** Rows made for the attempts, by the :name statements use. `location` is always there. */
export type Things = Record<string, string | number>;

/**
 * Permissions, all of which are needed, each perhaps one of several (`orders.move|orders.work`); or
 * anybody (strangers, too), everybody (signed in), employee, nobody.
 */
export type Needs = string[] | 'anybody' | 'everybody' | 'employee' | 'nobody';

const words = ['anybody', 'everybody', 'employee', 'nobody'] as const;

export function parseNeeds(text: string): Needs {
	return words.find((word) => word === text) ?? text.split(' ');
}

/** Whether an active employee with these permissions may. */
export function satisfies(permissions: string[], needs: Needs): boolean {
	if (!Array.isArray(needs)) return needs !== 'nobody';
	return needs.every((need) => need.split('|').some((one) => permissions.includes(one)));
}

/** Whether somebody without any right may: signed in but no employee, or not even that. */
export const openToStrangers = (needs: Needs, signedIn: boolean): boolean =>
	needs === 'anybody' || (signedIn && needs === 'everybody');

/** Puts things in place of their names; `::casts` and times of day are no names. */
export function bind(statement: string, things: Things): string {
	return statement.replace(/(?<![:\w]):([a-z_]+)\b/g, (whole, name: string) =>
		name in things ? `'${things[name]}'` : whole
	);
}
