// Owns `listen`: which events there are since the last look, and following them until told to end.
import type { Command as Syntax } from 'commander'
import { eventCatalogue } from '../core/catalogue.ts'
import { type Context, contextOf } from '../core/context.ts'
import { AppError } from '../core/errors.ts'
import { feedErrors } from '../core/events/event.ts'
import { parseEventId, printEventId } from '../core/events/event-id.ts'
import {
  type FeedEvent,
  type FeedStart,
  findFeedEnd,
  listFeed,
} from '../core/events/feed-service.ts'
import { systemClock } from '../lib/clock.ts'
import { printId } from '../lib/id.ts'
import { filtersMax, isWanted } from '../webhooks/endpoint.ts'
import { printMessageBody } from '../webhooks/message.ts'
import { readTestApp } from './app-option.ts'
import { type Args, defineCommand, type Output, readText, wrongUsage } from './command.ts'
import { createForwarder, type Forwarded, type Forwarder } from './forwarder.ts'
import { toTime } from './terminal.ts'

/** What one look finds. */
export interface Heard {
  app: string
  messages: HeardMessage[]
  /** Where the next look begins. */
  next: string
  hasMore: boolean
}

interface HeardMessage {
  id: string
  type: string
  at: string
  customerId: string
  /** As a webhook would carry it. */
  body: string
}

const lookEveryMs = 250
const eventsPerLook = 100
/** Together below the line that a server may answer with. */
const bodyCharactersMax = 2_000_000

export const listen = defineCommand<Heard>({
  name: 'listen',
  summary: 'show events live, and forward each to a URL as a webhook would',
  declare,
  run: async (host, args) => {
    const filters = readFilters(args)
    const system = await host.openSystem()
    const app = await readTestApp(system, args)
    const context = contextOf(system, { app, actor: 'cli' })
    return { app: printId('app', app.id), ...(await look(context, readFrom(args), filters)) }
  },
  render: ({ messages }) => messages.map((message) => toLine(message, null)).join('\n'),
  follow,
})

function declare(syntax: Syntax): Syntax {
  return syntax
    .option('--app <id>', 'id of the app; left out: the first test app')
    .option('--events <filters...>', 'only these types, such as customer.payout.*')
    .option('--from <place>', 'now, start, or the id of an event: what comes after it', 'now')
    .option('--forward-to <url>', 'where each event is sent too, signed; local addresses may be')
}

async function look(
  context: Context,
  from: FeedStart | 'now',
  filters: string[],
): Promise<Omit<Heard, 'app'>> {
  if (from === 'now') {
    const end = await findFeedEnd(context)
    return { messages: [], next: end ? printEventId(end) : 'start', hasMore: true }
  }
  const page = await listFeed(context, from, eventsPerLook)
  const messages: HeardMessage[] = []
  let last = from.from === 'after' ? from.position : null
  let characters = 0
  for (const event of page.events) {
    const message = toMessage(event)
    characters += message.body.length
    if (characters > bodyCharactersMax && messages.length > 0) break
    if (isWanted(filters, event.type)) messages.push(message)
    last = event
  }
  const end = page.events.at(-1) ?? last
  const isWhole = end === last
  return { messages, next: last ? printEventId(last) : 'start', hasMore: page.hasMore || !isWhole }
}

function toMessage(event: FeedEvent): HeardMessage {
  const { type, customerId, at } = event
  const shown = { type, at: toTime(at), customerId: printId('customer', customerId) }
  return { id: printEventId(event), ...shown, body: printMessageBody(event) }
}

async function follow(
  ask: (args: Args) => Promise<Heard | null>,
  args: Args,
  output: Output,
): Promise<void> {
  const { signal } = output
  const forwarder = createForwarder(args)
  let isAnnounced = false
  let from = args['from']
  try {
    while (!signal.aborted) {
      const heard = await ask({ ...args, from })
      if (signal.aborted) return
      if (heard === null) {
        output.say('the server has ended')
        return
      }
      if (!isAnnounced) announce(output, heard.app, forwarder)
      isAnnounced = true
      for (const message of heard.messages) {
        const forwarded = await forwarder?.forward(message, signal)
        if (signal.aborted) return
        print(output, message, forwarded ?? null)
      }
      from = heard.next
      if (!heard.hasMore) await systemClock.wait(lookEveryMs, signal)
    }
  } finally {
    await forwarder?.close()
  }
}

function announce({ isJson, write }: Output, app: string, forwarder: Forwarder | null): void {
  const { url = null, secret = null } = forwarder ?? {}
  if (isJson) {
    write(JSON.stringify({ listening: { app, forward_to: url, secret } }))
    return
  }
  write(`Listening to ${app}; Ctrl-C ends it`)
  if (forwarder) write(`Forwarding to ${url}, signed with ${secret}`)
}

function print(output: Output, message: HeardMessage, forwarded: Forwarded | null): void {
  const event: unknown = JSON.parse(message.body)
  const document = forwarded ? { event, forwarded } : { event }
  output.write(output.isJson ? JSON.stringify(document) : toLine(message, forwarded))
}

function toLine({ at, type, customerId, id }: HeardMessage, forwarded: Forwarded | null): string {
  const line = `${at}  ${type}  ${customerId}  ${id}`
  if (forwarded === null) return line
  const { status, reason, durationMs } = forwarded
  return `${line}  -> ${status ?? `not sent: ${reason}`}, ${durationMs} ms`
}

function readFilters(args: Args): string[] {
  const given = args['events'] ?? ['*']
  const filters = Array.isArray(given) ? given.map(String) : []
  const types = Object.keys(eventCatalogue)
  const strange = filters.find((filter) => !types.some((type) => isWanted([filter], type)))
  if (strange !== undefined) {
    const fix = '`trigger --list` shows the types; customer.payout.* means all that begin so'
    throw wrongUsage(`no type of event is meant by "${strange}"`, fix)
  }
  if (filters.length > 0 && filters.length <= filtersMax) return filters
  throw wrongUsage(`--events takes 1 to ${filtersMax} filters`, 'leave it out to see every event')
}

function readFrom(args: Args): FeedStart | 'now' {
  const from = readText(args, 'from', 100)
  if (from === 'now') return 'now'
  if (from === 'start') return { from: 'start' }
  const position = parseEventId(from)
  if (position === null) throw new AppError(feedErrors.event_cursor_unknown)
  return { from: 'after', position }
}
