/** What an open board is given, and what keeps it live. */
import type { BoardServer, Notice } from './board-server.ts';
import type { Changes, Snapshot } from './board.ts';

export interface BoardOptions {
	snapshot: Snapshot;
	/** the workshop this board is narrowed to; null shows all that the person may see */
	location: number | null;
	server: BoardServer;
	onNotice(notice: Notice): void;
	/** the difference after a gap was taken; the columns whose older cards were forgotten, null when none are (a second look) */
	onRepair?(changes: Changes, deep: ReadonlySet<number> | null): void;
	/** an order changed; null: something was missed, it may be any */
	onNews?(order: number | null): void;
	/** the columns themselves changed: the board must be loaded anew */
	onOutdated(): void;
}

/** What keeps the board live; `LiveTopics` is the real one. */
export interface Live {
	start(): void;
	destroy(): void;
	/** something may have been missed */
	gap(): void;
}
