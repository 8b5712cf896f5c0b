
export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  
  "public": {
          Tables: {
            "audit_log": {
                  Row: {
                    "action": string,"actor_id": string | null,"actor_name": string | null,"at": string,"details": NonNullable<Json>,"id": number,"ip": unknown,"subject": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "action": string,"actor_id"?: string | null,"actor_name"?: string | null,"at"?: string,"details"?: NonNullable<Json>,"id"?: never,"ip"?: unknown,"subject"?: string | null
                  }
                  Update: {
                    "action"?: string,"actor_id"?: string | null,"actor_name"?: string | null,"at"?: string,"details"?: NonNullable<Json>,"id"?: never,"ip"?: unknown,"subject"?: string | null
                  }
                  Relationships: [
                    
                  ]
                },"client_phones": {
                  Row: {
                    "client_id": number,"created_at": string,"id": number,"phone": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "client_id": number,"created_at"?: string,"id"?: never,"phone": string,"updated_at"?: string
                  }
                  Update: {
                    "client_id"?: number,"created_at"?: string,"id"?: never,"phone"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "client_phones_client_id_fkey"
      columns: ["client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["id"]
    }
                  ]
                },"clients": {
                  Row: {
                    "address": string | null,"blacklist_reason": string | null,"blacklisted": boolean,"created_at": string,"email": string | null,"first_name": string,"full_name": string,"id": number,"last_name": string | null,"middle_name": string | null,"source": string | null,"telegram_id": number | null,"updated_at": string,"user_id": string | null,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "address"?: string | null,"blacklist_reason"?: string | null,"blacklisted"?: boolean,"created_at"?: string,"email"?: string | null,"first_name": string,"full_name"?: never,"id"?: never,"last_name"?: string | null,"middle_name"?: string | null,"source"?: string | null,"telegram_id"?: number | null,"updated_at"?: string,"user_id"?: string | null,"version"?: number
                  }
                  Update: {
                    "address"?: string | null,"blacklist_reason"?: string | null,"blacklisted"?: boolean,"created_at"?: string,"email"?: string | null,"first_name"?: string,"full_name"?: never,"id"?: never,"last_name"?: string | null,"middle_name"?: string | null,"source"?: string | null,"telegram_id"?: number | null,"updated_at"?: string,"user_id"?: string | null,"version"?: number
                  }
                  Relationships: [
                    
                  ]
                },"employees": {
                  Row: {
                    "active": boolean,"capacity": number,"created_at": string,"full_name": string,"id": string,"location_id": number | null,"phone": string | null,"role": Database["public"]['Enums']["employee_role"],"telegram_chat_id": number | null,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "active"?: boolean,"capacity"?: number,"created_at"?: string,"full_name": string,"id": string,"location_id"?: number | null,"phone"?: string | null,"role": Database["public"]['Enums']["employee_role"],"telegram_chat_id"?: number | null,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "active"?: boolean,"capacity"?: number,"created_at"?: string,"full_name"?: string,"id"?: string,"location_id"?: number | null,"phone"?: string | null,"role"?: Database["public"]['Enums']["employee_role"],"telegram_chat_id"?: number | null,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "employees_location_id_fkey"
      columns: ["location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["id"]
    }
                  ]
                },"invitations": {
                  Row: {
                    "accepted_at": string | null,"accepted_by": string | null,"created_at": string,"email": string,"expires_at": string,"full_name": string,"id": number,"invited_by": string | null,"location_id": number | null,"revoked_at": string | null,"role": Database["public"]['Enums']["employee_role"],"token_hash": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "accepted_at"?: string | null,"accepted_by"?: string | null,"created_at"?: string,"email": string,"expires_at"?: string,"full_name": string,"id"?: never,"invited_by"?: string | null,"location_id"?: number | null,"revoked_at"?: string | null,"role": Database["public"]['Enums']["employee_role"],"token_hash": string,"updated_at"?: string
                  }
                  Update: {
                    "accepted_at"?: string | null,"accepted_by"?: string | null,"created_at"?: string,"email"?: string,"expires_at"?: string,"full_name"?: string,"id"?: never,"invited_by"?: string | null,"location_id"?: number | null,"revoked_at"?: string | null,"role"?: Database["public"]['Enums']["employee_role"],"token_hash"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "invitations_accepted_by_fkey"
      columns: ["accepted_by"]
isOneToOne: false
      referencedRelation: "employees"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "invitations_invited_by_fkey"
      columns: ["invited_by"]
isOneToOne: false
      referencedRelation: "employees"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "invitations_location_id_fkey"
      columns: ["location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["id"]
    }
                  ]
                },"locations": {
                  Row: {
                    "address": string | null,"archived_at": string | null,"created_at": string,"id": number,"name": string,"phone": string | null,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "address"?: string | null,"archived_at"?: string | null,"created_at"?: string,"id"?: never,"name": string,"phone"?: string | null,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "address"?: string | null,"archived_at"?: string | null,"created_at"?: string,"id"?: never,"name"?: string,"phone"?: string | null,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    
                  ]
                },"notifications": {
                  Row: {
                    "attempts": number,"channel": Database["public"]['Enums']["notification_channel"],"created_at": string,"dedupe_key": string,"id": number,"last_error": string | null,"next_attempt_at": string,"payload": NonNullable<Json>,"recipient": NonNullable<Json>,"sent_at": string | null,"status": Database["public"]['Enums']["notification_status"],"template": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "attempts"?: number,"channel": Database["public"]['Enums']["notification_channel"],"created_at"?: string,"dedupe_key"?: string,"id"?: never,"last_error"?: string | null,"next_attempt_at"?: string,"payload"?: NonNullable<Json>,"recipient": NonNullable<Json>,"sent_at"?: string | null,"status"?: Database["public"]['Enums']["notification_status"],"template": string,"updated_at"?: string
                  }
                  Update: {
                    "attempts"?: number,"channel"?: Database["public"]['Enums']["notification_channel"],"created_at"?: string,"dedupe_key"?: string,"id"?: never,"last_error"?: string | null,"next_attempt_at"?: string,"payload"?: NonNullable<Json>,"recipient"?: NonNullable<Json>,"sent_at"?: string | null,"status"?: Database["public"]['Enums']["notification_status"],"template"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    
                  ]
                },"order_events": {
                  Row: {
                    "actor_id": string | null,"at": string,"from_values": NonNullable<Json>,"id": number,"kind": Database["public"]['Enums']["order_event_kind"],"mutation_id": string | null,"order_id": number,"reason": string | null,"to_values": NonNullable<Json>,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "actor_id"?: string | null,"at"?: string,"from_values"?: NonNullable<Json>,"id"?: never,"kind": Database["public"]['Enums']["order_event_kind"],"mutation_id"?: string | null,"order_id": number,"reason"?: string | null,"to_values"?: NonNullable<Json>,"version": number
                  }
                  Update: {
                    "actor_id"?: string | null,"at"?: string,"from_values"?: NonNullable<Json>,"id"?: never,"kind"?: Database["public"]['Enums']["order_event_kind"],"mutation_id"?: string | null,"order_id"?: number,"reason"?: string | null,"to_values"?: NonNullable<Json>,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "order_events_order_id_fkey"
      columns: ["order_id"]
isOneToOne: false
      referencedRelation: "orders"
      referencedColumns: ["id"]
    }
                  ]
                },"orders": {
                  Row: {
                    "address": string | null,"client_id": number,"closed_at": string | null,"created_at": string,"id": number,"location_id": number,"master_id": string | null,"priority": number,"problem": string,"promised_at": string | null,"rank": string,"refusal_reason": string | null,"result": string | null,"stage_entered_at": string,"stage_id": number,"type": Database["public"]['Enums']["order_type"],"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "address"?: string | null,"client_id": number,"closed_at"?: string | null,"created_at"?: string,"id"?: never,"location_id": number,"master_id"?: string | null,"priority"?: number,"problem": string,"promised_at"?: string | null,"rank": string,"refusal_reason"?: string | null,"result"?: string | null,"stage_entered_at"?: string,"stage_id": number,"type"?: Database["public"]['Enums']["order_type"],"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "address"?: string | null,"client_id"?: number,"closed_at"?: string | null,"created_at"?: string,"id"?: never,"location_id"?: number,"master_id"?: string | null,"priority"?: number,"problem"?: string,"promised_at"?: string | null,"rank"?: string,"refusal_reason"?: string | null,"result"?: string | null,"stage_entered_at"?: string,"stage_id"?: number,"type"?: Database["public"]['Enums']["order_type"],"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "orders_client_id_fkey"
      columns: ["client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "orders_location_id_fkey"
      columns: ["location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "orders_master_id_fkey"
      columns: ["master_id"]
isOneToOne: false
      referencedRelation: "employees"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "orders_stage_id_fkey"
      columns: ["stage_id"]
isOneToOne: false
      referencedRelation: "stages"
      referencedColumns: ["id"]
    }
                  ]
                },"push_subscriptions": {
                  Row: {
                    "auth": string,"created_at": string,"endpoint": string,"failures": number,"id": number,"p256dh": string,"updated_at": string,"user_agent": string | null,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "auth": string,"created_at"?: string,"endpoint": string,"failures"?: number,"id"?: never,"p256dh": string,"updated_at"?: string,"user_agent"?: string | null,"user_id"?: string
                  }
                  Update: {
                    "auth"?: string,"created_at"?: string,"endpoint"?: string,"failures"?: number,"id"?: never,"p256dh"?: string,"updated_at"?: string,"user_agent"?: string | null,"user_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"role_permissions": {
                  Row: {
                    "created_at": string,"permission": string,"role": Database["public"]['Enums']["employee_role"]
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"permission": string,"role": Database["public"]['Enums']["employee_role"]
                  }
                  Update: {
                    "created_at"?: string,"permission"?: string,"role"?: Database["public"]['Enums']["employee_role"]
                  }
                  Relationships: [
                    
                  ]
                },"row_changes": {
                  Row: {
                    "actor_id": string | null,"at": string,"from_values": NonNullable<Json>,"id": number,"location_id": number | null,"op": string,"row_id": string,"table_name": string,"to_values": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "actor_id"?: string | null,"at"?: string,"from_values"?: NonNullable<Json>,"id"?: never,"location_id"?: number | null,"op": string,"row_id": string,"table_name": string,"to_values"?: NonNullable<Json>
                  }
                  Update: {
                    "actor_id"?: string | null,"at"?: string,"from_values"?: NonNullable<Json>,"id"?: never,"location_id"?: number | null,"op"?: string,"row_id"?: string,"table_name"?: string,"to_values"?: NonNullable<Json>
                  }
                  Relationships: [
                    
                  ]
                },"settings": {
                  Row: {
                    "assignment_answer_minutes": number | null,"blacklist_policy": string,"company_name": string,"created_at": string,"currency": string,"details": string | null,"id": boolean,"language": string,"lead_window_minutes": number,"logo_path": string | null,"offer_to_next_master": boolean,"opening_hours": Json | null,"payment_closes_order": boolean,"phone_country": string,"public_address": string | null,"public_email": string | null,"public_phone": string | null,"shift_max_hours": number,"time_zone": string,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "assignment_answer_minutes"?: number | null,"blacklist_policy"?: string,"company_name": string,"created_at"?: string,"currency"?: string,"details"?: string | null,"id"?: boolean,"language"?: string,"lead_window_minutes"?: number,"logo_path"?: string | null,"offer_to_next_master"?: boolean,"opening_hours"?: Json | null,"payment_closes_order"?: boolean,"phone_country"?: string,"public_address"?: string | null,"public_email"?: string | null,"public_phone"?: string | null,"shift_max_hours"?: number,"time_zone"?: string,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "assignment_answer_minutes"?: number | null,"blacklist_policy"?: string,"company_name"?: string,"created_at"?: string,"currency"?: string,"details"?: string | null,"id"?: boolean,"language"?: string,"lead_window_minutes"?: number,"logo_path"?: string | null,"offer_to_next_master"?: boolean,"opening_hours"?: Json | null,"payment_closes_order"?: boolean,"phone_country"?: string,"public_address"?: string | null,"public_email"?: string | null,"public_phone"?: string | null,"shift_max_hours"?: number,"time_zone"?: string,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    
                  ]
                },"stage_transitions": {
                  Row: {
                    "created_at": string,"from_kind": Database["public"]['Enums']["stage_kind"],"permission": string,"to_kind": Database["public"]['Enums']["stage_kind"]
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"from_kind": Database["public"]['Enums']["stage_kind"],"permission": string,"to_kind": Database["public"]['Enums']["stage_kind"]
                  }
                  Update: {
                    "created_at"?: string,"from_kind"?: Database["public"]['Enums']["stage_kind"],"permission"?: string,"to_kind"?: Database["public"]['Enums']["stage_kind"]
                  }
                  Relationships: [
                    
                  ]
                },"stages": {
                  Row: {
                    "colour": string,"created_at": string,"id": number,"kind": Database["public"]['Enums']["stage_kind"],"location_id": number | null,"name": NonNullable<Json>,"norm_minutes": number | null,"position": number,"requires_reason": boolean,"updated_at": string,"version": number,"wip_limit": number | null
                  }
                  ComputedFields: never
                  Insert: {
                    "colour": string,"created_at"?: string,"id"?: never,"kind": Database["public"]['Enums']["stage_kind"],"location_id"?: number | null,"name": NonNullable<Json>,"norm_minutes"?: number | null,"position": number,"requires_reason"?: boolean,"updated_at"?: string,"version"?: number,"wip_limit"?: number | null
                  }
                  Update: {
                    "colour"?: string,"created_at"?: string,"id"?: never,"kind"?: Database["public"]['Enums']["stage_kind"],"location_id"?: number | null,"name"?: NonNullable<Json>,"norm_minutes"?: number | null,"position"?: number,"requires_reason"?: boolean,"updated_at"?: string,"version"?: number,"wip_limit"?: number | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "stages_location_id_fkey"
      columns: ["location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["id"]
    }
                  ]
                }
          }
          Views: {
            "public_company": {
                  Row: {
                    "company_name": string,"currency": string,"language": string,"logo_path": string | null,"opening_hours": Json | null,"public_address": string | null,"public_email": string | null,"public_phone": string | null
                  }
                  ComputedFields: never
                  Insert: {
                           "company_name"?: string | null,"currency"?: string | null,"language"?: string | null,"logo_path"?: string | null,"opening_hours"?: Json | null,"public_address"?: string | null,"public_email"?: string | null,"public_phone"?: string | null
                         }
                        Update: {
                           "company_name"?: string | null,"currency"?: string | null,"language"?: string | null,"logo_path"?: string | null,"opening_hours"?: Json | null,"public_address"?: string | null,"public_email"?: string | null,"public_phone"?: string | null
                         }
                        Relationships: [
                    
                  ]
                },"public_locations": {
                  Row: {
                    "address": string | null,"id": number | null,"name": string | null,"phone": string | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"public_promotions": {
                  Row: {
                    "body": Json | null,"ends_on": string | null,"id": number | null,"service_id": number | null,"starts_on": string | null,"title": Json | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"public_services": {
                  Row: {
                    "description": Json | null,"id": number | null,"location_id": number | null,"name": Json | null,"norm_minutes": number | null,"position": number | null,"price": number | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                }
          }
          Functions: {
            "accept_invitation":
{ Args: { "token": string }; Returns: Json
                           },
"assign_order":
{ Args: { "master_id": string,"mutation_id": string,"order_id": number,"seen_version": number }; Returns: Json
                           },
"board_changes":
{ Args: { "known": Json,"location"?: number }; Returns: Json
                           },
"board_snapshot":
{ Args: { "location"?: number }; Returns: Json
                           },
"claim_notifications":
{ Args: { "how_many"?: number }; Returns: {
              "attempts": number,
"channel": Database["public"]['Enums']["notification_channel"],
"created_at": string,
"dedupe_key": string,
"id": number,
"last_error": string | null,
"next_attempt_at": string,
"payload": NonNullable<Json>,
"recipient": NonNullable<Json>,
"sent_at": string | null,
"status": Database["public"]['Enums']["notification_status"],
"template": string,
"updated_at": string
            }[]
                          SetofOptions: {
        from: "*"
        to: "notifications"
        isOneToOne: false
        isSetofReturn: true
      } },
"invite_employee":
{ Args: { "email": string,"full_name": string,"location_id": number,"role": Database["public"]['Enums']["employee_role"] }; Returns: Json
                           },
"move_order":
{ Args: { "mutation_id": string,"next_id": number,"order_id": number,"prev_id": number,"reason"?: string,"seen_version": number,"to_stage": number }; Returns: Json
                           },
"my_permissions":
{ Args: Record<PropertyKey, never>; Returns: (string)[]
                           },
"my_topics":
{ Args: Record<PropertyKey, never>; Returns: {
              "location_id": number,"scope": string,"topic": string
            }[]
                           },
"record_export":
{ Args: { "details"?: Json,"subject": string }; Returns: undefined
                           },
"revoke_invitation":
{ Args: { "invitation_id": number }; Returns: undefined
                           },
"settle_notification":
{ Args: { "attempt": number,"notification_id": number,"permanent"?: boolean,"problem"?: string }; Returns: boolean
                           },
"subscribe_to_push":
{ Args: { "auth_key": string,"endpoint": string,"p256dh": string,"user_agent"?: string }; Returns: number
                           }
          }
          Enums: {
            "availability": "free"|"busy"|"break"|"off","employee_role": "operator"|"coordinator"|"master"|"marketer"|"manager"|"admin","notification_channel": "telegram"|"email"|"push"|"sms","notification_status": "pending"|"sent"|"failed"|"cancelled","order_event_kind": "created"|"moved"|"assigned"|"changed","order_type": "consultation"|"diagnostics"|"repair"|"other","stage_kind": "unassigned"|"assigned"|"in_progress"|"waiting"|"done"|"closed"|"refused"
          }
          CompositeTypes: {
            [_ in never]: never
          }
        }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
  ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R
    }
    ? R
    : never
  : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I
    }
    ? I
    : never
  : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U
    }
    ? U
    : never
  : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
  ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
  ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never

export const Constants = {
  "public": {
          Enums: {
            "availability": ["free", "busy", "break", "off"],"employee_role": ["operator", "coordinator", "master", "marketer", "manager", "admin"],"notification_channel": ["telegram", "email", "push", "sms"],"notification_status": ["pending", "sent", "failed", "cancelled"],"order_event_kind": ["created", "moved", "assigned", "changed"],"order_type": ["consultation", "diagnostics", "repair", "other"],"stage_kind": ["unassigned", "assigned", "in_progress", "waiting", "done", "closed", "refused"]
          }
        }
} as const
