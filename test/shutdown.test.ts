// Owns the guarantee that a server told to stop does so in order: nothing accepted is dropped.
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readRows } from './crash/database-reader.ts'
import { type ServerProcess, startServerProcess } from './crash/server-process.ts'
import { createCounter, runWriters, sendAgain } from './crash/workload.ts'
import { createTestDatabase, engine, type TestDatabase } from './harness.ts'

const rounds = 3
const writers = 8
const endMsMax = 10_000

let database: TestDatabase
let server: ServerProcess | null
beforeEach(async () => {
  database = await createTestDatabase()
  server = null
})
afterEach(async () => {
  await server?.remove()
  await database.remove()
})

/** Says nothing of the database: one engine is enough, and a process takes its time to start. */
const testOnce = (name: string, run: () => Promise<void>) => {
  if (engine === 'sqlite') test(name, run)
}

test('SIGTERM under load: what was accepted is answered, and the end is in order', async () => {
  const { environment } = database
  server = await startServerProcess({ environment })
  const key = server.key ?? ''
  const counter = createCounter()
  let answered = 0
  for (let round = 0; round < rounds; round += 1) {
    // Nobody tells the writers: they send on until the server is gone.
    const running = runWriters({ url: server.url, key }, { writers, counter, isOver: () => false })
    await wait(200 + Math.random() * 500)
    const began = performance.now()
    server.signal('SIGTERM')
    const { code, signal, stderr } = await server.ended()
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
    expect(performance.now() - began).toBeLessThan(endMsMax)
    const writes = await running
    expect(await readRows(environment, heldLeases)).toEqual([])

    server = await startServerProcess({ environment })
    const answers = await sendAgain({ url: server.url, key }, writes)
    for (const [index, write] of writes.entries()) {
      if (write.answer) answered += 1
      // Answered: kept, with the same bytes. Not answered: was never accepted, so it happens now.
      const expected = write.answer
        ? { status: 201, text: write.answer.text, isReplayed: true }
        : { status: 201, isReplayed: false }
      expect(answers[index]).toMatchObject(expected)
    }
  }
  expect(answered).toBeGreaterThan(rounds * writers)
}, 60_000)

const heldLeases = 'select id from jobs where leased_until is not null or lease_token is not null'

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends an idle server with 0, whatever connections stand open',
  async (name) => {
    server = await startServerProcess({ environment: database.environment })
    // A connection that is kept open without a request does not hold it up.
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
    server.signal(name)
    expect(await server.ended()).toMatchObject({ code: 0, signal: null, stderr: '' })
  },
)

testOnce('the log has a line for every request that was answered, also for the last', async () => {
  server = await startServerProcess({ environment: database.environment })
  const ids = new Set<string>()
  for (let count = 0; count < 20; count += 1) {
    const answer = await fetch(`${server.url}/payouts/customers`)
    ids.add(answer.headers.get('request-id') ?? '')
  }
  expect(ids.size).toBe(20)
  server.signal('SIGTERM')
  const { stdout } = await server.ended()
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
  const logged = new Set(lines.map((line) => JSON.parse(line).requestId))
  expect([...ids].filter((id) => !logged.has(id))).toEqual([])
})

testOnce(
  'a reader of the log that has gone away does not keep the server from ending',
  async () => {
    server = await startServerProcess({ environment: database.environment })
    server.closeOutput()
    for (let count = 0; count < 5; count += 1) await fetch(`${server.url}/payouts/customers`)
    server.signal('SIGTERM')
    expect(await server.ended()).toMatchObject({ signal: null })
  },
)
