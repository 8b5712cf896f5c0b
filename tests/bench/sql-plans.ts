/** Reads the plans that auto_explain sends as notices: what scans whole tables, what asks for rights row by row. */

type PlanNode = {
	'Node Type': string;
	'Relation Name'?: string;
	Plans?: PlanNode[];
} & Record<string, unknown>;

export type PlanFindings = {
	/** big tables that some statement reads from end to end */
	scans: Set<string>;
	/** conditions of scans that call a function of the policies for every row */
	perRow: Set<string>;
};

const POLICY_CALL =
	/private\.(can|my_locations|my_id|sees_location|my_client|my_employee_id|caller)\(|\b(can|my_locations|sees_location)\(/;
const CONDITIONS = ['Filter', 'Index Cond', 'Recheck Cond', 'Join Filter', 'One-Time Filter'];

/** Adds what is wrong with one plan; false for a notice that is none. A policy's call belongs into an InitPlan, where it runs once. */
export function inspectPlan(notice: string, bigTables: Set<string>, found: PlanFindings): boolean {
	const start = notice.indexOf('{');
	if (!notice.startsWith('duration:') || start < 0) return false;
	const { Plan } = JSON.parse(notice.slice(start)) as { Plan?: PlanNode };
	if (Plan) visit(Plan, bigTables, found);
	return Plan !== undefined;
}

function visit(node: PlanNode, bigTables: Set<string>, found: PlanFindings): void {
	const table = node['Relation Name'];
	if (table && node['Node Type'] === 'Seq Scan' && bigTables.has(table)) found.scans.add(table);
	for (const name of CONDITIONS) {
		const condition = node[name];
		// a one-time filter runs once by its nature
		if (
			table &&
			name !== 'One-Time Filter' &&
			typeof condition === 'string' &&
			POLICY_CALL.test(condition)
		) {
			found.perRow.add(`${table}: ${condition.slice(0, 120)}`);
		}
	}
	for (const child of node.Plans ?? []) visit(child, bigTables, found);
}
