/**
 * The payload of `phx_join`, read tolerantly: what does not fit is taken as its default, and
 * booleans may come as strings (supabase-facts §1.4).
 */
import { randomUUID } from 'node:crypto';

export type ChangeFilter = Record<string, unknown>;

export type JoinConfig = {
	private: boolean;
	broadcast: {
		ack: boolean;
		self: boolean;
		replicationReady: boolean;
		replay: { since: number; limit: number } | null;
	};
	presence: { key: string; enabled: boolean };
	postgresChanges: ChangeFilter[];
	/** how long the answer to the join is to wait for postgres_changes; null for not at all */
	awaitChangesMs: number | null;
	/** null when the connection's own token is to be used */
	token: string | null;
};

const REPLAY_LIMIT = 25;
const WAIT_DEFAULT_MS = 15_000;
const WAIT_MAX_MS = 20_000;

export function readJoin(payload: unknown): JoinConfig {
	const given = record(payload);
	const config = record(given.config);
	const broadcast = record(config.broadcast);
	const presence = record(config.presence);
	const changes = Array.isArray(config.postgres_changes) ? config.postgres_changes : [];
	return {
		private: flag(config.private),
		broadcast: {
			ack: flag(broadcast.ack),
			self: flag(broadcast.self),
			replicationReady: flag(broadcast.replication_ready),
			replay: readReplay(broadcast.replay)
		},
		presence: {
			key: typeof presence.key === 'string' && presence.key ? presence.key : randomUUID(),
			enabled: flag(presence.enabled)
		},
		postgresChanges: changes.filter((change) => change && typeof change === 'object'),
		awaitChangesMs: changes.length > 0 ? readWait(config.postgres_changes_options) : null,
		token: userToken(given.user_token) ?? userToken(given.access_token)
	};
}

function readReplay(value: unknown): JoinConfig['broadcast']['replay'] {
	const { since, limit } = record(value);
	if (typeof since !== 'number' || !Number.isFinite(new Date(since).getTime())) return null;
	const wanted = typeof limit === 'number' && limit >= 1 ? Math.floor(limit) : REPLAY_LIMIT;
	return { since, limit: Math.min(wanted, REPLAY_LIMIT) };
}

function readWait(value: unknown): number | null {
	const { wait, timeout } = record(value);
	if (!flag(wait)) return null;
	const asked = typeof timeout === 'number' && timeout > 0 ? timeout : WAIT_DEFAULT_MS;
	return Math.min(asked, WAIT_MAX_MS);
}

const record = (value: unknown): Record<string, unknown> =>
	value && typeof value === 'object' ? (value as Record<string, unknown>) : {};

const flag = (value: unknown): boolean =>
	value === true || (typeof value === 'string' && value.toLowerCase() === 'true');

/** API keys are no user's token: with one of them the connection's own stays in force. */
const userToken = (value: unknown): string | null =>
	typeof value === 'string' && value !== '' && !value.startsWith('sb_') ? value : null;
