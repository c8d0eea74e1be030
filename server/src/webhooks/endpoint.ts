// Owns the vocabulary of endpoints: where an app wants its events sent, and which.
import { defineErrors } from '../core/errors.ts'

export interface Endpoint {
  id: string
  url: string
  /** `customer.payout.completed`, `customer.payout.*`, `*`. */
  events: string[]
  /** `null`: it is in use. */
  disabledReason: string | null
  /** Since when no delivery has arrived, while at least one was tried. */
  failingSince: number | null
  /** Until when the secret before signs too; `null`: there is none. */
  previousSecretEndsAt: number | null
  createdAt: number
  updatedAt: number
}

export const endpointsMax = 50
export const filtersMax = 50
export const urlLengthMax = 2_000
/** While a secret is rotated, messages are signed with both. */
export const secretOverlapMs = 24 * 60 * 60 * 1_000
/** So long without one success, and the endpoint is disabled. */
export const failingMsMax = 5 * 24 * 60 * 60 * 1_000

export const endpointErrors = defineErrors({
  webhook_endpoint_not_found: {
    kind: 'missing',
    title: 'No such webhook endpoint',
    detail: 'This app has no webhook endpoint with this id.',
    fix: 'Check the id, and that the key belongs to the app that made it.',
  },
  webhook_url_refused: {
    kind: 'invalid',
    title: 'Webhook URL refused',
    detail: 'The URL may not be called from here.',
    fix: 'Give an https URL of a public address, or have its network allowed.',
  },
  webhook_endpoints_full: {
    kind: 'conflict',
    title: 'Too many webhook endpoints',
    detail: `An app has at most ${endpointsMax} webhook endpoints.`,
    fix: 'Delete one that is not used.',
  },
  webhook_endpoint_disabled: {
    kind: 'conflict',
    title: 'Webhook endpoint disabled',
    detail: 'Nothing is sent to this webhook endpoint while it is disabled.',
    fix: 'Enable it first.',
  },
  delivery_not_found: {
    kind: 'missing',
    title: 'No such delivery',
    detail: 'This webhook endpoint has no delivery with this id.',
    fix: 'List the deliveries of the endpoint.',
  },
  delivery_cursor_unknown: {
    kind: 'malformed',
    title: 'Unknown cursor',
    detail: 'The cursor is not of a delivery of this webhook endpoint.',
    fix: 'Pass `next_cursor` of the page before, or none.',
  },
})

/** Whether one of the filters means this type of event. */
export function isWanted(filters: readonly string[], type: string): boolean {
  return filters.some(
    (filter) =>
      filter === '*' ||
      filter === type ||
      (filter.endsWith('.*') && type.startsWith(filter.slice(0, -1))),
  )
}
