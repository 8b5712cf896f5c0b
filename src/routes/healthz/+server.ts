/** For load balancers and monitors: 200 when the app and its Supabase answer, 503 otherwise. */
import { json } from '@sveltejs/kit';
import { config } from '$lib/supabase/config.server.ts';

const PATIENCE = 1_000;

export async function GET() {
	const supabase = await checkSupabase();
	return json({ ok: supabase === 'ok', supabase }, { status: supabase === 'ok' ? 200 : 503 });
}

async function checkSupabase(): Promise<'ok' | 'failing' | 'unreachable'> {
	const { supabaseUrl, supabaseKey } = config();
	try {
		const { ok } = await fetch(`${supabaseUrl}/auth/v1/health`, {
			headers: { apikey: supabaseKey },
			signal: AbortSignal.timeout(PATIENCE)
		});
		return ok ? 'ok' : 'failing';
	} catch {
		return 'unreachable';
	}
}
