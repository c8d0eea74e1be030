// Owns the tests of /metrics, on a whole server: what is counted, and that no value is told.
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { insertJob } from '../storage/job-queue.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const customer = { type: 'individual', name: 'Metrica Canary', country: 'AR' }

/** The text, by the name and labels of each sample. */
async function scrape(url = server.url): Promise<{ text: string; samples: Map<string, number> }> {
  const answer = await fetch(`${url}/metrics`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const text = await answer.text()
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const samples = lines.map((line): [string, number] => {
    const end = line.lastIndexOf(' ')
    return [line.slice(0, end), Number(line.slice(end + 1))]
  })
  return { text, samples: new Map(samples) }
}

const countOf = (method: string, route: string, status: number) =>
  `clientele_http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`

test('requests are counted by method, status and the template of their route', async () => {
  const before = (await scrape()).samples
  const made = await server.call('POST', '/payouts/customers', { body: customer })
  const path = `/payouts/customers/${made.json.customerId}`
  for (let count = 0; count < 3; count += 1) await server.call('GET', path)
  await server.call('GET', path, { key: null })
  const { samples } = await scrape()
  const added = (name: string) => (samples.get(name) ?? 0) - (before.get(name) ?? 0)
  expect(added(countOf('POST', '/payouts/customers', 201))).toBe(1)
  expect(added(countOf('GET', '/payouts/customers/:customerId', 200))).toBe(3)
  expect(added(countOf('GET', '/payouts/customers/:customerId', 401))).toBe(1)
})

test('no id, key, query, name or address of a request is told', async () => {
  const made = await server.call('POST', '/payouts/customers', { body: customer })
  const { customerId } = made.json
  await server.call('GET', `/payouts/customers/${customerId}`)
  await server.call('GET', '/payouts/customers?search=Metrica')
  await server.call('GET', '/payouts/nothing-here-canary')
  await fetch(`${server.url}/nothing-there-canary?email=metrica@example.com`)
  const { text, samples } = await scrape()
  expect(text).not.toMatch(/metrica|canary|cust_|sk_test|127\.0\.0\.1/i)
  expect(text).not.toContain(customerId)
  expect(samples.get(countOf('GET', '(none)', 404))).toBe(2)
})

test('jobs are counted by kind and status over all apps, and only while they are there', async () => {
  const { system, testApp, liveApp } = server
  const waiting = 'clientele_jobs{kind="test count",status="waiting"}'
  const add = (appId: string, n: number) =>
    system.database.transaction(async (db) => {
      for (let count = 0; count < n; count += 1) {
        const now = system.clock.now()
        const job = { appId, id: v7(), kind: 'test count', subjectId: appId }
        await insertJob(db, { ...job, runAt: now + 1_000_000, createdAt: now }).execute()
      }
    })
  await add(testApp.id, 2)
  await add(liveApp.id, 3)
  expect((await scrape()).samples.get(waiting)).toBe(5)
  await system.database.transaction((db) =>
    db.deleteFrom('jobs').where('kind', '=', 'test count').execute(),
  )
  expect((await scrape()).samples.has(waiting)).toBe(false)
})

test('it tells whether the server is ready, and how the process is', async () => {
  const { samples } = await scrape()
  expect(samples.get('clientele_ready')).toBe(1)
  expect([...samples.keys()].filter((name) => name.startsWith('clientele_not_ready'))).toEqual([])
  expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
  expect(samples.has('nodejs_eventloop_lag_p99_seconds')).toBe(true)
})
