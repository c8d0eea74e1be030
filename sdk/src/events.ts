// Owns what an event is, in a webhook and in the feed, told apart by its type.
import type { EventType } from './event-types.generated.ts'
import type { Event } from './platform-types.generated.ts'

/** What a webhook says of one fact in a customer's history. */
export interface EventData {
  /** Customer and version: the same at every repeat, in the feed too, where it is a cursor. */
  id: string
  customer_id: string
  /** The customer's version after it. Webhooks come in no certain order: this tells it. */
  version: number
  /** The version before: who has not seen that one missed an event. */
  previous_version: number
  /** Who did it: `key:… operator:ana.gomez`. */
  actor: string
  /** The values that changed, in the core's names; `null` once they are erased. */
  changes: Record<string, unknown> | null
}

interface Message<T extends string, D> {
  type: T
  /** When it happened, by RFC 3339. */
  timestamp: string
  data: D
}

/**
 * A fact in a customer's history, as a webhook. A `switch` over `type` that names every type is
 * complete for this version of the package; a newer server may send a type that it does not know.
 */
export type ClienteleEvent = { [T in EventType]: Message<T, EventData> }[EventType]

/** Every webhook: an event, or the message that tries an endpoint. */
export type WebhookEvent = ClienteleEvent | Message<'webhook.test', { id: string }>

/** A fact in a customer's history, as the feed and the history show it. */
export type FeedEvent = { [T in EventType]: Omit<Event, 'type'> & { type: T } }[EventType]
