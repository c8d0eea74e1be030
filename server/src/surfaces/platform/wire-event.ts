// Owns an event on the platform surface: its id, its schema, and moments as callers write them.
import Type, { type Static } from 'typebox'
import { AppError } from '../../core/errors.ts'
import { type CustomerEvent, feedErrors } from '../../core/events/event.ts'
import { parseEventId, printEventId } from '../../core/events/event-id.ts'
import type { FeedPosition } from '../../core/events/feed-service.ts'
import { refuseField } from '../../core/fields.ts'
import { personalExcept } from '../../http/mask.ts'
import { printId } from '../../lib/id.ts'
import { printTime } from '../../lib/time.ts'
import { clearChanges } from './clear-changes.ts'
import { named } from './wire.ts'

export const WireEvent = Type.Object(
  {
    id: Type.String({
      description: 'Customer and version: the same wherever the event is shown',
      examples: ['evt_01h455vb4pex5vsknk084sn02q_3'],
    }),
    customer_id: Type.String({ description: 'Whom it is about' }),
    version: Type.Integer({ description: "The customer's version after it", examples: [3] }),
    previous_version: Type.Integer({
      description: 'The version before: who has not seen that one missed an event',
      examples: [2],
    }),
    type: Type.String({ description: 'What happened', examples: ['customer.updated'] }),
    actor: Type.String({ description: 'Who did it', examples: ['operator:ana.gomez'] }),
    at: Type.String({ description: 'When', examples: ['2026-02-25T12:00:00.000Z'] }),
    changes: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
      description: "The values that changed, in the core's names; null once they are erased",
      examples: [{ country: 'BR' }],
      ...personalExcept(clearChanges),
    }),
    hash: Type.String({ description: 'SHA-256 over the event before and this one, hexadecimal' }),
  },
  named('Event'),
)

type ShownEvent = Omit<CustomerEvent, 'changes'> & { changes: object | null }

export function toWireEvent(event: ShownEvent): Static<typeof WireEvent> {
  const { customerId, version, type, actor, at, changes, hash } = event
  return {
    id: printEventId({ customerId, version }),
    customer_id: printId('customer', customerId),
    version,
    previous_version: version - 1,
    type,
    actor,
    at: printTime(at),
    changes: changes === null ? null : { ...changes },
    hash: Buffer.from(hash).toString('hex'),
  }
}

/** Error: `event_cursor_unknown`. */
export function fromWireEventId(text: string): FeedPosition {
  const position = parseEventId(text)
  if (position === null) throw new AppError(feedErrors.event_cursor_unknown)
  return position
}

const moment =
  /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/

/** RFC 3339, to the millisecond. Error: `field_invalid`. */
export function fromWireMoment(param: string, text: string): number {
  const time = moment.test(text) ? new Date(text).getTime() : Number.NaN
  // A 30th of February is read as a day of March.
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10))
  if (Number.isNaN(time) || !isDay) {
    refuseField(param, 'is not a moment like 2027-02-25T12:00:00Z')
  }
  return time
}
