│
▲  Connected to 127.0.0.1 without TLS: the TLS connection failed or was rejected. Set PGSSLMODE=require (or verify-full) to refuse unencrypted connections.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  
  "public": {
          Tables: {
            "client_phones": {
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
                },"locations": {
                  Row: {
                    "address": string | null,"created_at": string,"id": number,"name": string,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "address"?: string | null,"created_at"?: string,"id"?: never,"name": string,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "address"?: string | null,"created_at"?: string,"id"?: never,"name"?: string,"updated_at"?: string,"version"?: number
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
                },"settings": {
                  Row: {
                    "company_name": string,"created_at": string,"currency": string,"details": string | null,"id": boolean,"language": string,"time_zone": string,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "company_name": string,"created_at"?: string,"currency"?: string,"details"?: string | null,"id"?: boolean,"language"?: string,"time_zone"?: string,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "company_name"?: string,"created_at"?: string,"currency"?: string,"details"?: string | null,"id"?: boolean,"language"?: string,"time_zone"?: string,"updated_at"?: string,"version"?: number
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
            [_ in never]: never
          }
          Functions: {
            "assign_order":
{ Args: { "master_id": string,"mutation_id": string,"order_id": number,"seen_version": number }; Returns: Json
                           },
"board_changes":
{ Args: { "known": Json,"location"?: number }; Returns: Json
                           },
"board_snapshot":
{ Args: { "location"?: number }; Returns: Json
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
                           }
          }
          Enums: {
            "availability": "free"|"busy"|"break"|"off","employee_role": "operator"|"coordinator"|"master"|"marketer"|"manager"|"admin","order_event_kind": "created"|"moved"|"assigned"|"changed","order_type": "consultation"|"diagnostics"|"repair"|"other","stage_kind": "unassigned"|"assigned"|"in_progress"|"waiting"|"done"|"closed"|"refused"
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
            "availability": ["free", "busy", "break", "off"],"employee_role": ["operator", "coordinator", "master", "marketer", "manager", "admin"],"order_event_kind": ["created", "moved", "assigned", "changed"],"order_type": ["consultation", "diagnostics", "repair", "other"],"stage_kind": ["unassigned", "assigned", "in_progress", "waiting", "done", "closed", "refused"]
          }
        }
} as const
