import { redirect } from '@sveltejs/kit';
import { signOut } from '$lib/access/sign-in.data.ts';
import { deleteAuthCookies } from '$lib/supabase/client.server.ts';

export async function POST({ locals, cookies }) {
	await signOut(locals.supabase);
	deleteAuthCookies(cookies);
	redirect(303, '/signin');
}
