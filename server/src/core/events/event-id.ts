// Owns how an event is named outside: by its customer and version, the same wherever it is shown.
import { parseId, printId } from '../../lib/id.ts'
import type { FeedPosition } from './feed-store.ts'

export function printEventId({ customerId, version }: FeedPosition): string {
  return `${printId('customer', customerId, 'evt')}_${version}`
}

/** `null` for a text that cannot be one. */
export function parseEventId(text: string): FeedPosition | null {
  const [, id = '', version = ''] = /^evt_([0-9a-z]{26})_([1-9]\d{0,14})$/.exec(text) ?? []
  const customerId = parseId('customer', `cust_${id}`)
  return customerId === null ? null : { customerId, version: Number(version) }
}
