
export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  
  "public": {
          Tables: {
            "api_tokens": {
                  Row: {
                    "campaign_id": number | null,"created_at": string,"created_by": string | null,"expires_at": string | null,"hash": string,"id": number,"last_used_at": string | null,"name": string,"prefix": string,"revoked_at": string | null,"scopes": (string)[],"source": string | null,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "campaign_id"?: number | null,"created_at"?: string,"created_by"?: string | null,"expires_at"?: string | null,"hash": string,"id"?: never,"last_used_at"?: string | null,"name": string,"prefix": string,"revoked_at"?: string | null,"scopes": (string)[],"source"?: string | null,"updated_at"?: string
                  }
                  Update: {
                    "campaign_id"?: number | null,"created_at"?: string,"created_by"?: string | null,"expires_at"?: string | null,"hash"?: string,"id"?: never,"last_used_at"?: string | null,"name"?: string,"prefix"?: string,"revoked_at"?: string | null,"scopes"?: (string)[],"source"?: string | null,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "api_tokens_campaign_id_fkey"
      columns: ["campaign_id"]
isOneToOne: false
      referencedRelation: "campaigns"
      referencedColumns: ["id"]
    }
                  ]
                },"assets": {
                  Row: {
                    "archived_at": string | null,"brand": string | null,"client_id": number,"created_at": string,"description": string | null,"id": number,"kind": string,"label": string,"model": string | null,"serial": string | null,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"brand"?: string | null,"client_id": number,"created_at"?: string,"description"?: string | null,"id"?: never,"kind": string,"label"?: never,"model"?: string | null,"serial"?: string | null,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "archived_at"?: string | null,"brand"?: string | null,"client_id"?: number,"created_at"?: string,"description"?: string | null,"id"?: never,"kind"?: string,"label"?: never,"model"?: string | null,"serial"?: string | null,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "assets_client_id_fkey"
      columns: ["client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["id"]
    }
                  ]
                },"audit_log": {
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
                },"board_views": {
                  Row: {
                    "created_at": string,"id": number,"location_id": number | null,"name": string,"owner_id": string,"query": string,"shared": boolean,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"id"?: never,"location_id"?: number | null,"name": string,"owner_id"?: string,"query": string,"shared"?: boolean,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "created_at"?: string,"id"?: never,"location_id"?: number | null,"name"?: string,"owner_id"?: string,"query"?: string,"shared"?: boolean,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "board_views_location_id_fkey"
      columns: ["location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "board_views_owner_id_fkey"
      columns: ["owner_id"]
isOneToOne: false
      referencedRelation: "employees"
      referencedColumns: ["id"]
    }
                  ]
                },"campaign_spend": {
                  Row: {
                    "amount": number,"campaign_id": number,"created_at": string,"day": string,"id": number,"note": string | null,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "amount": number,"campaign_id": number,"created_at"?: string,"day": string,"id"?: never,"note"?: string | null,"updated_at"?: string
                  }
                  Update: {
                    "amount"?: number,"campaign_id"?: number,"created_at"?: string,"day"?: string,"id"?: never,"note"?: string | null,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "campaign_spend_campaign_id_fkey"
      columns: ["campaign_id"]
isOneToOne: false
      referencedRelation: "campaigns"
      referencedColumns: ["id"]
    }
                  ]
                },"campaigns": {
                  Row: {
                    "archived_at": string | null,"budget": number | null,"channel": string,"created_at": string,"ends_on": string | null,"id": number,"location_id": number | null,"name": string,"service_id": number | null,"starts_on": string,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"budget"?: number | null,"channel"?: string,"created_at"?: string,"ends_on"?: string | null,"id"?: never,"location_id"?: number | null,"name": string,"service_id"?: number | null,"starts_on"?: string,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "archived_at"?: string | null,"budget"?: number | null,"channel"?: string,"created_at"?: string,"ends_on"?: string | null,"id"?: never,"location_id"?: number | null,"name"?: string,"service_id"?: number | null,"starts_on"?: string,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "campaigns_location_id_fkey"
      columns: ["location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "campaigns_service_id_fkey"
      columns: ["service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["id"]
    }
                  ]
                },"client_blacklist": {
                  Row: {
                    "client_id": number,"created_at": string,"reason": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "client_id": number,"created_at"?: string,"reason": string,"updated_at"?: string
                  }
                  Update: {
                    "client_id"?: number,"created_at"?: string,"reason"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "client_blacklist_client_id_fkey"
      columns: ["client_id"]
isOneToOne: true
      referencedRelation: "clients"
      referencedColumns: ["id"]
    }
                  ]
                },"client_phones": {
                  Row: {
                    "client_id": number,"created_at": string,"id": number,"is_primary": boolean,"label": string | null,"phone": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "client_id": number,"created_at"?: string,"id"?: never,"is_primary"?: boolean,"label"?: string | null,"phone": string,"updated_at"?: string
                  }
                  Update: {
                    "client_id"?: number,"created_at"?: string,"id"?: never,"is_primary"?: boolean,"label"?: string | null,"phone"?: string,"updated_at"?: string
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
                    "address": string | null,"blacklisted": boolean,"created_at": string,"email": string | null,"first_name": string,"full_name": string,"id": number,"last_name": string | null,"merged_into": number | null,"middle_name": string | null,"source": string | null,"telegram_id": number | null,"updated_at": string,"user_id": string | null,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "address"?: string | null,"blacklisted"?: boolean,"created_at"?: string,"email"?: string | null,"first_name": string,"full_name"?: never,"id"?: never,"last_name"?: string | null,"merged_into"?: number | null,"middle_name"?: string | null,"source"?: string | null,"telegram_id"?: number | null,"updated_at"?: string,"user_id"?: string | null,"version"?: number
                  }
                  Update: {
                    "address"?: string | null,"blacklisted"?: boolean,"created_at"?: string,"email"?: string | null,"first_name"?: string,"full_name"?: never,"id"?: never,"last_name"?: string | null,"merged_into"?: number | null,"middle_name"?: string | null,"source"?: string | null,"telegram_id"?: number | null,"updated_at"?: string,"user_id"?: string | null,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "clients_merged_into_fkey"
      columns: ["merged_into"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["id"]
    }
                  ]
                },"contracts": {
                  Row: {
                    "amount": number,"campaign_id": number | null,"cancelled_reason": string | null,"client_id": number,"created_at": string,"created_by": string | null,"ends_on": string,"id": number,"location_id": number | null,"notes": string | null,"number": string,"pdf_path": string | null,"pdf_stale": boolean,"pdf_version": number,"service_id": number,"signed_at": string | null,"starts_on": string,"state": Database["public"]['Enums']["contract_state"],"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "amount": number,"campaign_id"?: number | null,"cancelled_reason"?: string | null,"client_id": number,"created_at"?: string,"created_by"?: string | null,"ends_on": string,"id"?: never,"location_id"?: number | null,"notes"?: string | null,"number": string,"pdf_path"?: string | null,"pdf_stale"?: boolean,"pdf_version"?: number,"service_id": number,"signed_at"?: string | null,"starts_on"?: string,"state"?: Database["public"]['Enums']["contract_state"],"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "amount"?: number,"campaign_id"?: number | null,"cancelled_reason"?: string | null,"client_id"?: number,"created_at"?: string,"created_by"?: string | null,"ends_on"?: string,"id"?: never,"location_id"?: number | null,"notes"?: string | null,"number"?: string,"pdf_path"?: string | null,"pdf_stale"?: boolean,"pdf_version"?: number,"service_id"?: number,"signed_at"?: string | null,"starts_on"?: string,"state"?: Database["public"]['Enums']["contract_state"],"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "contracts_campaign_id_fkey"
      columns: ["campaign_id"]
isOneToOne: false
      referencedRelation: "campaigns"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "contracts_client_id_fkey"
      columns: ["client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "contracts_location_id_fkey"
      columns: ["location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "contracts_service_id_fkey"
      columns: ["service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["id"]
    }
                  ]
                },"employee_skills": {
                  Row: {
                    "created_at": string,"employee_id": string,"service_id": number
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"employee_id": string,"service_id": number
                  }
                  Update: {
                    "created_at"?: string,"employee_id"?: string,"service_id"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "employee_skills_employee_id_fkey"
      columns: ["employee_id"]
isOneToOne: false
      referencedRelation: "employees"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "employee_skills_service_id_fkey"
      columns: ["service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["id"]
    }
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
                },"interactions": {
                  Row: {
                    "at": string,"author_id": string | null,"body": string | null,"client_id": number,"contract_id": number | null,"created_at": string,"direction": string | null,"edited_at": string | null,"id": number,"kind": Database["public"]['Enums']["interaction_kind"],"lead_id": number | null,"order_id": number | null,"params": NonNullable<Json>,"template_key": string | null,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "at"?: string,"author_id"?: string | null,"body"?: string | null,"client_id": number,"contract_id"?: number | null,"created_at"?: string,"direction"?: string | null,"edited_at"?: string | null,"id"?: never,"kind"?: Database["public"]['Enums']["interaction_kind"],"lead_id"?: number | null,"order_id"?: number | null,"params"?: NonNullable<Json>,"template_key"?: string | null,"updated_at"?: string
                  }
                  Update: {
                    "at"?: string,"author_id"?: string | null,"body"?: string | null,"client_id"?: number,"contract_id"?: number | null,"created_at"?: string,"direction"?: string | null,"edited_at"?: string | null,"id"?: never,"kind"?: Database["public"]['Enums']["interaction_kind"],"lead_id"?: number | null,"order_id"?: number | null,"params"?: NonNullable<Json>,"template_key"?: string | null,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "interactions_client_id_fkey"
      columns: ["client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "interactions_contract_id_fkey"
      columns: ["contract_id"]
isOneToOne: false
      referencedRelation: "contracts"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "interactions_lead_id_fkey"
      columns: ["lead_id"]
isOneToOne: false
      referencedRelation: "lead_faces"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "interactions_lead_id_fkey"
      columns: ["lead_id"]
isOneToOne: false
      referencedRelation: "leads"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "interactions_order_id_fkey"
      columns: ["order_id"]
isOneToOne: false
      referencedRelation: "orders"
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
                },"invoices": {
                  Row: {
                    "amount": number,"contract_id": number | null,"created_at": string,"currency": string,"id": number,"issued_at": string,"issued_by": string | null,"number": string,"order_id": number | null,"paid_at": string | null,"state": Database["public"]['Enums']["invoice_state"],"updated_at": string,"version": number,"void_reason": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "amount": number,"contract_id"?: number | null,"created_at"?: string,"currency": string,"id"?: never,"issued_at"?: string,"issued_by"?: string | null,"number": string,"order_id"?: number | null,"paid_at"?: string | null,"state"?: Database["public"]['Enums']["invoice_state"],"updated_at"?: string,"version"?: number,"void_reason"?: string | null
                  }
                  Update: {
                    "amount"?: number,"contract_id"?: number | null,"created_at"?: string,"currency"?: string,"id"?: never,"issued_at"?: string,"issued_by"?: string | null,"number"?: string,"order_id"?: number | null,"paid_at"?: string | null,"state"?: Database["public"]['Enums']["invoice_state"],"updated_at"?: string,"version"?: number,"void_reason"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "invoices_contract_id_fkey"
      columns: ["contract_id"]
isOneToOne: false
      referencedRelation: "contracts"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "invoices_order_id_fkey"
      columns: ["order_id"]
isOneToOne: false
      referencedRelation: "orders"
      referencedColumns: ["id"]
    }
                  ]
                },"lead_notes": {
                  Row: {
                    "at": string,"author_id": string | null,"body": string,"direction": string | null,"id": number,"kind": Database["public"]['Enums']["interaction_kind"],"lead_id": number
                  }
                  ComputedFields: never
                  Insert: {
                    "at"?: string,"author_id"?: string | null,"body": string,"direction"?: string | null,"id"?: never,"kind"?: Database["public"]['Enums']["interaction_kind"],"lead_id": number
                  }
                  Update: {
                    "at"?: string,"author_id"?: string | null,"body"?: string,"direction"?: string | null,"id"?: never,"kind"?: Database["public"]['Enums']["interaction_kind"],"lead_id"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "lead_notes_lead_id_fkey"
      columns: ["lead_id"]
isOneToOne: false
      referencedRelation: "lead_faces"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "lead_notes_lead_id_fkey"
      columns: ["lead_id"]
isOneToOne: false
      referencedRelation: "leads"
      referencedColumns: ["id"]
    }
                  ]
                },"leads": {
                  Row: {
                    "api_token_id": number | null,"campaign_id": number | null,"claimed_at": string | null,"claimed_by": string | null,"client_id": number | null,"contacted_at": string | null,"contract_id": number | null,"conversion_id": string | null,"created_at": string,"email": string | null,"first_call_at": string | null,"first_name": string,"id": number,"idempotency_key": string | null,"last_name": string | null,"last_submitted_at": string,"location_id": number | null,"message": string | null,"middle_name": string | null,"order_id": number | null,"phone": string | null,"rejected_reason": string | null,"service_id": number | null,"source": string | null,"status": Database["public"]['Enums']["lead_status"],"submissions": number,"updated_at": string,"utm": NonNullable<Json>,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "api_token_id"?: number | null,"campaign_id"?: number | null,"claimed_at"?: string | null,"claimed_by"?: string | null,"client_id"?: number | null,"contacted_at"?: string | null,"contract_id"?: number | null,"conversion_id"?: string | null,"created_at"?: string,"email"?: string | null,"first_call_at"?: string | null,"first_name": string,"id"?: never,"idempotency_key"?: string | null,"last_name"?: string | null,"last_submitted_at"?: string,"location_id"?: number | null,"message"?: string | null,"middle_name"?: string | null,"order_id"?: number | null,"phone"?: string | null,"rejected_reason"?: string | null,"service_id"?: number | null,"source"?: string | null,"status"?: Database["public"]['Enums']["lead_status"],"submissions"?: number,"updated_at"?: string,"utm"?: NonNullable<Json>,"version"?: number
                  }
                  Update: {
                    "api_token_id"?: number | null,"campaign_id"?: number | null,"claimed_at"?: string | null,"claimed_by"?: string | null,"client_id"?: number | null,"contacted_at"?: string | null,"contract_id"?: number | null,"conversion_id"?: string | null,"created_at"?: string,"email"?: string | null,"first_call_at"?: string | null,"first_name"?: string,"id"?: never,"idempotency_key"?: string | null,"last_name"?: string | null,"last_submitted_at"?: string,"location_id"?: number | null,"message"?: string | null,"middle_name"?: string | null,"order_id"?: number | null,"phone"?: string | null,"rejected_reason"?: string | null,"service_id"?: number | null,"source"?: string | null,"status"?: Database["public"]['Enums']["lead_status"],"submissions"?: number,"updated_at"?: string,"utm"?: NonNullable<Json>,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "leads_api_token_id_fkey"
      columns: ["api_token_id"]
isOneToOne: false
      referencedRelation: "api_tokens"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_campaign_id_fkey"
      columns: ["campaign_id"]
isOneToOne: false
      referencedRelation: "campaigns"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_claimed_by_fkey"
      columns: ["claimed_by"]
isOneToOne: false
      referencedRelation: "employees"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_client_id_fkey"
      columns: ["client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_contract_id_fkey"
      columns: ["contract_id"]
isOneToOne: false
      referencedRelation: "contracts"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_location_id_fkey"
      columns: ["location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_order_id_fkey"
      columns: ["order_id"]
isOneToOne: false
      referencedRelation: "orders"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_service_id_fkey"
      columns: ["service_id"]
isOneToOne: false
      referencedRelation: "services"
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
                },"order_line_costs": {
                  Row: {
                    "created_at": string,"line_id": number,"unit_cost": number,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"line_id": number,"unit_cost": number,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"line_id"?: number,"unit_cost"?: number,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "order_line_costs_line_id_fkey"
      columns: ["line_id"]
isOneToOne: true
      referencedRelation: "order_lines"
      referencedColumns: ["id"]
    }
                  ]
                },"order_lines": {
                  Row: {
                    "created_at": string,"id": number,"kind": Database["public"]['Enums']["line_kind"],"line_total": number,"order_id": number,"performed_by": string | null,"position": number,"quantity": number,"service_id": number | null,"title": string,"unit_price": number,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"id"?: never,"kind"?: Database["public"]['Enums']["line_kind"],"line_total"?: never,"order_id": number,"performed_by"?: string | null,"position"?: number,"quantity"?: number,"service_id"?: number | null,"title": string,"unit_price": number,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "created_at"?: string,"id"?: never,"kind"?: Database["public"]['Enums']["line_kind"],"line_total"?: never,"order_id"?: number,"performed_by"?: string | null,"position"?: number,"quantity"?: number,"service_id"?: number | null,"title"?: string,"unit_price"?: number,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "order_lines_order_id_fkey"
      columns: ["order_id"]
isOneToOne: false
      referencedRelation: "orders"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "order_lines_performed_by_fkey"
      columns: ["performed_by"]
isOneToOne: false
      referencedRelation: "employees"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "order_lines_service_id_fkey"
      columns: ["service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["id"]
    }
                  ]
                },"order_photos": {
                  Row: {
                    "caption": string | null,"created_at": string,"id": number,"kind": Database["public"]['Enums']["photo_kind"],"order_id": number,"path": string,"taken_by": string | null,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "caption"?: string | null,"created_at"?: string,"id"?: never,"kind"?: Database["public"]['Enums']["photo_kind"],"order_id": number,"path": string,"taken_by"?: string | null,"updated_at"?: string
                  }
                  Update: {
                    "caption"?: string | null,"created_at"?: string,"id"?: never,"kind"?: Database["public"]['Enums']["photo_kind"],"order_id"?: number,"path"?: string,"taken_by"?: string | null,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "order_photos_order_id_fkey"
      columns: ["order_id"]
isOneToOne: false
      referencedRelation: "orders"
      referencedColumns: ["id"]
    }
                  ]
                },"orders": {
                  Row: {
                    "accepted_at": string | null,"address": string | null,"asset_id": number | null,"assigned_at": string | null,"campaign_id": number | null,"client_id": number,"closed_at": string | null,"comment_count": number,"created_at": string,"created_by": string | null,"done_at": string | null,"id": number,"lead_id": number | null,"location_id": number,"master_id": string | null,"paid": number,"payment_state": Database["public"]['Enums']["payment_state"],"photo_count": number,"planned_at": string | null,"planned_minutes": number | null,"priority": number,"problem": string,"promised_at": string | null,"rank": string,"refusal_reason": string | null,"result": string | null,"seen_at": string | null,"service_id": number | null,"stage_entered_at": string,"stage_id": number,"total": number,"tracking_token": string,"type": Database["public"]['Enums']["order_type"],"unanswered_at": string | null,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "accepted_at"?: string | null,"address"?: string | null,"asset_id"?: number | null,"assigned_at"?: string | null,"campaign_id"?: number | null,"client_id": number,"closed_at"?: string | null,"comment_count"?: number,"created_at"?: string,"created_by"?: string | null,"done_at"?: string | null,"id"?: never,"lead_id"?: number | null,"location_id": number,"master_id"?: string | null,"paid"?: number,"payment_state"?: Database["public"]['Enums']["payment_state"],"photo_count"?: number,"planned_at"?: string | null,"planned_minutes"?: number | null,"priority"?: number,"problem": string,"promised_at"?: string | null,"rank": string,"refusal_reason"?: string | null,"result"?: string | null,"seen_at"?: string | null,"service_id"?: number | null,"stage_entered_at"?: string,"stage_id": number,"total"?: number,"tracking_token"?: string,"type"?: Database["public"]['Enums']["order_type"],"unanswered_at"?: string | null,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "accepted_at"?: string | null,"address"?: string | null,"asset_id"?: number | null,"assigned_at"?: string | null,"campaign_id"?: number | null,"client_id"?: number,"closed_at"?: string | null,"comment_count"?: number,"created_at"?: string,"created_by"?: string | null,"done_at"?: string | null,"id"?: never,"lead_id"?: number | null,"location_id"?: number,"master_id"?: string | null,"paid"?: number,"payment_state"?: Database["public"]['Enums']["payment_state"],"photo_count"?: number,"planned_at"?: string | null,"planned_minutes"?: number | null,"priority"?: number,"problem"?: string,"promised_at"?: string | null,"rank"?: string,"refusal_reason"?: string | null,"result"?: string | null,"seen_at"?: string | null,"service_id"?: number | null,"stage_entered_at"?: string,"stage_id"?: number,"total"?: number,"tracking_token"?: string,"type"?: Database["public"]['Enums']["order_type"],"unanswered_at"?: string | null,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "orders_asset_id_fkey"
      columns: ["asset_id"]
isOneToOne: false
      referencedRelation: "assets"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "orders_campaign_id_fkey"
      columns: ["campaign_id"]
isOneToOne: false
      referencedRelation: "campaigns"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "orders_client_id_fkey"
      columns: ["client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "orders_lead_id_fkey"
      columns: ["lead_id"]
isOneToOne: false
      referencedRelation: "lead_faces"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "orders_lead_id_fkey"
      columns: ["lead_id"]
isOneToOne: false
      referencedRelation: "leads"
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
      foreignKeyName: "orders_service_id_fkey"
      columns: ["service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "orders_stage_id_fkey"
      columns: ["stage_id"]
isOneToOne: false
      referencedRelation: "stages"
      referencedColumns: ["id"]
    }
                  ]
                },"payment_events": {
                  Row: {
                    "amount": number | null,"currency": string | null,"error": string | null,"event_key": string,"id": number,"order_ref": string,"payload": NonNullable<Json>,"payment_id": number | null,"processed_at": string | null,"provider": string,"raw": string,"received_at": string,"status": string
                  }
                  ComputedFields: never
                  Insert: {
                    "amount"?: number | null,"currency"?: string | null,"error"?: string | null,"event_key": string,"id"?: never,"order_ref": string,"payload"?: NonNullable<Json>,"payment_id"?: number | null,"processed_at"?: string | null,"provider": string,"raw"?: string,"received_at"?: string,"status": string
                  }
                  Update: {
                    "amount"?: number | null,"currency"?: string | null,"error"?: string | null,"event_key"?: string,"id"?: never,"order_ref"?: string,"payload"?: NonNullable<Json>,"payment_id"?: number | null,"processed_at"?: string | null,"provider"?: string,"raw"?: string,"received_at"?: string,"status"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "payment_events_payment_id_fkey"
      columns: ["payment_id"]
isOneToOne: false
      referencedRelation: "payments"
      referencedColumns: ["id"]
    }
                  ]
                },"payments": {
                  Row: {
                    "amount": number,"campaign_id": number | null,"client_id": number,"contract_id": number | null,"created_at": string,"id": number,"invoice_id": number | null,"kind": Database["public"]['Enums']["payment_kind"],"location_id": number | null,"master_id": string | null,"method": Database["public"]['Enums']["payment_method"],"order_id": number | null,"order_type": Database["public"]['Enums']["order_type"] | null,"provider": string | null,"provider_ref": string | null,"reason": string | null,"received_at": string,"recorded_by": string | null,"refunds_payment_id": number | null,"service_id": number | null
                  }
                  ComputedFields: never
                  Insert: {
                    "amount": number,"campaign_id"?: number | null,"client_id": number,"contract_id"?: number | null,"created_at"?: string,"id"?: never,"invoice_id"?: number | null,"kind"?: Database["public"]['Enums']["payment_kind"],"location_id"?: number | null,"master_id"?: string | null,"method": Database["public"]['Enums']["payment_method"],"order_id"?: number | null,"order_type"?: Database["public"]['Enums']["order_type"] | null,"provider"?: string | null,"provider_ref"?: string | null,"reason"?: string | null,"received_at"?: string,"recorded_by"?: string | null,"refunds_payment_id"?: number | null,"service_id"?: number | null
                  }
                  Update: {
                    "amount"?: number,"campaign_id"?: number | null,"client_id"?: number,"contract_id"?: number | null,"created_at"?: string,"id"?: never,"invoice_id"?: number | null,"kind"?: Database["public"]['Enums']["payment_kind"],"location_id"?: number | null,"master_id"?: string | null,"method"?: Database["public"]['Enums']["payment_method"],"order_id"?: number | null,"order_type"?: Database["public"]['Enums']["order_type"] | null,"provider"?: string | null,"provider_ref"?: string | null,"reason"?: string | null,"received_at"?: string,"recorded_by"?: string | null,"refunds_payment_id"?: number | null,"service_id"?: number | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "payments_campaign_id_fkey"
      columns: ["campaign_id"]
isOneToOne: false
      referencedRelation: "campaigns"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_client_id_fkey"
      columns: ["client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_contract_id_fkey"
      columns: ["contract_id"]
isOneToOne: false
      referencedRelation: "contracts"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_invoice_id_fkey"
      columns: ["invoice_id"]
isOneToOne: false
      referencedRelation: "invoices"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_location_id_fkey"
      columns: ["location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_master_id_fkey"
      columns: ["master_id"]
isOneToOne: false
      referencedRelation: "employees"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_order_id_fkey"
      columns: ["order_id"]
isOneToOne: false
      referencedRelation: "orders"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_refunds_payment_id_fkey"
      columns: ["refunds_payment_id"]
isOneToOne: false
      referencedRelation: "payments"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_service_id_fkey"
      columns: ["service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["id"]
    }
                  ]
                },"promotions": {
                  Row: {
                    "archived_at": string | null,"body": Json | null,"created_at": string,"ends_on": string | null,"id": number,"public": boolean,"service_id": number | null,"starts_on": string,"title": NonNullable<Json>,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"body"?: Json | null,"created_at"?: string,"ends_on"?: string | null,"id"?: never,"public"?: boolean,"service_id"?: number | null,"starts_on"?: string,"title": NonNullable<Json>,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "archived_at"?: string | null,"body"?: Json | null,"created_at"?: string,"ends_on"?: string | null,"id"?: never,"public"?: boolean,"service_id"?: number | null,"starts_on"?: string,"title"?: NonNullable<Json>,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "promotions_service_id_fkey"
      columns: ["service_id"]
isOneToOne: false
      referencedRelation: "services"
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
                },"services": {
                  Row: {
                    "archived_at": string | null,"created_at": string,"description": Json | null,"id": number,"location_id": number | null,"name": NonNullable<Json>,"norm_minutes": number | null,"order_type": Database["public"]['Enums']["order_type"],"position": number,"price": number | null,"public": boolean,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"created_at"?: string,"description"?: Json | null,"id"?: never,"location_id"?: number | null,"name": NonNullable<Json>,"norm_minutes"?: number | null,"order_type"?: Database["public"]['Enums']["order_type"],"position"?: number,"price"?: number | null,"public"?: boolean,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "archived_at"?: string | null,"created_at"?: string,"description"?: Json | null,"id"?: never,"location_id"?: number | null,"name"?: NonNullable<Json>,"norm_minutes"?: number | null,"order_type"?: Database["public"]['Enums']["order_type"],"position"?: number,"price"?: number | null,"public"?: boolean,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "services_location_id_fkey"
      columns: ["location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["id"]
    }
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
                },"shift_breaks": {
                  Row: {
                    "created_at": string,"ended_at": string | null,"id": number,"shift_id": number,"started_at": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"ended_at"?: string | null,"id"?: never,"shift_id": number,"started_at"?: string,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"ended_at"?: string | null,"id"?: never,"shift_id"?: number,"started_at"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "shift_breaks_shift_id_fkey"
      columns: ["shift_id"]
isOneToOne: false
      referencedRelation: "shifts"
      referencedColumns: ["id"]
    }
                  ]
                },"shifts": {
                  Row: {
                    "closed_by_rule": boolean,"corrected_by": string | null,"created_at": string,"employee_id": string,"ended_at": string | null,"id": number,"location_id": number | null,"note": string | null,"started_at": string,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "closed_by_rule"?: boolean,"corrected_by"?: string | null,"created_at"?: string,"employee_id": string,"ended_at"?: string | null,"id"?: never,"location_id"?: number | null,"note"?: string | null,"started_at"?: string,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "closed_by_rule"?: boolean,"corrected_by"?: string | null,"created_at"?: string,"employee_id"?: string,"ended_at"?: string | null,"id"?: never,"location_id"?: number | null,"note"?: string | null,"started_at"?: string,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "shifts_employee_id_fkey"
      columns: ["employee_id"]
isOneToOne: false
      referencedRelation: "employees"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "shifts_location_id_fkey"
      columns: ["location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["id"]
    }
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
            "campaign_names": {
                  Row: {
                    "archived_at": string | null,"channel": string | null,"ends_on": string | null,"id": number | null,"location_id": number | null,"name": string | null,"starts_on": string | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"campaign_stats": {
                  Row: {
                    "archived_at": string | null,"budget": number | null,"campaign_id": number | null,"channel": string | null,"contacted": number | null,"contracts": number | null,"converted": number | null,"cost_per_client": number | null,"cost_per_lead": number | null,"done": number | null,"first_call_seconds": number | null,"leads": number | null,"location_id": number | null,"name": string | null,"orders": number | null,"payback_on": string | null,"profit": number | null,"refunded": number | null,"rejected": number | null,"revenue": number | null,"roi": number | null,"service_id": number | null,"spend": number | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"lead_faces": {
                  Row: {
                    "blacklisted": boolean | null,"campaign_id": number | null,"campaign_name": string | null,"claimed_at": string | null,"claimed_by": string | null,"claimed_by_name": string | null,"client_id": number | null,"contacted_at": string | null,"contract_id": number | null,"created_at": string,"duplicates": number | null,"email": string | null,"first_call_at": string | null,"first_name": string,"id": number,"known_client_id": number | null,"last_name": string | null,"last_submitted_at": string,"location_id": number | null,"message": string | null,"middle_name": string | null,"order_id": number | null,"phone": string | null,"rejected_reason": string | null,"service_id": number | null,"source": string | null,"status": Database["public"]['Enums']["lead_status"],"submissions": number,"updated_at": string,"utm": NonNullable<Json>,"version": number
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "leads_campaign_id_fkey"
      columns: ["campaign_id"]
isOneToOne: false
      referencedRelation: "campaigns"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_claimed_by_fkey"
      columns: ["claimed_by"]
isOneToOne: false
      referencedRelation: "employees"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_client_id_fkey"
      columns: ["client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_contract_id_fkey"
      columns: ["contract_id"]
isOneToOne: false
      referencedRelation: "contracts"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_location_id_fkey"
      columns: ["location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_order_id_fkey"
      columns: ["order_id"]
isOneToOne: false
      referencedRelation: "orders"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "leads_service_id_fkey"
      columns: ["service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["id"]
    }
                  ]
                },"master_stats": {
                  Row: {
                    "closed": number | null,"day": string | null,"done": number | null,"lead_seconds": number | null,"location_id": number | null,"master_id": string | null,"master_name": string | null,"on_time": number | null,"promised": number | null,"refused": number | null,"revenue": number | null,"type": Database["public"]['Enums']["order_type"] | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"my_client_orders": {
                  Row: {
                    "asset_id": number | null,"asset_label": string | null,"closed_at": string | null,"created_at": string | null,"invoice": Json | null,"number": number | null,"paid": number | null,"payment_state": Database["public"]['Enums']["payment_state"] | null,"problem": string | null,"promised_at": string | null,"result": string | null,"stage_entered_at": string | null,"stage_kind": Database["public"]['Enums']["stage_kind"] | null,"stage_name": Json | null,"topic": string | null,"total": number | null,"tracking_token": string | null,"type": Database["public"]['Enums']["order_type"] | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"my_client_payments": {
                  Row: {
                    "amount": number | null,"id": number | null,"invoice_number": string | null,"kind": Database["public"]['Enums']["payment_kind"] | null,"method": Database["public"]['Enums']["payment_method"] | null,"order_number": number | null,"received_at": string | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"my_order_clients": {
                  Row: {
                    "address": string | null,"client_id": number | null,"first_name": string | null,"full_name": string | null,"last_name": string | null,"middle_name": string | null,"phones": Json | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"order_stats": {
                  Row: {
                    "campaign_id": number | null,"closed": number | null,"created": number | null,"day": string | null,"done": number | null,"lead_seconds": number | null,"location_id": number | null,"on_time": number | null,"promised": number | null,"refused": number | null,"type": Database["public"]['Enums']["order_type"] | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"public_company": {
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
                },"revenue_by_day": {
                  Row: {
                    "campaign_id": number | null,"day": string | null,"location_id": number | null,"payments": number | null,"refunded": number | null,"revenue": number | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"service_contract_counts": {
                  Row: {
                    "service_id": number | null,"signed": number | null
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
"add_order_lines":
{ Args: { "lines": Json,"mutation_id": string,"order_id": number }; Returns: Json
                           },
"apply_provider_payment":
{ Args: { "amount": number,"currency": string,"event_key": string,"order_ref": string,"payload"?: Json,"provider": string,"raw"?: string,"status": string }; Returns: Json
                           },
"assign_order":
{ Args: { "master_id": string,"mutation_id": string,"order_id": number,"seen_version": number }; Returns: Json
                           },
"board_at":
{ Args: { "at": string,"location"?: number }; Returns: Json
                           },
"board_changes":
{ Args: { "known": Json,"location"?: number }; Returns: Json
                           },
"board_day":
{ Args: { "day": string,"location"?: number }; Returns: Json
                           },
"board_more":
{ Args: { "before_entered"?: string,"before_id"?: number,"location"?: number,"stage_id": number }; Returns: Json
                           },
"board_snapshot":
{ Args: { "location"?: number }; Returns: Json
                           },
"bulk_assign":
{ Args: { "items": Json,"master_id": string,"mutation_id": string }; Returns: Json
                           },
"bulk_move":
{ Args: { "items": Json,"mutation_id": string,"reason"?: string,"to_stage": number }; Returns: Json
                           },
"campaign_report":
{ Args: { "from_day"?: string,"location"?: number,"to_day"?: string }; Returns: {
              "archived_at": string,"budget": number,"campaign_id": number,"channel": string,"contacted": number,"contracts": number,"converted": number,"cost_per_client": number,"cost_per_lead": number,"done": number,"first_call_seconds": number,"leads": number,"location_id": number,"name": string,"orders": number,"payback_on": string,"profit": number,"refunded": number,"rejected": number,"revenue": number,"roi": number,"service_id": number,"spend": number
            }[]
                           },
"cancel_contract":
{ Args: { "contract_id": number,"reason": string }; Returns: {
              "amount": number,
"campaign_id": number | null,
"cancelled_reason": string | null,
"client_id": number,
"created_at": string,
"created_by": string | null,
"ends_on": string,
"id": number,
"location_id": number | null,
"notes": string | null,
"number": string,
"pdf_path": string | null,
"pdf_stale": boolean,
"pdf_version": number,
"service_id": number,
"signed_at": string | null,
"starts_on": string,
"state": Database["public"]['Enums']["contract_state"],
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "contracts"
        isOneToOne: true
        isSetofReturn: false
      } },
"claim_lead":
{ Args: { "lead_id": number }; Returns: Json
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
"clock_in":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"clock_out":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"close_contract":
{ Args: { "contract_id": number }; Returns: {
              "amount": number,
"campaign_id": number | null,
"cancelled_reason": string | null,
"client_id": number,
"created_at": string,
"created_by": string | null,
"ends_on": string,
"id": number,
"location_id": number | null,
"notes": string | null,
"number": string,
"pdf_path": string | null,
"pdf_stale": boolean,
"pdf_version": number,
"service_id": number,
"signed_at": string | null,
"starts_on": string,
"state": Database["public"]['Enums']["contract_state"],
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "contracts"
        isOneToOne: true
        isSetofReturn: false
      } },
"convert_lead":
{ Args: { "lead_id": number,"mutation_id"?: string,"payload"?: Json }; Returns: Json
                           },
"correct_shift":
{ Args: { "ended_at": string,"note"?: string,"shift_id": number,"started_at": string }; Returns: Json
                           },
"create_api_token":
{ Args: { "campaign_id"?: number,"expires_at"?: string,"name": string,"scopes": (string)[],"source"?: string }; Returns: Json
                           },
"create_order":
{ Args: { "mutation_id": string,"payload": Json }; Returns: Json
                           },
"dispatch_day":
{ Args: { "location"?: number,"since": string,"until": string }; Returns: Json
                           },
"duplicate_clients":
{ Args: { "client_id": number }; Returns: {
              "full_name": string,"id": number,"orders": number,"phone": string,"reasons": (string)[]
            }[]
                           },
"edit_order":
{ Args: { "changes": Json,"mutation_id": string,"order_id": number,"seen": Json }; Returns: Json
                           },
"end_break":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"find_client_by_phone":
{ Args: { "phone": string }; Returns: Json
                           },
"find_leads":
{ Args: { "after"?: Json,"filters"?: Json,"max_rows"?: number }; Returns: Json
                           },
"find_orders":
{ Args: { "after"?: Json,"filters"?: Json,"max_rows"?: number }; Returns: Json
                           },
"find_payable_order":
{ Args: { "number": string,"phone_last4": string }; Returns: Json
                           },
"finish_order":
{ Args: { "mutation_id": string,"order_id": number,"result": string,"seen_version": number }; Returns: Json
                           },
"funnel_report":
{ Args: { "filters"?: Json }; Returns: {
              "contacted": number,"converted": number,"done": number,"leads": number,"orders": number
            }[]
                           },
"import_campaign_spend":
{ Args: { "campaign_id": number,"dry_run"?: boolean,"rows": Json }; Returns: Json
                           },
"import_leads":
{ Args: { "dry_run"?: boolean,"rows": Json }; Returns: Json
                           },
"intake_country":
{ Args: Record<PropertyKey, never>; Returns: string
                           },
"intake_lead":
{ Args: { "demanded"?: (string)[],"ip": string,"payload": Json,"token": string }; Returns: Json
                           },
"invite_employee":
{ Args: { "email": string,"full_name": string,"location_id": number,"role": Database["public"]['Enums']["employee_role"] }; Returns: Json
                           },
"issue_contract_invoice":
{ Args: { "contract_id": number,"mutation_id": string }; Returns: Json
                           },
"issue_invoice":
{ Args: { "mutation_id": string,"order_id": number }; Returns: Json
                           },
"lead_details":
{ Args: { "lead_id": number }; Returns: Json
                           },
"lead_sources":
{ Args: Record<PropertyKey, never>; Returns: (string)[]
                           },
"lead_summary":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"mark_lead_contacted":
{ Args: { "lead_id": number,"note"?: string }; Returns: Json
                           },
"mark_order_seen":
{ Args: { "order_id": number }; Returns: Json
                           },
"merge_clients":
{ Args: { "drop_id": number,"keep_id": number,"mutation_id": string }; Returns: number
                           },
"money_report":
{ Args: { "filters"?: Json }; Returns: {
              "key": string,"revenue": number,"spend": number
            }[]
                           },
"move_order":
{ Args: { "mutation_id": string,"next_id": number,"order_id": number,"prev_id": number,"reason"?: string,"seen_version": number,"to_stage": number }; Returns: Json
                           },
"my_permissions":
{ Args: Record<PropertyKey, never>; Returns: (string)[]
                           },
"my_shifts":
{ Args: { "month"?: string }; Returns: Json
                           },
"my_topics":
{ Args: Record<PropertyKey, never>; Returns: {
              "location_id": number,"scope": string,"topic": string
            }[]
                           },
"order_details":
{ Args: { "order_id": number }; Returns: Json
                           },
"order_report":
{ Args: { "filters"?: Json }; Returns: {
              "closed": number,"created": number,"done": number,"key": string,"lead_seconds": number,"on_time": number,"promised": number,"refused": number,"revenue": number
            }[]
                           },
"place_order":
{ Args: { "master_id": string,"mutation_id": string,"next_id": number,"order_id": number,"prev_id": number,"reason"?: string,"seen_version": number,"to_stage": number }; Returns: Json
                           },
"plan_order":
{ Args: { "master_id": string,"mutation_id": string,"order_id": number,"planned_at": string,"planned_minutes": number,"seen_version": number }; Returns: Json
                           },
"public_form":
{ Args: { "campaign_id"?: number }; Returns: Json
                           },
"push_targets":
{ Args: { "person": string }; Returns: {
              "auth": string,"badge": number,"endpoint": string,"id": number,"p256dh": string
            }[]
                           },
"record_export":
{ Args: { "details"?: Json,"subject": string }; Returns: undefined
                           },
"record_payment":
{ Args: { "amount": number,"invoice_id": number,"method": Database["public"]['Enums']["payment_method"],"mutation_id": string }; Returns: Json
                           },
"refund_payment":
{ Args: { "amount": number,"mutation_id": string,"payment_id": number,"reason": string }; Returns: Json
                           },
"refusal_report":
{ Args: { "from_day"?: string,"location"?: number,"to_day"?: string }; Returns: {
              "orders": number,"reason": string
            }[]
                           },
"reject_lead":
{ Args: { "lead_id": number,"reason": string }; Returns: Json
                           },
"release_lead":
{ Args: { "lead_id": number }; Returns: Json
                           },
"reopen_lead":
{ Args: { "lead_id": number }; Returns: Json
                           },
"respond_to_assignment":
{ Args: { "accept": boolean,"mutation_id"?: string,"order_id": number,"reason"?: string }; Returns: Json
                           },
"revoke_api_token":
{ Args: { "token_id": number }; Returns: Json
                           },
"revoke_invitation":
{ Args: { "invitation_id": number }; Returns: undefined
                           },
"search":
{ Args: { "kinds"?: (string)[],"max_rows"?: number,"query": string }; Returns: {
              "client_id": number,"id": number,"kind": string,"rank": number,"subtitle": string,"title": string
            }[]
                           },
"service_stats":
{ Args: Record<PropertyKey, never>; Returns: {
              "contracts": number,"masters": number,"orders": number,"service_id": number
            }[]
                           },
"set_blacklist":
{ Args: { "blacklisted": boolean,"client_id": number,"reason"?: string }; Returns: Json
                           },
"settle_notification":
{ Args: { "attempt": number,"notification_id": number,"permanent"?: boolean,"problem"?: string }; Returns: boolean
                           },
"sign_contract":
{ Args: { "contract_id": number,"seen_version"?: number }; Returns: {
              "amount": number,
"campaign_id": number | null,
"cancelled_reason": string | null,
"client_id": number,
"created_at": string,
"created_by": string | null,
"ends_on": string,
"id": number,
"location_id": number | null,
"notes": string | null,
"number": string,
"pdf_path": string | null,
"pdf_stale": boolean,
"pdf_version": number,
"service_id": number,
"signed_at": string | null,
"starts_on": string,
"state": Database["public"]['Enums']["contract_state"],
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "contracts"
        isOneToOne: true
        isSetofReturn: false
      } },
"stage_report":
{ Args: { "from_day"?: string,"location"?: number,"to_day"?: string }; Returns: {
              "exits": number,"now_there": number,"seconds": number,"stage_id": number
            }[]
                           },
"start_break":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"submit_public_lead":
{ Args: { "payload": Json,"visitor"?: string }; Returns: Json
                           },
"subscribe_to_push":
{ Args: { "auth_key": string,"endpoint": string,"p256dh": string,"user_agent"?: string }; Returns: number
                           },
"suggest_masters":
{ Args: { "order_id": number }; Returns: Json
                           },
"team":
{ Args: { "location"?: number }; Returns: Json
                           },
"track_order":
{ Args: { "token": string }; Returns: Json
                           },
"undo_merge":
{ Args: { "merge_id": number }; Returns: number
                           },
"undo_move":
{ Args: { "mutation_id": string,"order_id": number,"undo_of": string }; Returns: Json
                           },
"void_invoice":
{ Args: { "invoice_id": number,"reason": string }; Returns: Json
                           }
          }
          Enums: {
            "availability": "free"|"busy"|"break"|"off","contract_state": "draft"|"signed"|"closed"|"cancelled","employee_role": "operator"|"coordinator"|"master"|"marketer"|"manager"|"admin","interaction_kind": "call"|"note"|"message"|"automatic","invoice_state": "open"|"paid"|"void","lead_status": "new"|"contacted"|"converted"|"rejected","line_kind": "work"|"part","notification_channel": "telegram"|"email"|"push"|"sms","notification_status": "pending"|"sent"|"failed"|"cancelled","order_event_kind": "created"|"moved"|"assigned"|"changed"|"seen"|"accepted"|"declined"|"undone"|"lines"|"photo"|"invoiced"|"paid"|"planned","order_type": "consultation"|"diagnostics"|"repair"|"other","payment_kind": "payment"|"refund","payment_method": "cash"|"card"|"transfer"|"online","payment_state": "none"|"unpaid"|"part"|"paid","photo_kind": "before"|"after"|"other","stage_kind": "unassigned"|"assigned"|"in_progress"|"waiting"|"done"|"closed"|"refused"
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
            "availability": ["free", "busy", "break", "off"],"contract_state": ["draft", "signed", "closed", "cancelled"],"employee_role": ["operator", "coordinator", "master", "marketer", "manager", "admin"],"interaction_kind": ["call", "note", "message", "automatic"],"invoice_state": ["open", "paid", "void"],"lead_status": ["new", "contacted", "converted", "rejected"],"line_kind": ["work", "part"],"notification_channel": ["telegram", "email", "push", "sms"],"notification_status": ["pending", "sent", "failed", "cancelled"],"order_event_kind": ["created", "moved", "assigned", "changed", "seen", "accepted", "declined", "undone", "lines", "photo", "invoiced", "paid", "planned"],"order_type": ["consultation", "diagnostics", "repair", "other"],"payment_kind": ["payment", "refund"],"payment_method": ["cash", "card", "transfer", "online"],"payment_state": ["none", "unpaid", "part", "paid"],"photo_kind": ["before", "after", "other"],"stage_kind": ["unassigned", "assigned", "in_progress", "waiting", "done", "closed", "refused"]
          }
        }
} as const
