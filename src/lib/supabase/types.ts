/** supabase-js types for the rest of the app, so that only this folder and *.data.ts import the library. */
import type { SupabaseClient } from '@supabase/supabase-js';
import type { Database } from './database.types.ts';

export type { Database } from './database.types.ts';
export type { RealtimeChannel } from '@supabase/supabase-js';

/** A client that knows our tables and functions. */
export type Client = SupabaseClient<Database>;

/** One row of a table as it is read. */
export type Row<Table extends keyof Database['public']['Tables']> =
	Database['public']['Tables'][Table]['Row'];
