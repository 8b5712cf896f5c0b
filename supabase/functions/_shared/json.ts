/** Reads a JSON body, but never more of it than allowed. */
import { problem, type Problem } from './errors.ts';

export type Body = { ok: true; value: unknown } | { ok: false; problem: Problem };

/** @param limit bytes; more is refused (VK413) after reading no more than that */
export async function readJson(request: Request, limit: number): Promise<Body> {
	const tooLarge = { ok: false as const, problem: problem(413, 'body_too_large', { limit }) };
	if (Number(request.headers.get('content-length') ?? 0) > limit) return tooLarge;
	const bytes = await readUpTo(request.body, limit);
	if (bytes === null) return tooLarge;
	try {
		return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
	} catch {
		return { ok: false, problem: problem(400, 'invalid_json') };
	}
}

async function readUpTo(
	body: ReadableStream<Uint8Array> | null,
	limit: number
): Promise<Uint8Array | null> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of body ?? []) {
		size += chunk.length;
		if (size > limit) return null;
		chunks.push(chunk);
	}
	const whole = new Uint8Array(size);
	let at = 0;
	for (const chunk of chunks) {
		whole.set(chunk, at);
		at += chunk.length;
	}
	return whole;
}
