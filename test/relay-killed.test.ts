// Owns the promise that no event is lost on its way out, wherever the process dies (P25).
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseId } from '../server/src/lib/id.ts'
import { readRows } from './crash/database-reader.ts'
import { type ServerProcess, startServerProcess } from './crash/server-process.ts'
import { createTestDatabase, engine, type TestDatabase } from './harness.ts'
import { isFull, runs, runsMsMax } from './runs.ts'

const kills = runs({ few: 2, full: 100 })
const changes = runs({ few: 250, full: 10_000 })
const roundsMax = 200
const changesPerRound = 100
const writers = 4
const momentMsMax = 600
const answerMsMax = 30
const arrivalMsMax = 60_000

interface Arrived {
  id: string
  customerId: string
  version: number
  previousVersion: number
}

let database: TestDatabase
let server: ServerProcess
let key = ''
const arrived: Arrived[] = []

const subscriber = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { data } = JSON.parse(Buffer.concat(chunks).toString())
    const { id, version, previous_version: previousVersion } = data
    const customerId = parseId('customer', data.customer_id) ?? ''
    expect(request.headers['webhook-id']).toBe(id)
    arrived.push({ id, customerId, version, previousVersion })
    // Slow enough for a process to die between the answer and its note of it.
    setTimeout(() => response.writeHead(200).end(), Math.random() * answerMsMax)
  })
})

beforeAll(async () => {
  database = await createTestDatabase()
  await new Promise<void>((resolve) => subscriber.listen(0, '127.0.0.1', resolve))
  server = await startServerProcess(database)
  key = server.key ?? ''
  const address = subscriber.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const url = `http://127.0.0.1:${port}/hook`
  expect((await send('POST', '/webhook-endpoints', { url, events: ['*'] }))?.status).toBe(201)
})
afterAll(async () => {
  await server.remove()
  subscriber.closeAllConnections()
  subscriber.close()
  await database.remove()
})

/** `null`: the server is gone. */
async function send(method: string, path: string, body: object) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const request = { method, headers: { ...headers, 'if-match': '*' }, body: JSON.stringify(body) }
  try {
    const answer = await fetch(`${server.url}/v1${path}`, request)
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
  } catch {
    return null
  }
}

/** A customer and five changes of it, again and again, until the round is full or cut off. */
async function write(): Promise<void> {
  for (let count = 0; count < changesPerRound / writers; count += 6) {
    const made = await send('POST', '/customers', {
      kind: 'individual',
      name: 'Ana',
      country: 'BR',
    })
    if (made === null) return
    for (let change = 0; change < 5; change += 1) {
      const path = `/customers/${made.json['id']}`
      if ((await send('PATCH', path, { name: `Ana ${change}` })) === null) return
    }
  }
}

/** What a minute does by itself on PostgreSQL: the dead process's leases run out. */
async function expireLeases(): Promise<void> {
  if (engine === 'sqlite') return
  const expire = 'update jobs set leased_until = 0 where leased_until is not null'
  await readRows(database.environment, expire)
}

const eventsOf = async () =>
  (await readRows(database.environment, 'select customer_id, version from events')).map(
    (row) => `${row['customer_id']} ${row['version']}`,
  )

test(
  'after kills at random moments every event arrives, under one id however often',
  async () => {
    for (let kill = 1; kill <= kills; kill += 1) {
      const writing = Promise.all(Array.from({ length: writers }, write))
      await wait(Math.random() * momentMsMax)
      server.signal('SIGKILL')
      await writing
      await server.ended()
      await expireLeases()
      server = await startServerProcess(database)
    }
    for (let round = 0; round < roundsMax && (await eventsOf()).length < changes; round += 1) {
      await Promise.all(Array.from({ length: writers }, write))
    }
    const place = ({ customerId, version }: Arrived) => `${customerId} ${version}`
    const events = await eventsOf()
    const end = performance.now() + arrivalMsMax
    const missing = () => {
      const found = new Set(arrived.map(place))
      return events.filter((event) => !found.has(event))
    }
    while (missing().length > 0 && performance.now() < end) await wait(50)

    expect(missing()).toEqual([])
    const ids = new Map<string, string>()
    for (const one of arrived) {
      expect(one.previousVersion).toBe(one.version - 1)
      expect(ids.get(place(one)) ?? one.id).toBe(one.id)
      ids.set(place(one), one.id)
    }
    expect(new Set(ids.values()).size).toBe(ids.size)
    expect([...ids.keys()].toSorted()).toEqual(events.toSorted())
    expect(events.length).toBeGreaterThan(10 * kills)
    if (isFull) console.log(`${kills} kills, ${events.length} events, ${arrived.length} deliveries`)
  },
  runsMsMax,
)
