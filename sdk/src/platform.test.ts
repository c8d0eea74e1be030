// Owns the proof that the platform client and the real server mean the same by a customer.
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { startTestServer, type TestServer } from '../../test/harness.ts'
import {
  ApiError,
  ArgumentError,
  createPlatformClient,
  type Platform,
  type PlatformClient,
  type Result,
} from './index.ts'
import { refusalOf, shortOf, unwrap } from './testing/results.ts'

let server: TestServer
let platform: PlatformClient
const optionsOf = (apiKey: string) => ({ apiKey, baseUrl: `${server.url}/v1` })
beforeAll(async () => {
  server = await startTestServer()
  platform = createPlatformClient(optionsOf(server.key))
})
afterAll(() => server.close())

const ada: Platform.NewCustomer = {
  kind: 'individual',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  country: 'GB',
  metadata: { plan: 'gold' },
}
const create = async (more: Partial<Platform.NewCustomer> = {}) =>
  unwrap(await platform.customers.create({ ...ada, ...more }))

describe('a customer', () => {
  test('is created, read with the facets that are asked for, and as it was', async () => {
    const made = await create({ external_id: 'user-1' })
    expect(made).toMatchObject({ ...ada, version: 1, external_id: 'user-1', banking_status: null })
    const { wallets, payouts, ...record } = unwrap(
      await platform.customers.retrieve(made.id, { include: ['wallets', 'payouts'] }),
    )
    expect([record, wallets, payouts]).toEqual([made, [], []])
    expect(unwrap(await platform.customers.retrieve(made.id, { include: [] }))).toEqual(made)
    const whole = unwrap(await platform.customers.retrieve(made.id))
    expect(whole.activity).toMatchObject({ payment_intents: 0, invoices: 0, subscriptions: 0 })
    const changed = unwrap(
      await platform.customers.update(made.id, { country: 'FR' }, { ifMatch: made.version }),
    )
    expect(changed).toEqual({ ...made, country: 'FR', version: 2, updated_at: changed.updated_at })
    expect(unwrap(await platform.customers.retrieve(made.id, { as_of: '1' }))).toEqual(made)
    const tooLate = await platform.customers.retrieve(made.id, { as_of: '3' })
    expect(shortOf(tooLate)).toEqual([404, 'version_not_found'])
  })

  test('is changed upon its version, its ETag or whatever stands', async () => {
    const { id, version } = await create()
    const { headers } = await server.call('GET', `/v1/customers/${id}`)
    expect(headers.get('etag')).toBe(`"${version}"`)
    const change = async (patch: Platform.CustomerPatch, ifMatch: number | string) =>
      unwrap(await platform.customers.update(id, patch, { ifMatch }))
    expect((await change({ email: null }, headers.get('etag') ?? '')).email).toBeNull()
    expect((await change({ metadata: { plan: null, tier: 2 } }, 2)).metadata).toEqual({ tier: 2 })
    expect((await change({ name: 'Ada King' }, '*')).version).toBe(4)
  })

  test('that changed meanwhile is refused with what changed since', async () => {
    const { id } = await create()
    unwrap(await platform.customers.update(id, { country: 'FR' }, { ifMatch: 1 }))
    unwrap(await platform.customers.update(id, { address: { city: 'Paris' } }, { ifMatch: 2 }))
    const stale = refusalOf(await platform.customers.update(id, { country: 'US' }, { ifMatch: 1 }))
    expectTypeOf(stale).toEqualTypeOf<ApiError>()
    const code: Platform.PlatformErrorCode = 'version_stale'
    expect([stale.status, stale.code, stale.param]).toEqual([412, code, 'country'])
    expect(stale.message).toMatch(/^If-Match: the customer is at version 3\./)
    expect(stale.issues).toEqual([
      { param: 'country', message: 'changed with version 2 (customer.updated)' },
      { param: 'address', message: 'changed with version 3 (customer.updated)' },
    ])
    expect(stale.requestId).toMatch(/^req_/)
    const read = unwrap(await platform.customers.retrieve(id, { include: [] }))
    expect(read).toMatchObject({ country: 'FR', version: 3 })
  })

  test('a condition that is none is not sent, and a missing one is told by the server', async () => {
    const { id } = await create()
    for (const ifMatch of [1.5, Number.NaN, '', '"1"\r\nx: y', 'é']) {
      const { error } = (await platform.customers.update(id, {}, { ifMatch })) as never
      expect(error).toBeInstanceOf(ArgumentError)
      expect(error).toMatchObject({ param: 'options.ifMatch' })
    }
    const missing = await platform.customers.update(id, {}, undefined as never)
    expect(shortOf(missing)).toEqual([428, 'version_missing'])
  })

  test('that breaks rules is refused field by field', async () => {
    const body = { ...ada, email: 'nobody', country: 'XX' }
    const refused = refusalOf(await platform.customers.create(body))
    expect([refused.status, refused.code]).toEqual([422, 'field_invalid'])
    expect(refused.issues.map(({ param }) => param)).toContain('email')
    expect(refused.message).not.toContain('nobody')
    await create({ external_id: 'user-taken' })
    const taken = await platform.customers.create({ ...ada, external_id: 'user-taken' })
    expect(shortOf(taken)).toEqual([409, 'external_id_taken'])
  })

  test('is created once under one idempotency key', async () => {
    const options = { idempotencyKey: 'ada-once' }
    const first = unwrap(await platform.customers.create(ada, options))
    expect(unwrap(await platform.customers.create(ada, options))).toEqual(first)
    const other = await platform.customers.create({ ...ada, country: 'FR' }, options)
    expect(shortOf(other)).toEqual([409, 'idempotency_key_reused'])
  })

  test('has a history, proven whole', async () => {
    const { id } = await create()
    unwrap(await platform.customers.update(id, { country: 'FR' }, { ifMatch: 1 }))
    unwrap(await platform.customers.update(id, { country: 'ES' }, { ifMatch: 2 }))
    const facts: object[] = []
    for await (const { type, version, changes } of platform.customers.events(id, { limit: 2 })) {
      facts.push({ type, version, country: changes?.['country'] })
    }
    expect(facts).toEqual([
      { type: 'customer.created', version: 1, country: 'GB' },
      { type: 'customer.updated', version: 2, country: 'FR' },
      { type: 'customer.updated', version: 3, country: 'ES' },
    ])
    const proof = unwrap(await platform.customers.proof(id, { after_version: 1 }))
    expect(proof).toMatchObject({ verified: true, broken: null, has_more: false })
    expect(proof.links.map(({ version }) => version)).toEqual([2, 3])
    const { data } = unwrap(await platform.customers.events(id))
    expect(proof.links.map(({ hash }) => hash)).toEqual(data.slice(1).map(({ hash }) => hash))
    expect(proof.previous_hash).toBe(data[0]?.hash)
  })

  test('is found as soon as it is written, by what the filters say together', async () => {
    const metadata = { 'found by': 'plan' }
    const made: string[] = []
    for (const country of ['GB', 'GB', 'FR']) made.unshift((await create({ country, metadata })).id)
    const walked: string[] = []
    for await (const { id } of platform.customers.list({ metadata, limit: 2 })) walked.push(id)
    expect(walked).toEqual(made)
    const searched: string[] = []
    const search = { metadata, country: 'GB', limit: 1, include: ['wallets'] } as const
    for await (const { id, wallets, payouts } of platform.customers.search(search)) {
      searched.push(id)
      expect([wallets, payouts]).toEqual([[], undefined])
    }
    expect(searched).toEqual(made.slice(1))
    const unknown = await platform.customers.list({ colour: 'red' } as never)
    expect(shortOf(unknown)).toEqual([400, 'query_invalid'])
    expect(shortOf(await platform.customers.search({ cursor: 'nothing' }))).toEqual([
      400,
      'customer_cursor_unknown',
    ])
  })

  test('is told what it may do', async () => {
    const { id } = await create()
    const payout = unwrap(
      await platform.customers.eligibility(id, { action: 'payout', currency: 'ARS' }),
    )
    expect(payout).toMatchObject({ customer_id: id, actions: [{ action: 'payout' }] })
    const all = unwrap(await platform.customers.eligibility(id))
    expect(all.actions.length).toBeGreaterThan(1)
    const refused = await platform.customers.eligibility(id, { action: 'fly' as never })
    expect(refusalOf(refused).status).toBe(400)
  })
})

