import * as z from 'zod/mini';
import type { Topic } from '$lib/realtime/live-topics.ts';
import type { Client } from '$lib/supabase/types.ts';
import { memberSchema, type Member } from './team.ts';

/** The active masters the person may see. @throws the request's error */
export async function loadTeam(client: Client): Promise<Member[]> {
	const { data } = await client.rpc('team').throwOnError();
	return z.array(memberSchema).parse(data);
}

/** Where changes of masters are told. @throws the request's error */
export async function teamTopics(client: Client): Promise<readonly Topic[]> {
	const { data } = await client.rpc('my_topics').throwOnError();
	return data.filter(({ scope }) => scope === 'masters') as Topic[];
}
