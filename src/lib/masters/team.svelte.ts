/** The state of an open team page: faces change with the event, shifts and orders right after it. */
import { masterSchema } from '$lib/board/board.ts';
import type {
	LiveEvent,
	LiveOptions,
	LiveState,
	LiveTopics,
	Topic
} from '$lib/realtime/live-topics.ts';
import { byReadiness, type Member } from './team.ts';

type Live = Pick<LiveTopics, 'start' | 'destroy' | 'gap'>;

export interface TeamServer {
	team(): Promise<readonly Member[]>;
	topics(): Promise<readonly Topic[]>;
}

export class Team {
	#server: TeamServer;
	#live: Live | null = null;
	#members = $state.raw<readonly Member[]>([]);
	#liveState = $state.raw<LiveState>('connecting');

	constructor(members: readonly Member[], server: TeamServer) {
		this.#server = server;
		this.#members = members.toSorted(byReadiness);
	}

	/** who can take work first */
	get members(): readonly Member[] {
		return this.#members;
	}

	get live(): LiveState {
		return this.#liveState;
	}

	start(connect: (options: LiveOptions) => Live): void {
		this.#live = connect({
			fetchTopics: () => this.#server.topics(),
			onEvent: (event) => this.receive(event),
			onGap: () => this.refresh(),
			onState: (state) => (this.#liveState = state)
		});
		this.#live.start();
	}

	destroy(): void {
		this.#live?.destroy();
	}

	async refresh(): Promise<void> {
		this.#members = (await this.#server.team()).toSorted(byReadiness);
	}

	receive({ event, payload }: LiveEvent): void {
		if (event !== 'master_changed') return;
		const face = masterSchema.safeParse(payload);
		if (face.success) {
			this.#members = this.#members
				.map((member) => (member.id === face.data.id ? { ...member, ...face.data } : member))
				.toSorted(byReadiness);
		}
		this.#live?.gap();
	}
}
