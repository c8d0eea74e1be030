// Owns the shape of the tables of webhooks: see tables.ts.

/** Where an app wants its events sent. */
export interface WebhookEndpointRow {
  app_id: string
  id: string
  url: string
  /** Filters, space-separated: `customer.*`. */
  events: string
  /** Null: it is in use. */
  disabled_reason: string | null
  /** Since when no delivery has arrived, while at least one was tried. */
  failing_since: number | null
  data_key: Uint8Array
  /** Sealed JSON: the secret, and the one before it while that one signs too. */
  secrets: Uint8Array
  created_at: number
  updated_at: number
}

/** One event on its way to one endpoint; the message itself is made anew at each try. */
export interface WebhookDeliveryRow {
  app_id: string
  id: string
  endpoint_id: string
  /** Null: a message that only tries the endpoint. */
  customer_id: string | null
  version: number | null
  type: string
  /** `waiting`, `delivered`, `failed`. */
  status: string
  attempts: number
  /** Null: nothing is to be sent. */
  next_attempt_at: number | null
  last_attempt_at: number | null
  response_status: number | null
  reason: string | null
  created_at: number
  delivered_at: number | null
}

/** How far an app's events have become deliveries: behind this event. */
export interface WebhookCursorRow {
  app_id: string
  /** Null: there had been no event. */
  customer_id: string | null
  version: number | null
}
