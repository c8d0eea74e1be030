// Owns the proof that a small consumer of the feed ends equal to the server on a bad line.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { engine, startTestServer, type TestServer } from '../../../../test/harness.ts'
import { runs, runsMsMax } from '../../../../test/runs.ts'
import { createMerchant } from '../apps/app-service.ts'
import type { Context } from '../context.ts'
import {
  createCustomer,
  getCustomer,
  requireCustomer,
  updateCustomer,
} from '../customer/customer-service.ts'
import { listEvents } from './event-service.ts'
import { type FeedEvent, type FeedPosition, listFeed } from './feed-service.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

/** What a subscriber would write: takes events in any order, and says which versions it missed. */
class Consumer {
  readonly records = new Map<string, { version: number; fields: Record<string, unknown> }>()
  readonly #early = new Map<string, Pick<FeedEvent, 'version' | 'changes'>>()
  readonly #newest = new Map<string, number>()

  take(event: Pick<FeedEvent, 'customerId' | 'version' | 'previousVersion' | 'changes'>): void {
    const { customerId, version, previousVersion } = event
    const record = this.records.get(customerId) ?? { version: 0, fields: {} }
    this.#newest.set(customerId, Math.max(version, this.#newest.get(customerId) ?? 0))
    if (version <= record.version) return
    this.#early.set(`${customerId} ${version}`, event)
    if (previousVersion !== record.version) return
    for (let next = version; ; next += 1) {
      const ready = this.#early.get(`${customerId} ${next}`)
      if (!ready) break
      this.#early.delete(`${customerId} ${next}`)
      record.version = next
      Object.assign(record.fields, ready.changes)
    }
    this.records.set(customerId, record)
  }

  /** Versions that were named by a later event and never came. */
  gaps(): { customerId: string; version: number }[] {
    return [...this.#newest].flatMap(([customerId, newest]) => {
      const known = this.records.get(customerId)?.version ?? 0
      return Array.from({ length: newest - known }, (_, at) => known + 1 + at)
        .filter((version) => !this.#early.has(`${customerId} ${version}`))
        .map((version) => ({ customerId, version }))
    })
  }
}

/** Numbers that one seed fixes, so that a history that fails can be made again. */
function dice(seed: number): (sides: number) => number {
  let state = seed + 0x9e3779b9
  return (sides) => {
    state = Math.imul(state ^ (state >>> 15), 0x85ebca6b) ^ (state << 7)
    return ((state ^ (state >>> 13)) >>> 0) % sides
  }
}

/** Several writers at once, and a reader that polls meanwhile with pages of any size. */
async function runHistory(context: Context, roll: (sides: number) => number): Promise<FeedEvent[]> {
  const ids: string[] = []
  let written = 0
  const write = async (turns: number) => {
    for (let turn = 0; turn < turns; turn += 1) {
      const id = ids[roll(ids.length + 2)]
      if (id === undefined) {
        const name = `Customer ${roll(1_000)}`
        ids.push((await createCustomer(context, { kind: 'individual', name })).id)
        written += 1
      } else {
        const before = (await getCustomer(context, id)).version
        const name = `Name ${before} ${roll(1_000_000)} ${written}`
        await updateCustomer(context, id, { name, country: ['BR', 'US', 'MX'][roll(3)] ?? null })
        written += 1
      }
    }
  }
  const writers = Promise.all([write(1 + roll(6)), write(1 + roll(6)), write(1 + roll(6))])
  let isDone = false
  const done = writers.finally(() => {
    isDone = true
  })
  const seen: FeedEvent[] = []
  let end: FeedPosition | null = null
  for (let polls = 0; polls < 20_000; polls += 1) {
    const from =
      end === null ? { from: 'start' as const } : { from: 'after' as const, position: end }
    const page = await listFeed(context, from, 1 + roll(4))
    seen.push(...page.events)
    end = page.end
    if (isDone && seen.length >= written && page.events.length === 0) break
    if (page.events.length === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await done
  expect(seen).toHaveLength(written)
  return seen
}

/** Shuffled, doubled, and some lost: what a line may do. */
function mangle(events: FeedEvent[], roll: (sides: number) => number) {
  const lost = events.filter(() => roll(5) === 0)
  const sent = events.filter((event) => !lost.includes(event))
  const doubled = [...sent, ...sent.filter(() => roll(3) === 0)]
  for (let at = doubled.length - 1; at > 0; at -= 1) {
    const other = roll(at + 1)
    const [left, right] = [doubled[at], doubled[other]]
    if (left && right) [doubled[at], doubled[other]] = [right, left]
  }
  return { lost, line: doubled }
}

async function expectEqualToServer(context: Context, consumer: Consumer): Promise<void> {
  for (const [id, { version, fields }] of consumer.records) {
    const { name, country, version: newest } = await getCustomer(context, id)
    expect({ version, name: fields['name'], country: fields['country'] }).toEqual({
      version: newest,
      name,
      country,
    })
  }
}

async function followHistory(seed: number): Promise<void> {
  const roll = dice(seed)
  const { test: app } = await createMerchant(server.system, 'Another merchant')
  const context = server.contextOf(app)
  const events = await runHistory(context, roll)

  // On a good line nothing is ever early: the feed itself is in order and whole.
  const straight = new Consumer()
  for (const event of events) {
    straight.take(event)
    expect(straight.gaps()).toEqual([])
  }
  await expectEqualToServer(context, straight)

  const { lost, line } = mangle(events, roll)
  const consumer = new Consumer()
  for (const event of line) consumer.take(event)
  const newest = new Map<string, number>()
  for (const { customerId, version } of line) {
    newest.set(customerId, Math.max(version, newest.get(customerId) ?? 0))
  }
  const named = lost.filter(({ customerId, version }) => version < (newest.get(customerId) ?? 0))
  const sorted = (list: { customerId: string; version: number }[]) =>
    list.map(({ customerId, version }) => `${customerId} ${version}`).toSorted()
  expect(sorted(consumer.gaps())).toEqual(sorted(named))

  // What is missing is read from the customer's own history; so is what nothing later named.
  for (const { customerId } of lost) {
    const dataKey = await requireCustomer(context, customerId)
    const afterVersion = consumer.records.get(customerId)?.version ?? 0
    for (const event of await listEvents(context, { customerId, dataKey, afterVersion })) {
      consumer.take({ ...event, previousVersion: event.version - 1 })
    }
  }
  expect(consumer.gaps()).toEqual([])
  expect(consumer.records.size).toBe(straight.records.size)
  await expectEqualToServer(context, consumer)
}

// PostgreSQL waits for the disk at each commit and for other tests' transactions: fewer there.
const histories = runs({ few: engine === 'sqlite' ? 60 : 15, full: 1_000 })

test(
  'every gap is detected, and the end is the server’s, in every random history',
  async () => {
    for (let seed = 1; seed <= histories; seed += 1) await followHistory(seed)
  },
  runsMsMax,
)
