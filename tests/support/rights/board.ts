import type { RightsTopic } from './rights.ts';

export const boardRights: RightsTopic = { calls: ['place_order'], attempts: '' };
