/** What the public pages ask the database for, as anybody. */
import * as z from 'zod';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';

const formSchema = z.object({
	state: z.enum(['open', 'closed', 'unknown']),
	service_id: z.number().nullable(),
	country: z.string()
});
/** What a form must know of its campaign before it is filled in. */
export type PublicForm = z.infer<typeof formSchema>;

/** @param campaign null: the company's own site. @throws the request's error */
export async function loadForm(client: Client, campaign: number | null): Promise<PublicForm> {
	const { data } = await client
		.rpc('public_form', campaign === null ? {} : { campaign_id: campaign })
		.throwOnError();
	return formSchema.parse(data);
}

const answerSchema = z.discriminatedUnion('ok', [
	z.object({ ok: z.literal(true) }),
	z.object({
		ok: z.literal(false),
		details: z.object({ fields: z.record(z.string(), z.array(z.string())) })
	})
]);

/**
 * @param visitor the address to count him by
 * @returns what is wrong by field; null when it was taken
 */
export async function submitLead(
	client: Client,
	payload: object,
	visitor: string
): Promise<Result<Record<string, string[]> | null>> {
	const { data, error, status } = await client.rpc('submit_public_lead', {
		payload: payload as never,
		visitor
	});
	if (error) return failed(error, status);
	const answer = answerSchema.safeParse(data);
	if (!answer.success) return failed(answer.error);
	return ok(answer.data.ok ? null : answer.data.details.fields);
}
