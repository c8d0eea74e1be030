// Owns the tests of `listen` and `trigger`: beside a server, what is shown, what is forwarded.
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, engine, type TestDatabase } from '../../../test/harness.ts'
import { eventCatalogue } from '../core/catalogue.ts'
import { type Subscriber, startSubscriber, verifies } from '../webhooks/testing/subscriber.ts'
import {
  documentOf,
  runInProcess,
  type ServeProcess,
  type Spawned,
  spawnCommand,
  startServe,
} from './test-process.ts'

let database: TestDatabase
let serve: ServeProcess
let subscriber: Subscriber
let testAppId: string
let liveAppId: string
/** On PostgreSQL an event waits for whatever else the cluster does. */
const patience = { timeout: 20_000 }
beforeAll(async () => {
  database = await createTestDatabase()
  serve = await startServe(database.environment)
  subscriber = await startSubscriber()
  const { apps } = documentOf(await run('apps', 'list', '--json')) as { apps: { id: string }[] }
  testAppId = apps[0]?.id ?? ''
  liveAppId = apps[1]?.id ?? ''
})
afterAll(async () => {
  await serve?.stop('SIGKILL')
  await subscriber?.close()
  await database?.remove()
})

const run = (...args: string[]) => runInProcess(args, database.environment)
const trigger = async (type: string) => {
  const { event } = documentOf(await run('trigger', type, '--json')) as { event: { id: string } }
  return event.id
}

/** Follows in this process until `isEnough` of its lines; the lines that it wrote. */
async function listenUntil(isEnough: (lines: string[]) => boolean, ...args: string[]) {
  const until = new AbortController()
  const lines = () => heard.join('').split('\n').slice(0, -1)
  const heard: string[] = []
  const listening = runInProcess(['listen', ...args], database.environment, {
    until: until.signal,
    onOut: (text) => {
      heard.push(text)
      if (isEnough(lines())) until.abort()
    },
  })
  return { ended: listening, lines }
}

/** What the worker makes of an earlier payout meanwhile is left out. */
const created = ['--events', 'customer.created']
const linesOf = (spawned: Spawned) => spawned.output().out.split('\n').slice(0, -1)
const until = (count: number) => (lines: string[]) => lines.length >= count

describe('listen', () => {
  test('shows what is asked for, of before and of now, one document a line', async () => {
    const before = await trigger('customer.updated')
    const filters = ['--events', 'customer.updated', 'customer.payout.*']
    const { ended, lines } = await listenUntil(until(3), ...filters, '--from', 'start', '--json')
    await expect.poll(() => lines().length, patience).toBe(2)
    const now = await trigger('customer.payout.accepted')
    expect(await ended).toMatchObject({ code: 0, error: '' })
    const [listening, ...events] = lines().map((line) => JSON.parse(line))
    expect(listening).toEqual({ listening: { app: testAppId, forward_to: null, secret: null } })
    const shown = events.map(({ event }) => [event.type, event.data.id])
    expect(shown).toEqual([
      ['customer.updated', before],
      ['customer.payout.accepted', now],
    ])
  })

  test('an event id begins behind it, and a strange one is refused', async () => {
    const first = await trigger('customer.created')
    const second = await trigger('customer.created')
    const { ended, lines } = await listenUntil(until(2), ...created, '--from', first)
    expect((await ended).code).toBe(0)
    expect(lines()[1]).toMatch(new RegExp(`  customer\\.created  cust_\\w{26}  ${second}$`))
    const strange = await run('listen', '--from', 'evt_1', '--json')
    expect(strange.code).toBe(1)
    expect(documentOf(strange)).toMatchObject({ error: { code: 'event_cursor_unknown' } })
  })

  test('forwards signed, to a local address; what fails is a line, and the next is sent', async () => {
    const first = await trigger('customer.created')
    const args = [...created, '--from', first, '--forward-to', subscriber.url]
    subscriber.answer = { status: 500 }
    const { ended, lines } = await listenUntil(until(4), ...args)
    const one = await trigger('customer.created')
    await expect.poll(() => lines().length, patience).toBe(3)
    subscriber.answer = { status: 204 }
    const two = await trigger('customer.created')
    expect((await ended).code).toBe(0)
    const secret = /signed with (whsec_\S+)$/.exec(lines()[1] ?? '')?.[1] ?? ''
    expect(lines()[2]).toMatch(new RegExp(`  ${one}  -> 500, \\d+ ms$`))
    expect(lines()[3]).toMatch(new RegExp(`  ${two}  -> 204, \\d+ ms$`))
    const ids = subscriber.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toEqual([one, two])
    for (const message of subscriber.received) expect(verifies(message, secret)).toBe(true)
  })

  test('where nobody listens, each event says so', async () => {
    const first = await trigger('customer.created')
    const one = await trigger('customer.created')
    const forward = ['--forward-to', `http://127.0.0.1:${await freePort()}/hook`]
    const { ended, lines } = await listenUntil(until(3), ...created, '--from', first, ...forward)
    expect((await ended).code).toBe(0)
    expect(lines()[2]).toMatch(new RegExp(`  ${one}  -> not sent: the connection failed, \\d+ ms$`))
  })

  test.each([
    [['--events', 'customer.moon'], 'no type of event is meant by "customer.moon"'],
    [['--forward-to', 'http://169.254.169.254/'], '--forward-to: the address is not a public one'],
    [['--forward-to', 'nonsense'], '--forward-to: the URL is not one'],
  ])('%j is wrong usage', async (args, text) => {
    const { code, error } = await run('listen', ...args)
    expect(code).toBe(2)
    expect(error).toContain(text)
  })
})

