// Owns the guarantees of a start: what the first prints, what the next keeps, what is refused.
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type Ending,
  runServerProcess,
  type ServerProcess,
  startServerProcess,
} from './crash/server-process.ts'
import { createTestDatabase, engine, type TestDatabase } from './harness.ts'

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

/** One line for a person, nothing of our code, and the exit code that says "refused". */
function expectRefusal(ending: Ending, line: string | RegExp): void {
  expect(ending.stderr).toMatch(/^clientele: [^\n]+; [^\n]+\n$/)
  expect(ending.stderr).toMatch(line)
  expect(`${ending.stdout}${ending.stderr}`).not.toMatch(/\n\s+at /)
  expect([ending.code, ending.signal]).toEqual([1, null])
}

/** Says nothing of the database: one engine is enough, and a process takes its time to start. */
const testOnce = (name: string, run: () => Promise<void>) => {
  if (engine === 'sqlite') test(name, run)
}

test('the first start prints a key that works; the next one prints none and has the same data', async () => {
  const { environment } = database
  server = await startServerProcess({ environment })
  const headers = {
    authorization: `Bearer ${server.key}`,
    'content-type': 'application/json',
  }
  const body = JSON.stringify({ type: 'individual', name: 'Gerardo Ratto', country: 'AR' })
  const path = '/payouts/customers'
  const made = await fetch(server.url + path, { method: 'POST', headers, body })
  expect(made.status).toBe(201)
  const customer = (await made.json()) as { customerId: string }
  server.signal('SIGTERM')
  await server.ended()

  server = await startServerProcess({ environment })
  expect(server.key).toBeNull()
  expect(server.stdout()).not.toContain('sk_test_')
  const found = await fetch(`${server.url}${path}/${customer.customerId}`, { headers })
  expect([found.status, await found.json()]).toEqual([200, customer])
})

test('the key file is made in the data folder, which is made with it', async () => {
  const { CLIENTELE_MASTER_KEY_FILE: file = '', ...environment } = database.environment
  const folder = join(dirname(file), 'a', 'folder')
  server = await startServerProcess({
    environment: { ...environment, CLIENTELE_DATA_DIR: folder },
  })
  expect(existsSync(join(folder, 'master.key'))).toBe(true)
})

testOnce('a port that is in use is refused in one line that names it', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    const environment = { ...database.environment, PORT: String(port) }
    expectRefusal(await runServerProcess({ environment }), `port ${port} on 127.0.0.1 is in use`)
  } finally {
    other.close()
  }
})

for (const [name, value] of [
  ['PORT', '70000'],
  ['CLIENTELE_LOG_LEVEL', 'loud'],
  ['DATABASE_URL', 'mysql://user:hunter2@host/db'],
] as const) {
  testOnce(`the setting ${name} that breaks its rule is refused by its name`, async () => {
    const environment = { ...database.environment, [name]: value }
    const ending = await runServerProcess({ environment })
    expectRefusal(ending, new RegExp(`^clientele: ${name} `))
    expect(ending.stderr).not.toContain('hunter2')
  })
}

// Only there a database is somewhere else.
if (engine === 'postgresql') {
  describe('a database that cannot be used is named in one line, without the password', () => {
    const cases: [string, (url: URL) => void, RegExp][] = [
      ['nobody listens', (url) => Object.assign(url, { port: '1' }), /does not answer/],
      ['the role is unknown', (url) => Object.assign(url, { username: 'stranger' }), /stranger/],
      ['there is no such database', (url) => Object.assign(url, { pathname: '/none' }), /none/],
    ]
    test.each(cases)('%s', async (_, change, line) => {
      const url = new URL(database.environment['DATABASE_URL'] ?? '')
      url.password = 'hunter2'
      change(url)
      const environment = { ...database.environment, DATABASE_URL: url.href }
      const ending = await runServerProcess({ environment })
      expectRefusal(ending, line)
      expect(`${ending.stdout}${ending.stderr}`).not.toContain('hunter2')
    })
  })

  test('two servers on one database work side by side', async () => {
    const { environment } = database
    server = await startServerProcess({ environment })
    const other = await startServerProcess({ environment })
    try {
      const headers = { authorization: `Bearer ${server.key}` }
      const answers = [server, other].map(({ url }) =>
        fetch(`${url}/payouts/customers`, { headers }).then((answer) => answer.status),
      )
      expect(await Promise.all(answers)).toEqual([200, 200])
      expect(other.key).toBeNull()
    } finally {
      await other.remove()
    }
  })
}
