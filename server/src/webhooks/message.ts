// Owns what a subscriber is sent of an event: the same at every try, to whichever endpoint.
import { printEventId } from '../core/events/event-id.ts'
import type { FeedEvent } from '../core/events/feed-service.ts'
import { printId } from '../lib/id.ts'
import { printTime } from '../lib/time.ts'

/** Its id is the event's: who has seen it skips it. */
export function printMessageBody(event: FeedEvent): string {
  const data = {
    id: printEventId(event),
    customer_id: printId('customer', event.customerId),
    version: event.version,
    previous_version: event.previousVersion,
    actor: event.actor,
    changes: event.changes,
  }
  return JSON.stringify({ type: event.type, timestamp: printTime(event.at), data })
}

/** What every message carries beside its signature. */
export const messageHeaders = {
  'content-type': 'application/json',
  'user-agent': 'Clientele',
} as const

/** For the whole exchange with a subscriber. */
export const answerTimeoutMs = 15_000
/** Nobody reads the answer; one that goes on is cut off here. */
export const answerBytesMax = 64 * 1_024
