/** The demo company's accounts. They exist nowhere but in an installation that loaded the demo. */
import { m } from '$lib/paraglide/messages.js';

export const DEMO_PASSWORD = 'Verstak-demo-1';

const accounts = {
	coordinator: m.role_coordinator,
	coordinator2: () => m.signin_demo_other({ role: m.role_coordinator() }),
	master: m.role_master,
	master2: () => m.signin_demo_other({ role: m.role_master() }),
	operator: m.role_operator,
	manager: m.role_manager,
	marketer: m.role_marketer,
	admin: m.role_admin,
	client: m.signin_demo_client
};

/** In the language of the request. */
export const demoAccounts = () =>
	Object.entries(accounts).map(([account, label]) => ({ account, label: label() }));

/** null for a name that is no demo account */
export function demoCredentials(account: unknown) {
	if (typeof account !== 'string' || !Object.hasOwn(accounts, account)) return null;
	return { email: `${account}@demo.verstak.test`, password: DEMO_PASSWORD };
}
