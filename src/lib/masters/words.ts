/** Steps, actions and promises of a master's work in words. */
import { stageName } from '$lib/board/board.ts';
import type { Format } from '$lib/format/format.ts';
import { m } from '$lib/paraglide/messages.js';
import type { Action } from './action.ts';
import type { Step, WorkCard, WorkRules } from './my-work.ts';

export const stepWords: Record<Step, () => string> = {
	accept: m.work_accept,
	decline: m.work_decline,
	start: m.work_start,
	wait: m.work_wait,
	done: m.work_done
};

const shiftWords = {
	clock_in: m.shift_clock_in,
	clock_out: m.shift_clock_out,
	start_break: m.shift_start_break,
	end_break: m.shift_end_break
};

/** What an action asks for, for the list of what is not sent and what was refused. */
export function actionWord(action: Action, rules: WorkRules, locale: string): string {
	switch (action.kind) {
		case 'accept':
			return m.work_accept();
		case 'decline':
			return m.work_action_decline({ reason: action.reason });
		case 'move': {
			const stage = rules.stage(action.to_stage);
			const name = stage ? stageName(stage, locale) : action.to_kind;
			return action.reason
				? m.work_action_move_reason({ stage: name, reason: action.reason })
				: m.work_action_move({ stage: name });
		}
		case 'lines':
			return m.work_action_lines({ titles: action.lines.map(({ title }) => title).join(', ') });
		case 'finish':
			return m.work_action_finish({ result: action.result });
		case 'shift':
			return shiftWords[action.button]();
		case 'photo':
			return action.photo_kind === 'before' ? m.work_photo_before() : m.work_photo_after();
	}
}

/** How much time is left of a promise. `now` in milliseconds. */
export function countdown(
	card: Pick<WorkCard, 'promised_at'>,
	now: number,
	format: Format
): { text: string; exact: string; late: boolean } | null {
	if (card.promised_at === null) return null;
	const left = Date.parse(card.promised_at) - now;
	const time = format.duration(Math.abs(left));
	const late = left < 0;
	return {
		text: late ? m.work_late({ time }) : m.work_left({ time }),
		exact: format.dateTime(card.promised_at, now),
		late
	};
}