test('each read and act with an id of nothing is a 404', async () => {
  const { customers } = platform
  const id = 'cust_01h455vb4pex5vsknk084sn02q'
  const reason = 'A test'
  const results: Result<unknown>[] = [
    await customers.retrieve(id),
    await customers.update(id, {}, { ifMatch: '*' }),
    await customers.eligibility(id),
    await customers.events(id),
    await customers.proof(id),
    await customers.registrations(id),
    await customers.moveStatus(id, { status: 'FROZEN', reason }),
    await customers.moveRegistration(id, 'reg_01h455vb4pex5vsknk084sn02q', {
      status: 'cancelled',
      reason,
    }),
  ]
  expect(results.map(shortOf)).toEqual(results.map(() => [404, 'customer_not_found']))
})

test("another app's customer looks missing", async () => {
  const { id } = await create()
  const live = createPlatformClient(optionsOf(await server.createKey(server.liveApp)))
  expect(shortOf(await live.customers.retrieve(id))).toEqual([404, 'customer_not_found'])
})

test('a failing page ends a walk with its error', async () => {
  const walk = async () => {
    for await (const _ of platform.events.list({ cursor: 'nothing' })) throw new Error('an event')
  }
  await expect(walk()).rejects.toBeInstanceOf(ApiError)
  await expect(walk()).rejects.toMatchObject({ status: 400, code: 'event_cursor_unknown' })
})

test.each([
  ['app', { app: '' }],
  ['app', { app: 'app_1\r\nx: y' }],
  ['operator', { operator: 'Gómez' }],
  ['operator', { operator: 'x'.repeat(101) }],
  ['baseUrl', { baseUrl: 'nowhere' }],
  ['apiKey', { apiKey: '' }],
])('an option that cannot be used is named in each result: %s', async (param, more) => {
  const broken = createPlatformClient({ ...optionsOf(server.key), ...more })
  const result = await broken.customers.create(ada)
  expect(result).toMatchObject({ ok: false, error: { name: 'ArgumentError', param } })
})
