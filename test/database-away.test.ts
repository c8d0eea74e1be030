// Owns the bad day on which the database goes away under load: 503, no crash, recovery, no loss.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DatabaseProxy, startDatabaseProxy } from './database-proxy.ts'
import {
  createTestDatabase,
  engine,
  startTestServer,
  type TestDatabase,
  type TestServer,
} from './harness.ts'
import { runs, runsMsMax } from './runs.ts'

const callers = 24
const awayMs = runs({ few: 1_500, full: 30_000 })
const pauseMs = 200
/** The long form may run beside anything. */
const recoveryMsMax = runs({ few: 15_000, full: 120_000 })
const loadMsMax = runs({ few: 30_000, full: 120_000 })

interface Reply {
  status: number
  code: string | null
  retryAfter: string | null
  key: string
  customerId: string | null
}

test('the proxy breaks what it carries, takes nothing more, and works again', async () => {
  const echo = createServer((request, response) => request.pipe(response))
  echo.listen(0, '127.0.0.1')
  await once(echo, 'listening')
  const address = echo.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const proxy = await startDatabaseProxy(`http://127.0.0.1:${port}`)
  const ask = async () => {
    const answer = await fetch(proxy.url, { method: 'POST', body: 'hello' })
    return answer.text()
  }
  try {
    expect(await ask()).toBe('hello')
    await proxy.cut('refused')
    await expect(ask()).rejects.toThrow()
    await proxy.mend()
    expect(await ask()).toBe('hello')
  } finally {
    await proxy.close()
    echo.closeAllConnections()
    echo.close()
  }
})

// The embedded database is part of the process: it cannot go away alone.
if (engine === 'postgresql') {
  let database: TestDatabase
  let proxy: DatabaseProxy
  let server: TestServer

  beforeEach(async () => {
    database = await createTestDatabase()
    proxy = await startDatabaseProxy(database.environment['DATABASE_URL'] ?? '')
    server = await startTestServer({ DATABASE_URL: proxy.url }, database)
    server.worker.start()
  })
  afterEach(async () => {
    await proxy.mend()
    await server.stop()
    await proxy.close()
    await database.remove()
  })

  const write = async (key: string): Promise<Reply> => {
    const body = { type: 'individual', name: 'Ana', country: 'AR' }
    const headers = { 'idempotency-key': key }
    const answer = await server.call('POST', '/payouts/customers', { headers, body })
    return {
      status: answer.status,
      code: answer.json.error?.code ?? null,
      retryAfter: answer.headers.get('retry-after'),
      key,
      customerId: answer.json.customerId ?? null,
    }
  }

  /** Callers that write one after the other until they are told to end. */
  function load() {
    const replies: Reply[] = []
    let isOver = false
    const caller = async (name: number) => {
      for (let count = 0; !isOver; count += 1) {
        const reply = await write(`${name}-${count}`)
        replies.push(reply)
        // A refusal comes at once: without a pause thousands of them would be all that is tested.
        if (!isDone(reply)) await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    }
    const ended = Promise.all(Array.from({ length: callers }, (_, name) => caller(name)))
    const end = async () => {
      isOver = true
      await ended
    }
    return { replies, end }
  }

  const reasons = async () => {
    const answer = await fetch(`${server.url}/readyz`)
    const { reasons: found = [] } = (await answer.json()) as { reasons?: { name: string }[] }
    return [answer.status, ...found.map(({ name }) => name)]
  }

  async function until(isSo: () => boolean | Promise<boolean>, msMax: number): Promise<void> {
    const end = performance.now() + msMax
    while (!(await isSo())) {
      if (performance.now() > end) throw new Error(`still not so after ${msMax} ms`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  describe.each(['refused', 'silent'] as const)('while its connections are %s', (how) => {
    test(
      'callers get 503 with Retry-After, and afterwards everything goes on',
      async () => {
        const { replies, end } = load()
        await until(() => replies.length > 100, loadMsMax)
        const before = replies.length
        await proxy.cut(how)
        const cutAt = performance.now()
        // At once: where connections are silent, each of these waits until it gives one up.
        const [found, livez, metrics] = await Promise.all([
          reasons(),
          fetch(`${server.url}/livez`),
          fetch(`${server.url}/metrics`).then((answer) => answer.text()),
          until(() => replies.length >= before + callers, recoveryMsMax),
        ])
        expect(found).toEqual([503, 'database_away'])
        expect(livez.status).toBe(200)
        expect(metrics).toMatch(/^clientele_ready 0$/m)
        expect(metrics).toMatch(/^clientele_not_ready\{reason="database_away"\} 1$/m)
        await until(() => performance.now() - cutAt > awayMs, awayMs + recoveryMsMax)
        const away = replies.slice()
        await proxy.mend()
        await until(() => replies.slice(away.length).some(isDone), recoveryMsMax)
        await until(async () => (await reasons())[0] === 200, recoveryMsMax)
        const recovered = replies.length
        await until(() => replies.length > recovered + 2 * callers, recoveryMsMax)
        await end()

        // Whatever did not succeed was told to come back.
        const others = replies.filter((reply) => !isDone(reply))
        expect(others.length).toBeGreaterThanOrEqual(callers)
        for (const { status, code, retryAfter } of others) {
          expect([status, code, retryAfter]).toEqual([503, 'temporarily_unavailable', '1'])
        }
        expect(replies.slice(recovered + callers).filter((reply) => !isDone(reply))).toEqual([])
        await expectNothingLost(replies)
      },
      runsMsMax,
    )
  })

  const isDone = ({ status }: Reply) => status === 201

  /** Each that was acknowledged is there; each other one, sent again, is done exactly once. */
  async function expectNothingLost(replies: Reply[]): Promise<void> {
    const stored = async () => {
      const rows = await server.system.db.selectFrom('customers').select('id').execute()
      return rows.length
    }
    const done = replies.filter(isDone)
    const others = replies.filter((reply) => !isDone(reply))
    expect(await stored()).toBeGreaterThanOrEqual(done.length)
    const repeat = async ({ key, customerId }: Reply) => {
      const expected = customerId === null ? { status: 201 } : { status: 201, customerId }
      expect(await write(key)).toMatchObject(expected)
    }
    const repeated = [...done.slice(-2 * callers), ...others]
    // As many at once as there are callers: thousands together would be refused as too many.
    const sender = async () => {
      for (let next = repeated.shift(); next; next = repeated.shift()) await repeat(next)
    }
    await Promise.all(Array.from({ length: callers }, sender))
    expect(await stored()).toBe(replies.length)
  }
}
