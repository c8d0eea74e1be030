// Owns the feed of the platform client: its pages, and a reader that walks and follows it.
import type { FeedEvent } from './events.ts'
import { type CallOptions, readMs } from './options.ts'
import type { PlatformCalls, PlatformList } from './platform-calls.ts'
import type { ReadEventsQuery } from './platform-types.generated.ts'

export interface ReadEventsOptions extends CallOptions {
  /**
   * Goes on for ever: how long to wait, in milliseconds, once nothing is new. Left out, the walk
   * ends there.
   */
  followEveryMs?: number | undefined
}

/** Every event of the app. */
export interface PlatformEvents {
  /** Pages, for who keeps `next_cursor`. Error: `event_cursor_unknown` (400). */
  list(query?: ReadEventsQuery, options?: CallOptions): PlatformList<FeedEvent>
  /**
   * Event by event, oldest first. Nothing ever appears behind an event that was read: keep the
   * `id` of the last one that you handled, and go on after it with `{ cursor: id }`. A page that
   * fails is thrown, as its `ClienteleError`, and the `AbortError` of a signal too.
   *
   * @example
   * for await (const event of platform.events.read({ cursor }, { followEveryMs: 1_000 })) {
   *   cursor = event.id
   * }
   */
  read(query?: ReadEventsQuery, options?: ReadEventsOptions): AsyncIterable<FeedEvent>
}

export function createEvents(calls: PlatformCalls): PlatformEvents {
  const list: PlatformEvents['list'] = (query, options) => calls.list(['events'], query, options)
  return {
    list,
    read: (query, options) => ({
      async *[Symbol.asyncIterator]() {
        const { followEveryMs } = options ?? {}
        if (followEveryMs !== undefined) readMs('options.followEveryMs', followEveryMs, 1)
        let at = query
        for (;;) {
          for await (const event of list(at, options)) {
            yield event
            at = { ...limitOf(query), cursor: event.id }
          }
          if (followEveryMs === undefined) return
          await calls.pause(followEveryMs, options)
        }
      },
    }),
  }
}

/** A moment to begin at stands beside no cursor. */
function limitOf(query: ReadEventsQuery | undefined): Pick<ReadEventsQuery, 'limit'> {
  return query?.limit === undefined ? {} : { limit: query.limit }
}
