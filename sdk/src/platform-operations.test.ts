// Owns the proof that the platform client has a method for every operation, and sends that one.
import { describe, expect, test } from 'vitest'
import { NoContent } from '../../server/src/http/operation.ts'
import { platformSurface } from '../../server/src/surfaces/platform/surface.ts'
import { createPlatformClient, type PlatformClient, type Result } from './index.ts'

const { operations } = platformSurface

interface Example {
  call(platform: PlatformClient): PromiseLike<Result<unknown>>
  query?: Record<string, string>
  body?: object
}

const id = 'a/1'
const other = 'b?2'
const reason = 'In order.'
const page = { limit: 2, cursor: 'c' }
const pageQuery = { limit: '2', cursor: 'c' }
const endpoint = { url: 'https://example.com/hooks', events: ['*'] }
const newKey = { name: 'Back office', scopes: ['platform:read'] }
const replay = { from: '2026-02-25T12:00:00Z', with_delivered: true }

/** One call of each method, by the operation that it is. */
const examples: Record<string, Example> = {
  createCustomer: {
    call: ({ customers }) => customers.create({ kind: 'individual', name: 'Ada' }),
    body: { kind: 'individual', name: 'Ada' },
  },
  getCustomer: {
    call: ({ customers }) => customers.retrieve(id, { include: ['wallets', 'payouts'] }),
    query: { include: 'wallets,payouts' },
  },
  updateCustomer: {
    call: ({ customers }) => customers.update(id, { email: null }, { ifMatch: 3 }),
    body: { email: null },
  },
  listCustomers: {
    call: ({ customers }) =>
      customers.list({ kind: 'business', metadata: { 'my plan': 'gold' }, include: ['wallets'] }),
    query: { kind: 'business', 'metadata[my plan]': 'gold', include: 'wallets' },
  },
  searchCustomers: {
    call: ({ customers }) => customers.search({ q: 'ada', include: ['wallets', 'payouts'] }),
    body: { q: 'ada', include: 'wallets,payouts' },
  },
  getEligibility: {
    call: ({ customers }) => customers.eligibility(id, { action: 'payout', amount: '1.00' }),
    query: { action: 'payout', amount: '1.00' },
  },
  listCustomerEvents: { call: ({ customers }) => customers.events(id, page), query: pageQuery },
  proveCustomer: {
    call: ({ customers }) => customers.proof(id, { after_version: 2 }),
    query: { after_version: '2' },
  },
  listRegistrations: { call: ({ customers }) => customers.registrations(id) },
  moveRegistration: {
    call: ({ customers }) => customers.moveRegistration(id, other, { status: 'cancelled', reason }),
    body: { status: 'cancelled', reason },
  },
  moveCustomerStatus: {
    call: ({ customers }) => customers.moveStatus(id, { status: 'FROZEN', reason }),
    body: { status: 'FROZEN', reason },
  },
  readEvents: { call: ({ events }) => events.list(page), query: pageQuery },
  listApps: { call: ({ apps }) => apps.list() },
  listKeys: { call: ({ keys }) => keys.list(page), query: pageQuery },
  createKey: { call: ({ keys }) => keys.create(newKey), body: newKey },
  rotateKey: {
    call: ({ keys }) => keys.rotate(id, { overlap_seconds: 60 }),
    body: { overlap_seconds: 60 },
  },
  revokeKey: { call: ({ keys }) => keys.revoke(id) },
  listConnections: { call: ({ connections }) => connections.list() },
  getConnection: { call: ({ connections }) => connections.retrieve('bridge') },
  setConnection: {
    call: ({ connections }) => connections.save('bridge', { credentials: { api_key: 'k' } }),
    body: { credentials: { api_key: 'k' } },
  },
  checkConnection: { call: ({ connections }) => connections.test('bridge') },
  removeConnection: { call: ({ connections }) => connections.remove('bridge') },
  getPayout: { call: ({ payouts }) => payouts.retrieve(id) },
  recordPayoutOutcome: {
    call: ({ payouts }) => payouts.recordOutcome(id, { outcome: 'failed', reason }),
    body: { outcome: 'failed', reason },
  },
  recordPayoutOutcomes: {
    call: ({ payouts }) => payouts.recordOutcomes('po_1,completed,', { dry_run: true }),
    query: { dry_run: 'true' },
  },
  listApplications: {
    call: ({ applications }) => applications.list({ status: 'SUBMITTED', ...page }),
    query: { status: 'SUBMITTED', ...pageQuery },
  },
  getApplication: { call: ({ applications }) => applications.retrieve(id) },
  downloadApplicationDocument: {
    call: ({ applications }) => applications.downloadDocument(id, other),
  },
  decideApplication: {
    call: ({ applications }) => applications.decide(id, { decision: 'reject', reason }),
    body: { decision: 'reject', reason },
  },
  getStatusMachines: { call: ({ statusMachines }) => statusMachines.list() },
  createWebhookEndpoint: {
    call: ({ webhookEndpoints }) => webhookEndpoints.create(endpoint),
    body: endpoint,
  },
  listWebhookEndpoints: { call: ({ webhookEndpoints }) => webhookEndpoints.list() },
  getWebhookEndpoint: { call: ({ webhookEndpoints }) => webhookEndpoints.retrieve(id) },
  updateWebhookEndpoint: {
    call: ({ webhookEndpoints }) => webhookEndpoints.update(id, { status: 'disabled' }),
    body: { status: 'disabled' },
  },
  rotateWebhookSecret: { call: ({ webhookEndpoints }) => webhookEndpoints.rotateSecret(id) },
  removeWebhookEndpoint: { call: ({ webhookEndpoints }) => webhookEndpoints.remove(id) },
  tryWebhookEndpoint: { call: ({ webhookEndpoints }) => webhookEndpoints.test(id) },
  listDeliveries: {
    call: ({ webhookEndpoints }) => webhookEndpoints.listDeliveries(id, page),
    query: pageQuery,
  },
  replayDelivery: { call: ({ webhookEndpoints }) => webhookEndpoints.replayDelivery(id, other) },
  replayDeliveries: {
    call: ({ webhookEndpoints }) => webhookEndpoints.replay(id, replay),
    body: replay,
  },
}

