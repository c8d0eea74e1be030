// Owns the promise that a key which may not see personal data sees none of it (P35, second half).
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Operation } from '../server/src/http/operation.ts'
import { platformSurface } from '../server/src/surfaces/platform/surface.ts'
import { facetNames } from '../server/src/surfaces/platform/wire-facets.ts'
import { findMarkers } from './crash/canaries.ts'
import { type ExampleRequest, exampleOf, type Ids, prepareIds, send } from './example-requests.ts'
import { type Answer, startTestServer, type TestServer } from './harness.ts'
import { createMarkers, dates } from './personal-markers.ts'
import { makePersonalRecords, type PersonalRecords } from './personal-records.ts'
import { runs, runsMsMax } from './runs.ts'

let server: TestServer
/** By what it may do. */
let keys: { masked: string; writing: string; clear: string }
beforeAll(async () => {
  server = await startTestServer()
  const keyOf = (...scopes: string[]) => server.createKey(server.testApp, scopes)
  keys = {
    masked: await keyOf('platform:read_masked', 'platform:write'),
    writing: await keyOf('platform:write'),
    clear: await keyOf('platform:read', 'platform:write'),
  }
})
afterAll(() => server?.close())

interface Request {
  operation: Operation
  example: ExampleRequest
}

const operationOf = (id: string): Operation => {
  const found = platformSurface.operations.find((operation) => operation.id === id)
  if (!found) throw new Error(`the platform surface has no ${id}`)
  return found
}

/** What a key that sees no personal data may not do at all. */
const refused = new Set([
  'downloadApplicationDocument',
  'setConnection',
  'createWebhookEndpoint',
  'updateWebhookEndpoint',
])

const include = facetNames.join(',')

/** Beside one example for each operation: whatever else shows something personal. */
function requestsFor(records: PersonalRecords, ids: Ids): Request[] {
  const ask = (id: string, example: ExampleRequest = {}) => ({
    operation: operationOf(id),
    example,
  })
  const { customers, applications, payouts, documentOf, waitingId, registrationId } = records
  const { applicationId, documentId } = documentOf
  const last = customers.at(-1) ?? ''
  const examples = platformSurface.operations
    .filter(({ id }) => id !== 'decideApplication' && !id.endsWith('Customers'))
    .map((operation) => ({ operation, example: exampleOf(platformSurface, operation, ids) }))
  const reason = 'Known by telephone'
  const ifMatch = { 'if-match': '*' }
  return [
    ...customers.flatMap((id) => [
      ask('getCustomer', { params: { id } }),
      ask('getCustomer', { params: { id }, query: { as_of: '1' } }),
      ask('getEligibility', { params: { id } }),
      ask('listRegistrations', { params: { id } }),
      ask('listCustomerEvents', { params: { id }, query: { limit: '200' } }),
      ask('updateCustomer', { params: { id }, headers: ifMatch, body: { metadata: { id } } }),
      ask('updateCustomer', { params: { id }, headers: { 'if-match': '"1"' }, body: {} }),
    ]),
    ask('listCustomers', { query: { include, limit: '100' } }),
    ask('searchCustomers', { body: { email: records.email, include } }),
    ask('listApplications', {}),
    ...applications.map((id) => ask('getApplication', { params: { id } })),
    ...payouts.map((id) => ask('getPayout', { params: { id } })),
    ask('moveRegistration', {
      params: { id: last, registration_id: registrationId },
      body: { status: 'cancelled', reason },
    }),
    ask('decideApplication', {
      params: { id: waitingId },
      body: { decision: 'reject', reason },
    }),
    ...examples,
    ask('downloadApplicationDocument', { params: { id: applicationId, document_id: documentId } }),
  ]
}

interface Reply {
  request: Request
  answer: Answer
}

/** The feed to its end, and each request in turn; writes by the keys of `once`. */
async function askAll(key: string, requests: Request[], once: string): Promise<Reply[]> {
  const replies: Reply[] = []
  const ask = async (request: Request, index: number) => {
    const { operation, example } = request
    // What has secrets of keys is repeated by the key that asked for it alone.
    const asker = operation.changesKeys ? key.slice(-8) : ''
    const headers =
      operation.method === 'GET'
        ? {}
        : { 'idempotency-key': `${once}-${index}${asker}`, ...example.headers }
    const target = { surface: platformSurface, operation, key }
    const answer = await send(server, target, { ...example, headers })
    replies.push({ request, answer })
    return answer
  }
  for (const [index, request] of requests.entries()) await ask(request, index)
  let query: Record<string, string> = { limit: '200' }
  for (;;) {
    const { json } = await ask({ operation: operationOf('readEvents'), example: { query } }, 0)
    if (!json.has_more) return replies
    query = { ...query, cursor: json.next_cursor }
  }
}

