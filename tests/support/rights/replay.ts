import type { RightsTopic } from './rights.ts';

export const replayRights: RightsTopic = { calls: ['board_at', 'board_day'], attempts: '' };