/** A client whose requests are noted, and answered as the operation would. */
function notingClient(operationId: string) {
  const { returns } = operationOf(operationId)
  const requests: { url: URL; init: RequestInit }[] = []
  const answer = { data: [], has_more: false, next_cursor: null }
  const body = returns.schema === NoContent ? null : JSON.stringify(answer)
  const platform = createPlatformClient({
    apiKey: 'sk_test_1',
    baseUrl: 'http://127.0.0.1:9/v1',
    fetch: async (url, init = {}) => {
      requests.push({ url: new URL(String(url)), init })
      return new Response(body, { status: returns.status })
    },
  })
  return { platform, requests }
}

function operationOf(operationId: string) {
  const found = operations.find((operation) => operation.id === operationId)
  if (!found) throw new Error(`the surface has no ${operationId}`)
  return found
}

test('there is an example for each operation, and for nothing else', () => {
  expect(Object.keys(examples).sort()).toEqual(operations.map((operation) => operation.id).sort())
})

describe.each(operations.map((operation) => operation.id))('%s', (operationId) => {
  test('is sent by its method, with everything that was given', async () => {
    const { call, query = {}, body } = examples[operationId] ?? { call: () => Promise.reject() }
    const { platform, requests } = notingClient(operationId)
    expect(await call(platform)).toMatchObject({ ok: true })
    const operation = operationOf(operationId)
    const [{ url, init } = { url: null, init: {} }] = requests
    const path = operation.path
      .replace('{id}', 'a%2F1')
      .replace('{provider}', 'bridge')
      .replace(/\{\w+_id\}/, 'b%3F2')
    expect([init.method, url?.pathname]).toEqual([operation.method, `/v1${path}`])
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual(query)
    const sent = new Headers(init.headers)
    if (operation.upload) {
      expect(sent.get('content-type')).toMatch(/^multipart\/form-data; boundary=/)
    } else {
      const given = body ?? (operation.body ? {} : undefined)
      expect(init.body === undefined ? undefined : JSON.parse(String(init.body))).toEqual(given)
    }
    expect(sent.get('if-match')).toBe(operation.takesIfMatch ? '"3"' : null)
    expect(sent.has('idempotency-key')).toBe(operation.scope === 'platform:write')
    expect(requests).toHaveLength(1)
  })
})

test('no method is without an operation', async () => {
  const called = new Set<string>()
  for (const [operationId, { call }] of Object.entries(examples)) {
    const { platform } = notingClient(operationId)
    const groups = Object.entries(platform).map(([group, methods]) => [
      group,
      new Proxy(methods, {
        get(target, name) {
          called.add(`${group}.${String(name)}`)
          return Reflect.get(target, name)
        },
      }),
    ])
    await call(Object.fromEntries(groups))
  }
  const methods = Object.entries(notingClient('listApps').platform).flatMap(([group, own]) =>
    Object.keys(own).map((name) => `${group}.${name}`),
  )
  // The reader walks the pages of the feed.
  expect(methods.filter((name) => !called.has(name))).toEqual(['events.read'])
})
