import type { Visitor } from '$lib/access/visitor.ts';
import type { Client } from '$lib/supabase/types.ts';

declare global {
	namespace App {
		interface Error {
			message: string;
			/** the number a user may quote; the log has the same */
			id?: string;
		}
		interface Locals {
			/** this request's client, acting as the visitor; only *.data.ts functions take it */
			supabase: Client;
			visitor: Visitor;
			requestId: string;
		}
	}
}
