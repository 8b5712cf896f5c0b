/** Errors as every endpoint of ours says them: `{code, message, details}`, message a stable key. */

export type Problem = {
	/** VKnnn, nnn the HTTP status */
	code: string;
	message: string;
	details: Record<string, unknown>;
};

export const problem = (
	status: number,
	message: string,
	details: Record<string, unknown> = {}
): Problem => ({ code: `VK${status}`, message, details });

/** VK422 → 422; 500 for what is no code of ours. */
export const statusOf = ({ code }: Problem): number => Number(/^VK(\d{3})$/.exec(code)?.[1] ?? 500);

/** Seconds after which a caller who was too fast may come back; null for other problems. */
export function retryAfter({ details }: Problem): number | null {
	return typeof details.retry_after === 'number' ? details.retry_after : null;
}
