/**
 * Every table and verb, tried as somebody, beside the permissions that should decide it. Each topic
 * of the database says its own in a file of this folder.
 */
import type { Sql, TransactionSql } from 'postgres';
import { become } from '../database.ts';
import { assetsRights } from './assets.ts';
import { auditRights } from './audit.ts';
import { boardViewsRights } from './board-views.ts';
import { campaignsRights } from './campaigns.ts';
import { catalogueRights } from './catalogue.ts';
import { boardRights } from './board.ts';
import { clientsRights } from './clients.ts';
import { companyRights } from './company.ts';
import { contractsRights } from './contracts.ts';
import { employeesRights } from './employees.ts';
import { interactionsRights } from './interactions.ts';
import { invitationsRights } from './invitations.ts';
import { invoicesRights } from './invoices.ts';
import { leadsRights } from './leads.ts';
import { mastersRights } from './masters.ts';
import { notificationsRights } from './notifications.ts';
import { orderDetailsRights } from './order-details.ts';
import { ordersRights } from './orders.ts';
import { paymentsRights } from './payments.ts';
import { publicLeadsRights } from './public-leads.ts';
import { replayRights } from './replay.ts';
import { servicesRights } from './services.ts';
import { shiftsRights } from './shifts.ts';
import { statisticsRights } from './statistics.ts';
import { tokensRights } from './tokens.ts';
import { trackingRights } from './tracking.ts';
import type { Call, ParsedCall } from './calls.ts';
import { bind, openToStrangers, parseNeeds, satisfies, type Needs, type Things } from './needs.ts';

export type { Things } from './needs.ts';

export type RightsTopic = {
	/**
	 * table | verb | who may | statement, a line each; all four verbs of every table, select of every
	 * view. Who may: see Needs. A statement names things as :name, reaches at least one row when
	 * allowed, and returns rows.
	 */
	attempts: string;
	/**
	 * public functions signed-in users may call; each has a private one of the same name, if definer.
	 * A name alone is not tried, which tests/database/calls.test.ts refuses.
	 */
	calls?: (string | Call)[];
	/** public functions strangers may call, too */
	publicCalls?: (string | Call)[];
	/** other private functions that policies and invoker code need */
	helpers?: string[];
	/** of these, the ones strangers need, too: they stand behind policies and views for anybody */
	publicHelpers?: string[];
	/** makes one of everything, so that nothing is refused for want of rows; topics run in order */
	make?(sql: Sql, things: Things): Promise<Things>;
};

export const topics: RightsTopic[] = [
	companyRights,
	employeesRights,
	servicesRights,
	campaignsRights,
	clientsRights,
	assetsRights,
	interactionsRights,
	ordersRights,
	boardRights,
	orderDetailsRights,
	boardViewsRights,
	replayRights,
	invoicesRights,
	paymentsRights,
	shiftsRights,
	mastersRights,
	trackingRights,
	leadsRights,
	contractsRights,
	tokensRights,
	publicLeadsRights,
	auditRights,
	invitationsRights,
	notificationsRights,
	catalogueRights,
	statisticsRights
];

const nameOf = (call: string | Call) => (typeof call === 'string' ? call : call.name);
const named = (calls: (string | Call)[]): ParsedCall[] =>
	calls
		.filter((call) => typeof call !== 'string')
		.map((call) => ({ ...call, needs: parseNeeds(call.needs) }));

const signedInCalls = topics.flatMap((topic) => topic.calls ?? []);
const strangersCalls = topics.flatMap((topic) => topic.publicCalls ?? []);

/** names of public functions strangers may call */
export const publicCallNames = strangersCalls.map(nameOf);
/** names of public functions signed-in users may call, those for strangers included */
export const callNames = [...signedInCalls.map(nameOf), ...publicCallNames];
export const helperNames = topics.flatMap((topic) => topic.helpers ?? []);
export const publicHelperNames = topics.flatMap((topic) => topic.publicHelpers ?? []);
/** calls with a statement to try and the permissions that decide */
export const calls: ParsedCall[] = named([...signedInCalls, ...strangersCalls]);
/** calls that are only named, so nobody tries them */
export const untriedCalls = [...signedInCalls, ...strangersCalls].filter(
	(call) => typeof call === 'string'
);

export type Attempt = { table: string; verb: string; needs: Needs; statement: string };

export const attempts: Attempt[] = topics
	.flatMap((topic) => topic.attempts.trim().split('\n'))
	.filter((line) => line.trim() !== '')
	.map((line) => {
		const [table, verb, needs, statement] = line.split(' | ') as [string, string, string, string];
		return { table, verb, needs: parseNeeds(needs), statement };
	});

/** What an employee with these permissions should reach. */
export function reachable(permissions: string[], of = attempts): string[] {
	return of
		.filter(({ needs }) => satisfies(permissions, needs))
		.map(({ verb, table }) => `${verb} ${table}`);
}

/** What somebody who is no active employee should reach. */
export const reachableByStrangers = (signedIn: boolean): string[] =>
	attempts
		.filter(({ needs }) => openToStrangers(needs, signedIn))
		.map(({ verb, table }) => `${verb} ${table}`);

/** One of everything, so that nothing is refused for want of rows. */
export async function makeThings(sql: Sql, location: number): Promise<Things> {
	const things: Things = { location };
	for (const topic of topics) Object.assign(things, await topic.make?.(sql, things));
	return things;
}

/**
 * What SQL lets somebody reach: every attempt in a savepoint of one transaction of the owner that
 * is rolled back; `before` may change rights first, `tried` says which attempts.
 */
export async function successes(
	sql: Sql,
	who: string | null,
	things: Things,
	before?: (tx: TransactionSql) => Promise<unknown>,
	tried = attempts
): Promise<string[]> {
	const done: string[] = [];
	const rollback = new Error('rollback');
	const swallow = (error: { code?: string }) => {
		if (error !== rollback && error.code !== '42501') throw error;
	};
	await sql
		.begin(async (tx) => {
			await before?.(tx);
			for (const { table, verb, statement } of tried) {
				const bound = bind(statement, things);
				await tx
					.savepoint(async (point) => {
						await become(point, who);
						const rows = await point.unsafe(bound);
						if (rows.count > 0) done.push(`${verb} ${table}`);
						throw rollback;
					})
					.catch(swallow);
			}
			throw rollback;
		})
		.catch(swallow);
	return done;
}