describe('trigger', () => {
  test('--list shows every type, and needs no database', async () => {
    const { types } = documentOf(await runInProcess(['trigger', '--list', '--json'], {})) as {
      types: { type: string; says: string }[]
    }
    const shown = Object.fromEntries(types.map(({ type, says }) => [type, says]))
    expect(shown).toEqual(eventCatalogue)
  })

  test('happens to the customer that is named, beside the server', async () => {
    const { event } = documentOf(await run('trigger', 'customer.created', '--json')) as {
      event: { customerId: string }
    }
    const { code, out } = await run(
      ...['trigger', 'customer.payout.completed', '--customer', event.customerId],
    )
    expect(code).toBe(0)
    expect(out).toMatch(
      new RegExp(`^customer\\.payout\\.completed of ${event.customerId} is evt_\\w{26}_\\d+\\n$`),
    )
  })

  test('an unknown type is refused with the list, a live app without a trace', async () => {
    const unknown = await run('trigger', 'customer.moon')
    expect(unknown.code).toBe(2)
    expect(unknown.error).toContain('there is no event "customer.moon"')
    for (const type of Object.keys(eventCatalogue)) expect(unknown.error).toContain(type)
    const live = await run('trigger', 'customer.created', '--app', liveAppId, '--json')
    expect(live.code).toBe(1)
    expect(documentOf(live)).toMatchObject({ error: { code: 'app_is_live' } })
  })
})

describe('its end', () => {
  test('Ctrl-C ends it in order, in the middle of a forward that hangs', async () => {
    const first = await trigger('customer.created')
    await trigger('customer.created')
    subscriber.answer = 'hang'
    const { length } = subscriber.received
    const args = ['listen', ...created, '--from', first, '--forward-to', subscriber.url]
    const listening = spawnCommand(args, database.environment)
    await expect.poll(() => subscriber.received.length, patience).toBe(length + 1)
    listening.child.kill('SIGINT')
    const { code, error } = await listening.ended
    expect({ code, error, lines: linesOf(listening).length }).toEqual({
      ...{ code: 0, error: '', lines: 2 },
    })
  })

  if (engine !== 'sqlite') return
  test('it ends with the server, and needs one', async () => {
    const { ended, lines } = await listenUntil(() => false)
    await expect.poll(() => lines().length, patience).toBe(1)
    await serve.stop()
    expect(await ended).toMatchObject({ code: 0, error: 'clientele: the server has ended\n' })
    const none = await run('listen', '--json')
    expect(none.code).toBe(1)
    expect(documentOf(none)).toMatchObject({ error: { code: 'no_server' } })
  })
})

/** Where nobody listens any more. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
