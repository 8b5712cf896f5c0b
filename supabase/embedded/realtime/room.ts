/**
 * Who listens where. A public and a private channel of the same name are two rooms: what is sent
 * to one never reaches the other.
 */
import type { Extension } from './access.ts';
import type { Channel } from './channel.ts';
import type { Outgoing } from './outgoing.ts';
import { PresenceList } from './presence-list.ts';

export class Room {
	readonly topic: string;
	readonly members = new Set<Channel>();
	readonly presence: PresenceList;

	constructor(topic: string) {
		this.topic = topic;
		this.presence = new PresenceList(topic, (diff) => this.send(diff, 'presence'));
	}

	/**
	 * Writes one message to every member who may read the extension.
	 * @returns to how many
	 */
	send(message: Outgoing, extension: Extension, except?: Channel): number {
		let sent = 0;
		for (const member of this.members) {
			if (member === except || !member.receives(extension)) continue;
			if (member.take(message)) sent++;
		}
		return sent;
	}
}

export class Rooms {
	readonly #rooms = new Map<string, Room>();

	get size(): number {
		return this.#rooms.size;
	}

	/** @param name as roomName() makes it */
	find(name: string): Room | undefined {
		return this.#rooms.get(name);
	}

	enter(channel: Channel): Room {
		const name = roomName(channel.subTopic, channel.config.private);
		let room = this.#rooms.get(name);
		if (!room) this.#rooms.set(name, (room = new Room(channel.topic)));
		room.members.add(channel);
		return room;
	}

	leave(channel: Channel): void {
		const name = roomName(channel.subTopic, channel.config.private);
		const room = this.#rooms.get(name);
		if (!room) return;
		room.presence.untrack(channel);
		room.members.delete(channel);
		if (room.members.size > 0) return;
		room.presence.stop();
		this.#rooms.delete(name);
	}

	/** Every channel of private rooms, as a list that may be changed while it is walked. */
	privateChannels(): Channel[] {
		return [...this.#rooms.values()].flatMap((room) =>
			[...room.members].filter((member) => member.config.private)
		);
	}
}

/** @param topic without `realtime:` */
export const roomName = (topic: string, isPrivate: boolean) =>
	(isPrivate ? 'private:' : 'public:') + topic;
