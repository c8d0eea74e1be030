// Owns the proof of what is refused to a key that sees no personal data: no mask would help (P35).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './harness.ts'

let server: TestServer
/** By what it may do. */
let keys: { masked: string; clear: string }
beforeAll(async () => {
  server = await startTestServer()
  const keyOf = (...scopes: string[]) => server.createKey(server.testApp, scopes)
  keys = {
    masked: await keyOf('platform:read_masked', 'platform:write'),
    clear: await keyOf('platform:read', 'platform:write'),
  }
})
afterAll(() => server?.close())

const name = 'Grace Hopper'
const url = 'https://example.com/hooks'
test.each<[what: string, method: string, path: string, body?: object]>([
  ['words in a query', 'GET', '/v1/customers?q=gra'],
  ['words in a body', 'POST', '/v1/customers/search', { q: 'gra' }],
  ['a phone', 'POST', '/v1/customers/search', { phone: '+5513991234567' }],
  ['a document', 'GET', '/v1/customers?document=AB-1'],
  ['a member of the metadata', 'GET', '/v1/customers?metadata[plan]=gold'],
  ['an endpoint', 'POST', '/v1/webhook-endpoints', { url, events: ['*'] }],
  ['a connection', 'PUT', '/v1/connections/bridge', { credentials: { api_key: 'sk-test-1' } }],
])('%s', async (_what, method, path, body) => {
  const phone = '+5513991234567'
  const document = { type: 'passport', number: 'AB-1', country: 'BR' }
  const found = { kind: 'individual', name, phone, document, metadata: { plan: 'gold' } }
  await server.call('POST', '/v1/customers', { body: found })
  const headers = { 'idempotency-key': method + path + JSON.stringify(body ?? '') }
  const options = body ? { body, headers } : { headers }
  const isClear = path.includes('customers')
  if (isClear) {
    const allowed = await server.call(method, path, { ...options, key: keys.clear })
    expect([allowed.status, allowed.text.includes(name)]).toEqual([200, true])
  }
  // Also where the answer is stored, so that nothing is left to be done.
  const { status, json } = await server.call(method, path, { ...options, key: keys.masked })
  expect([status, json.code]).toEqual([403, 'scope_missing'])
  expect(json.detail).toContain('needs the scope platform:read,')
  expect(json.errors).toHaveLength(1)
})

test('of an endpoint, where it sends what to', async () => {
  const { id } = (
    await server.call('POST', '/v1/webhook-endpoints', { body: { url, events: ['*'] } })
  ).json
  const change = (body: object) =>
    server.call('PATCH', `/v1/webhook-endpoints/${id}`, { key: keys.masked, body })
  expect((await change({ status: 'disabled' })).status).toBe(200)
  expect((await change({ url: 'https://example.com/elsewhere' })).status).toBe(403)
  expect((await change({ events: ['customer.created'] })).status).toBe(403)
  await server.call('PATCH', `/v1/webhook-endpoints/${id}`, { body: { status: 'enabled' } })
  const replay = (body: object) =>
    server.call('POST', `/v1/webhook-endpoints/${id}/replay`, { key: keys.masked, body })
  const from = '2020-01-01T00:00:00Z'
  expect((await replay({ from })).status).toBe(202)
  expect((await replay({ from, with_delivered: true })).status).toBe(403)
})

test('the secret of a stronger key, also to a repeat of the request that made it', async () => {
  const headers = { 'idempotency-key': 'back office' }
  const body = { name: 'Back office', scopes: ['*'] }
  const made = await server.call('POST', '/v1/keys', { body, headers })
  const again = await server.call('POST', '/v1/keys', { body, headers })
  expect([made.status, again.text]).toEqual([201, made.text])
  const other = await server.call('POST', '/v1/keys', { body, headers, key: keys.masked })
  expect([other.status, other.json.code]).toEqual([409, 'idempotency_key_reused'])
})

test('bytes', async () => {
  const path = '/v1/applications/appl_01h455vb4pex5vsknk084sn02q/documents/doc_1'
  const { status, json } = await server.call('GET', path, { key: keys.masked })
  expect([status, json.code]).toEqual([403, 'scope_missing'])
  expect(json.detail).toContain('the scope platform:read.')
})

test('reading and writing, to a key of another surface', async () => {
  const key = await server.createKey(server.testApp, ['payouts:read', 'payouts:write'])
  for (const [method, scope] of [
    ['GET', 'platform:read'],
    ['POST', 'platform:write'],
  ] as const) {
    const answer = await server.call(method, '/v1/customers', { key })
    expect([answer.status, answer.json.code]).toEqual([403, 'scope_missing'])
    expect(answer.json.detail).toContain(`the scope ${scope}.`)
  }
})
