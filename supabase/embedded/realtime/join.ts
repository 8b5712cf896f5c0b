/** `phx_join`: who asks, may they, and what a new member is told. Codes as in supabase-facts §1.4. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessUnavailable, type Caller, type Rights } from './access.ts';
import { bindingId, ChangesRefused } from './changes/binding.ts';
import { Channel } from './channel.ts';
import { monotonic } from './clock.ts';
import type { Connection } from './connection.ts';
import type { Message } from './frame.ts';
import { readJoin } from './join-config.ts';
import type { Outgoing } from './outgoing.ts';
import { replay } from './replay.ts';
import { roomName } from './room.ts';
import { TokenError } from './token.ts';

const REPLICATION_WAIT_MS = 10_000;
const CHANGES_RETRY_MS = 500;
const TOO_MANY_JOINS = 'ClientJoinRateLimitReached: Too many joins per second';
const POLICY_VIOLATION = 1008;

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
	const { hub } = connection;
	const stored = config.private && config.broadcast.replay ? await fetchStored(channel) : null;
	if (config.awaitChangesMs !== null) await awaitChanges(channel, config.awaitChangesMs);
	if (channel.closed) return;
	const echo = config.postgresChanges.map((asked) => ({ ...asked, id: bindingId(asked) }));
	connection.reply(message, 'ok', { postgres_changes: echo });
	channel.room ??= hub.rooms.enter(channel);
	if (stored) channel.release(stored);
	else catchUp(channel);
	if (channel.receives('presence')) {
		const payload = channel.room.presence.state();
		const { topic, joinRef } = channel;
		connection.send({ joinRef, ref: null, topic, event: 'presence_state', payload });
	}
	if (config.awaitChangesMs !== null) hub.changes.confirm(channel);
	else if (echo.length > 0) void hub.changes.follow(channel);
	if (config.broadcast.replicationReady) await confirmReplication(channel);
}

/** What is sent meanwhile waits its turn: nothing is missed between old and new, nothing doubled. */
function fetchStored(channel: Channel): Promise<Outgoing[]> {
	channel.hold();
	channel.room = channel.connection.hub.rooms.enter(channel);
	return replay(channel);
}

/** Hands over what a restart of this server made the client miss; once on one socket. */
function catchUp(channel: Channel): void {
	const { connection, config, subTopic, topic } = channel;
	const { backlog } = connection.hub;
	if (!backlog.open || !channel.rights.broadcast || connection.caughtUp.has(topic)) return;
	connection.caughtUp.add(topic);
	for (const missed of backlog.of(roomName(subTopic, config.private))) connection.deliver(missed);
}

async function confirmReplication(channel: Channel): Promise<void> {
	const ready = await channel.connection.hub.streaming(REPLICATION_WAIT_MS);
	if (channel.closed) return;
	if (ready) channel.system('ok', 'Replication connection established');
	else channel.closeWith('Replication connection could not be established');
}

/** Holds the answer back until changes flow (`postgres_changes_options.wait`). */
async function awaitChanges(channel: Channel, timeoutMs: number): Promise<void> {
	const { changes } = channel.connection.hub;
	const end = monotonic() + timeoutMs;
	for (;;) {
		const left = sleep(Math.max(0, end - monotonic())).then(() => 'late');
		const outcome = await Promise.race([left, changes.subscribe(channel).catch((e: unknown) => e)]);
		if (outcome === undefined || channel.closed) return;
		if (outcome instanceof ChangesRefused) {
			throw new JoinError(`RealtimeDisabledForConfiguration: ${outcome.message}`);
		}
		if (monotonic() >= end) break;
		await sleep(Math.min(CHANGES_RETRY_MS, end - monotonic()));
	}
	throw new JoinError(
		`PostgresChangesSubscribeTimeout: Timed out after ${timeoutMs}ms waiting for the ` +
			'postgres_changes subscription'
	);
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
