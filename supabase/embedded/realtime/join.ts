/** `phx_join`: who asks, may they, and what a new member is told. Codes as in supabase-facts §1.4. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessUnavailable, type Caller, type Rights } from './access.ts';
import { Channel } from './channel.ts';
import type { Connection } from './connection.ts';
import type { Message } from './frame.ts';
import { readJoin, type ChangeFilter } from './join-config.ts';
import { replay } from './replay.ts';
import { TokenError } from './token.ts';

const REPLICATION_WAIT_MS = 10_000;
const TOO_MANY_JOINS = 'ClientJoinRateLimitReached: Too many joins per second';
const POLICY_VIOLATION = 1008;
const NO_POSTGRES_CHANGES =
	'This server does not stream postgres_changes yet; use broadcast from the database';

/** A refusal; the message is `<Code>: <sentence>`. */
class JoinError extends Error {}

export async function join(connection: Connection, message: Message): Promise<void> {
	// a second join of a topic replaces the first
	connection.channels.get(message.topic)?.close();
	if (!message.topic.startsWith('realtime:')) {
		return connection.reply(message, 'error', { reason: 'unmatched topic' });
	}
	const joinRef = message.joinRef ?? message.ref;
	const channel = new Channel(connection, message.topic, joinRef, readJoin(message.payload));
	try {
		refuseOutright(channel);
		connection.channels.set(message.topic, channel);
		const caller = await identify(channel);
		const rights = await admit(channel, caller);
		// left, joined again or disconnected while the policies were asked
		if (!channel.closed) await enter(channel, message, caller, rights);
	} catch (error) {
		await refuse(channel, message, error);
	}
}

function refuseOutright({ subTopic, config, connection }: Channel): void {
	const { hub, channels } = connection;
	if (!hub.rates.joins.allow()) throw new JoinError(TOO_MANY_JOINS);
	if (subTopic === '') throw new JoinError('TopicNameRequired: You must provide a topic name');
	if (channels.size >= hub.limits.channelsPerConnection) {
		throw new JoinError('ChannelRateLimitReached: Too many channels');
	}
	if (hub.privateOnly && !config.private) {
		throw new JoinError('PrivateOnly: This project only allows private channels');
	}
	if (config.awaitsPostgresChanges && config.postgresChanges.length > 0) {
		throw new JoinError(`RealtimeDisabledForConfiguration: ${NO_POSTGRES_CHANGES}`);
	}
}

/** The join's own token if it brought one, else the connection's, which may have expired since. */
async function identify({ config, connection }: Channel): Promise<Caller> {
	const { caller, hub } = connection;
	const token = config.token ?? caller.identity.token;
	return { ...caller, identity: await hub.verifier.identify(token) };
}

async function admit(channel: Channel, caller: Caller): Promise<Rights> {
	const rights = await channel.readRights(caller);
	if (rights.broadcast || rights.presence) return rights;
	throw new JoinError(
		`Unauthorized: You do not have permissions to read from this Channel topic: ${channel.subTopic}`
	);
}

async function enter(channel: Channel, message: Message, caller: Caller, rights: Rights) {
	const { connection, config } = channel;
	channel.caller = caller;
	channel.rights = rights;
	const stored = config.private ? await replay(channel) : null;
	if (channel.closed) return;
	connection.reply(message, 'ok', { postgres_changes: config.postgresChanges.map(withId) });
	channel.room = connection.hub.rooms.enter(channel);
	for (const old of stored ?? []) connection.deliver(old);
	if (channel.receives('presence')) {
		const payload = channel.room.presence.state();
		const { topic, joinRef } = channel;
		connection.send({ joinRef, ref: null, topic, event: 'presence_state', payload });
	}
	if (config.postgresChanges.length > 0) {
		channel.system('error', NO_POSTGRES_CHANGES, 'postgres_changes');
	}
	if (config.broadcast.replicationReady) await confirmReplication(channel);
}

async function confirmReplication(channel: Channel): Promise<void> {
	const ready = await channel.connection.hub.streaming(REPLICATION_WAIT_MS);
	if (channel.closed) return;
	if (ready) channel.system('ok', 'Replication connection established');
	else channel.closeWith('Replication connection could not be established');
}

/** Echoes a filter as it came, with the number that later marks its changes. */
function withId(filter: ChangeFilter): ChangeFilter {
	const digest = createHash('sha256').update(JSON.stringify(filter)).digest();
	return { ...filter, id: digest.readUInt32BE() >>> 1 };
}

async function refuse(channel: Channel, message: Message, error: unknown): Promise<void> {
	const { connection } = channel;
	const { hub } = connection;
	const reason = explain(error);
	if (!reason) throw error;
	hub.log('info', 'join refused', { topic: channel.subTopic.slice(0, 200), reason });
	// slows guessing down, and keeps a misbehaving client from spinning
	await sleep(hub.limits.errorBackoffMs);
	if (channel.closed) return;
	channel.remove();
	connection.reply({ ...message, joinRef: channel.joinRef }, 'error', { reason });
	if (reason === TOO_MANY_JOINS) connection.close(POLICY_VIOLATION);
}

function explain(error: unknown): string | null {
	if (error instanceof JoinError) return error.message;
	if (error instanceof TokenError || error instanceof AccessUnavailable) {
		return `${error.code}: ${error.message}`;
	}
	return null;
}
