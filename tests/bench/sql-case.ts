/** One statement of suite `sql`, and how values are written into it. */

export type Person = 'coordinator' | 'coordinator2' | 'manager' | 'master' | 'operator';

export type SqlCase = {
	name: string;
	who: Person;
	/** p95 in milliseconds that docs/performance.md promises; null where there is no promise */
	budget: number | null;
	/** the statement of the nth run */
	sql: (run: number) => string;
};

export const at = <T>(values: T[], run: number): T => values[run % values.length] as T;
export const text = (value: unknown) => `'${String(value).replaceAll("'", "''")}'`;
export const json = (value: unknown) => `${text(JSON.stringify(value))}::jsonb`;
export const uuid = (run: number) => `'00000000-0000-4000-a000-${String(run).padStart(12, '0')}'`;
