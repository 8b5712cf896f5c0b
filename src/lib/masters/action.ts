/** What a master did on the phone, as it waits to be told to the server. */
import type { StageKind } from '$lib/board/board.ts';
import type { DomainError } from '$lib/errors/domain-error.ts';

export type ShiftButton = 'clock_in' | 'clock_out' | 'start_break' | 'end_break';
export type PhotoKind = 'before' | 'after';

export interface Line {
	readonly kind: 'work' | 'part';
	readonly title: string;
	readonly quantity: number;
	readonly unit_price: number;
	readonly service_id: number | null;
}

/** `id` is the mutation id: however often an action is sent, it has one effect. */
export type Action = {
	readonly id: string;
	/** when the button was pressed, ISO */
	readonly at: string;
	/** null: about the person, not an order */
	readonly order_id: number | null;
	/** the confirmed version the person was looking at */
	readonly seen_version: number;
} & (
	| { readonly kind: 'accept' }
	| { readonly kind: 'decline'; readonly reason: string }
	| {
			readonly kind: 'move';
			readonly to_stage: number;
			readonly to_kind: StageKind;
			readonly reason: string | null;
	  }
	| { readonly kind: 'lines'; readonly lines: readonly Line[] }
	| { readonly kind: 'finish'; readonly result: string }
	| { readonly kind: 'shift'; readonly button: ShiftButton }
	| {
			readonly kind: 'photo';
			readonly photo_kind: PhotoKind;
			/** its name in the bucket, chosen once, so that a repeated upload is recognised */
			readonly path: string;
			readonly bytes: ArrayBuffer;
	  }
);
export type ActionKind = Action['kind'];

/** A new action, before it gets its id and time. */
export type Wish = Action extends infer Kind
	? Kind extends Action
		? Omit<Kind, 'id' | 'at' | 'seen_version'>
		: never
	: never;

/** An action in the queue; `refusal` is why the server said no, until the person has read it. */
export interface Entry {
	readonly action: Action;
	readonly refusal: DomainError | null;
}
