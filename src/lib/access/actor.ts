/** Who is acting, and what they may do. Screens ask here; the database decides by itself. */

export const roles = ['operator', 'coordinator', 'master', 'marketer', 'manager', 'admin'] as const;
export type Role = (typeof roles)[number];

/** a name in role_permissions, such as 'board.read' */
export type Permission = `${string}.${string}`;

/** An active employee who is signed in. Plain data: it travels from load to the browser. */
export type Actor = {
	id: string;
	email: string;
	fullName: string;
	role: Role;
	/** null: every location */
	locationId: number | null;
	permissions: readonly string[];
};

export const can = (actor: Actor, permission: Permission) => actor.permissions.includes(permission);