function bytesOf({ answer }: Reply): Buffer {
  return Buffer.from(JSON.stringify([...answer.headers]) + answer.text)
}

/** Which the orchestration surface alone hands out. */
const unseen = ['file text']

const wanted = runs({ few: 60, full: 1_000 })

test(
  `of ${wanted} replies to a key without platform:read none has a personal value`,
  async () => {
    let count = 0
    for (let round = 0; count < wanted; round += 1) {
      const markers = createMarkers()
      const records = await makePersonalRecords(server, markers)
      const ids = await prepareIds(server, platformSurface, server.key)
      const values = { ...markers.all, ...dates }
      const requests = requestsFor(records, ids)
      const [ends, others] = [requests.filter(isEnd), requests.filter((one) => !isEnd(one))]
      // The one that may not see asks first, and then has its own request answered to the other.
      const masked = await askAll(keys.masked, others, `round-${round}`)
      const clear = await askAll(keys.clear, others, `round-${round}`)
      const again = await askAll(keys.masked, others, `round-${round}`)
      const ended = await askAll(keys.masked, ends, `end-${round}`)
      for (const reply of [...masked, ...again, ...ended]) {
        const { operation } = reply.request
        expect([operation.id, findMarkers(bytesOf(reply), values)]).toEqual([operation.id, []])
      }
      const shown = new Set(clear.flatMap((reply) => findMarkers(bytesOf(reply), values)))
      expect(Object.keys(values).filter((kind) => !shown.has(kind))).toEqual(unseen)
      const expected = others.map(({ operation: { id, returns } }, index) => {
        const { status } = clear[index]?.answer ?? {}
        expect([id, status]).toEqual([id, status === 412 ? 412 : returns.status])
        return refused.has(id) ? [id, 403] : [id, status]
      })
      for (const replies of [masked, again]) {
        const told = replies.slice(0, others.length)
        expect(told.map(({ request, answer }) => [request.operation.id, answer.status])).toEqual(
          expected,
        )
      }
      count += masked.length + again.length + ended.length
    }
    expect(count).toBeGreaterThanOrEqual(wanted)
  },
  runsMsMax,
)

/** What it was about is not there for the next one that asks. */
function isEnd({ operation }: Request): boolean {
  return /^(?:remove|revoke)/.test(operation.id)
}

describe('what is masked', () => {
  const body = {
    kind: 'individual',
    name: 'Ada',
    email: 'ada.masked@example.com',
    phone: '+5513991234567',
    document: { type: 'passport', number: 'AB-1', country: 'BR' },
    country: 'BR',
    external_id: 'user-1',
    metadata: { plan: 'gold', since: 2019 },
  }

  test('keeps its form, its ids, and the end of a long number', async () => {
    const key = keys.writing
    const created = await server.call('POST', '/v1/customers', { key, body })
    expect(created.json).toMatchObject({
      ...body,
      name: '***',
      phone: '***4567',
      document: { type: 'passport', number: '***', country: 'BR' },
      email: '***',
      address: null,
      metadata: { plan: '***', since: '***' },
    })
    expect(created.headers.get('etag')).toBe('"1"')
    const path = `/v1/customers/${created.json.id}`
    expect((await server.call('GET', path, { key })).status).toBe(403)
    const seen = await server.call('GET', `${path}?include=`)
    expect(seen.json).toMatchObject(body)
    expect(Object.keys(created.json)).toEqual(Object.keys(seen.json))
    const events = await server.call('GET', `${path}/events`, { key: keys.masked })
    expect(events.json.data[0].changes).toMatchObject({
      kind: 'individual',
      country: 'BR',
      externalId: 'user-1',
      name: '***',
      phone: '***',
      metadata: { plan: '***', since: '***' },
      email: '***',
      address: null,
    })
  })

  test('a whole address finds whom it belongs to', async () => {
    const { json } = await server.call('POST', '/v1/customers/search', {
      key: keys.masked,
      body: { email: body.email },
    })
    expect(json.data).toHaveLength(1)
    expect(json.data[0]).toMatchObject({ external_id: 'user-1', phone: '***4567' })
  })

  test('is shown by every scope, and by the one in clear beside the other', async () => {
    const path = '/v1/customers?external_id=user-1'
    expect((await server.call('GET', path)).json.data[0].name).toBe('Ada')
    const both = await server.createKey(server.testApp, ['platform:read', 'platform:read_masked'])
    expect((await server.call('GET', path, { key: both })).json.data[0].name).toBe('Ada')
  })
})
