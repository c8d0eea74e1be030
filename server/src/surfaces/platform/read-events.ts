// Owns GET /v1/events.
import Type from 'typebox'
import { feedErrors } from '../../core/events/event.ts'
import { printEventId } from '../../core/events/event-id.ts'
import { type FeedStart, listFeed } from '../../core/events/feed-service.ts'
import { fieldErrors, refuseField } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { pageQuery } from './paging.ts'
import { closed, Page } from './wire.ts'
import { fromWireEventId, fromWireMoment, toWireEvent, WireEvent } from './wire-event.ts'

const limits = { default: 100, max: 200 }

export const readEvents = defineOperation({
  id: 'readEvents',
  method: 'GET',
  path: '/events',
  tag: 'Events',
  summary: 'Follow every event of the app',
  description:
    'A feed, oldest first. Nothing ever appears behind a cursor that was handed out, so whoever ' +
    'keeps `next_cursor` and asks again misses nothing; it stays the same while nothing is new.',
  scope: 'platform:read',
  query: Type.Object(
    {
      ...pageQuery(limits, {
        entries: 'events',
        more: ', or the id of any event: what comes after',
      }),
      since: Type.Optional(
        Type.String({
          maxLength: 40,
          description:
            'Without a cursor: everything from this moment on, by RFC 3339. It begins up to a ' +
            'minute before it.',
          examples: ['2026-02-25T12:00:00Z'],
        }),
      ),
    },
    closed,
  ),
  returns: { status: 200, description: 'A page of events', schema: Page(WireEvent) },
  errors: [fieldErrors.field_invalid, feedErrors.event_cursor_unknown],
  async handle(context, { query }) {
    const { limit = limits.default, cursor, since } = query
    const { events, hasMore, end } = await listFeed(context, startOf(cursor, since), limit)
    return {
      data: events.map(toWireEvent),
      has_more: hasMore,
      next_cursor: end === null ? null : printEventId(end),
    }
  },
})

function startOf(cursor: string | undefined, since: string | undefined): FeedStart {
  if (cursor !== undefined) {
    if (since !== undefined) refuseField('since', 'cannot stand beside a cursor')
    return { from: 'after', position: fromWireEventId(cursor) }
  }
  if (since === undefined) return { from: 'start' }
  return { from: 'since', time: fromWireMoment('since', since) }
}
