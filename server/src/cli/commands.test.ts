// Owns the tests of the commands on a database that a server has left.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createTestDatabase,
  startTestServer,
  type TestDatabase,
  type TestServer,
} from '../../../test/harness.ts'
import { holdCustomer } from '../core/customer/customer-service.ts'
import { listEvents } from '../core/events/event-service.ts'
import { parseId, printId } from '../lib/id.ts'
import { documentOf, runInProcess } from './test-process.ts'

let database: TestDatabase
let testAppId: string
let liveAppId: string
/** Payouts of the live app, whose rail is an operator. */
let payoutIds: string[]

beforeAll(async () => {
  database = await createTestDatabase()
  const server = await startTestServer({}, database)
  testAppId = printId('app', server.testApp.id)
  liveAppId = printId('app', server.liveApp.id)
  payoutIds = await createPayouts(server, 4)
  await server.stop()
})
afterAll(() => database.remove())

async function createPayouts(server: TestServer, count: number): Promise<string[]> {
  const key = await server.createKey(server.liveApp)
  const customer = await server.call('POST', '/payouts/customers', {
    key,
    body: { type: 'individual', name: 'Ana', country: 'AR' },
  })
  const body = {
    amount: '5000.00',
    currency: 'ARS',
    destinationCbu: '0070327530004025541644',
    customerId: customer.json.customerId,
  }
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const headers = { 'idempotency-key': `payout ${index}` }
    ids.push((await server.call('POST', '/payouts/payouts', { key, headers, body })).json.id)
  }
  return ids
}

const run = (...args: string[]) => runInProcess(args, database.environment)
const runJson = async (...args: string[]) => documentOf(await run(...args, '--json'))

async function refusalOf(...args: string[]): Promise<string> {
  const ended = await run(...args, '--json')
  expect(ended.code).toBe(1)
  return (documentOf(ended)['error'] as { code: string }).code
}

/** Works on the database as a server would, between two commands. */
async function withServer<T>(work: (server: TestServer) => Promise<T>): Promise<T> {
  const server = await startTestServer({}, database)
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

const anyTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

describe('apps list', () => {
  test('shows the ids that the other commands take', async () => {
    expect(await runJson('apps', 'list')).toEqual({
      apps: [
        { id: testAppId, mode: 'test', name: 'First merchant', createdAt: anyTime, ...merchant },
        { id: liveAppId, mode: 'live', name: 'First merchant', createdAt: anyTime, ...merchant },
      ],
    })
    const { code, out } = await run('apps', 'list')
    expect(code).toBe(0)
    expect(out).toContain(`${testAppId}  test  First merchant`)
  })
  const merchant = { merchantId: expect.stringMatching(/^mer_/) }
})

describe('keys', () => {
  test('a key that was made works with its scopes, and its secret is not shown again', async () => {
    const made = await runJson(
      ...['keys', 'create', '--app', testAppId, '--name', 'reader'],
      ...['--scope', 'payouts:read'],
    )
    const secret = String(made['secret'])
    expect(made).toEqual({
      key: {
        id: expect.stringMatching(/^key_/),
        name: 'reader',
        last4: secret.slice(-4),
        scopes: ['payouts:read'],
        isOperator: false,
        createdAt: anyTime,
        expiresAt: null,
        lastUsedAt: null,
        revokedAt: null,
        previousSecretEndsAt: null,
      },
      secret: expect.stringMatching(/^sk_test_\w{49}$/),
    })
    const listed = await run('keys', 'list', '--app', testAppId, '--json')
    expect(documentOf(listed)['keys']).toContainEqual(made['key'])
    expect(listed.out).not.toContain(secret.slice(0, -4))
    await withServer(async (server) => {
      const get = await server.call('GET', '/payouts/customers', { key: secret })
      expect(get.status).toBe(200)
      const post = await server.call('POST', '/payouts/customers', { key: secret, body: {} })
      expect(post.status).toBe(403)
    })
  })

  test('without --scope a key has every scope of its app', async () => {
    const made = await runJson('keys', 'create', '--app', liveAppId, '--name', 'all')
    expect(made).toMatchObject({ key: { scopes: ['*'] } })
    expect(made['secret']).toMatch(/^sk_live_/)
  })

  test('a revoked key is refused, whatever spelling its id had', async () => {
    const made = await runJson('keys', 'create', '--app', testAppId, '--name', 'short-lived')
    const { id } = made['key'] as { id: string }
    const uuid = parseId('key', id) ?? ''
    const revoked = await run('keys', 'revoke', uuid, '--app', testAppId)
    expect(revoked).toEqual({ code: 0, out: `Key ${id} is revoked\n`, error: '' })
    await withServer(async (server) => {
      const answer = await server.call('GET', '/payouts/customers', { key: String(made['secret']) })
      expect(answer.status).toBe(401)
    })
  })

  test('a key that ends, and an operator key, say so', async () => {
    const before = Date.now()
    const made = await runJson(
      ...['keys', 'create', '--app', liveAppId, '--name', 'watch'],
      ...['--expires-in', '12h', '--operator'],
    )
    const key = made['key'] as { expiresAt: string; isOperator: boolean }
    expect(key.isOperator).toBe(true)
    const lasts = Date.parse(key.expiresAt) - before
    expect(lasts).toBeGreaterThanOrEqual(12 * 60 * 60_000 - 1_000)
    expect(lasts).toBeLessThan(12 * 60 * 60_000 + 60_000)
  })

  test('a rotated key works with both secrets, and without an overlap with the new one', async () => {
    const made = await runJson('keys', 'create', '--app', testAppId, '--name', 'turning')
    const { id } = made['key'] as { id: string }
    const kept = await runJson('keys', 'rotate', id, '--app', testAppId)
    expect(kept['key']).toMatchObject({ id, previousSecretEndsAt: anyTime })
    await withServer(async (server) => {
      for (const key of [String(made['secret']), String(kept['secret'])]) {
        expect((await server.call('GET', '/payouts/customers', { key })).status).toBe(200)
      }
    })
    const last = await runJson('keys', 'rotate', id, '--app', testAppId, '--overlap', '0s')
    expect(last['key']).toMatchObject({ id, previousSecretEndsAt: null })
    await withServer(async (server) => {
      const status = async (key: unknown) =>
        (await server.call('GET', '/payouts/customers', { key: String(key) })).status
      expect(await status(kept['secret'])).toBe(401)
      expect(await status(last['secret'])).toBe(200)
    })
  })

  test("another app's key and a text that is no id look missing", async () => {
    const made = await runJson('keys', 'create', '--app', testAppId, '--name', 'theirs')
    const { id } = made['key'] as { id: string }
    expect(await refusalOf('keys', 'revoke', id, '--app', liveAppId)).toBe('key_not_found')
    expect(await refusalOf('keys', 'revoke', 'nonsense', '--app', testAppId)).toBe('key_not_found')
    expect(await refusalOf('keys', 'list', '--app', 'app_nonsense')).toBe('app_not_found')
  })
})

describe('payouts', () => {
  test('an operator completes a payout, and the history names the operator', async () => {
    const [id = ''] = payoutIds
    const result = await runJson('payouts', 'complete', id, '--app', liveAppId)
    const payout = { id, status: 'completed', errorMessage: null, completedAt: anyTime }
    expect(result).toEqual({ payout })
    await withServer(async (server) => {
      const context = server.contextOf(server.liveApp)
      const { customer_id: customerId } = await server.system.db
        .selectFrom('customers')
        .select('id as customer_id')
        .executeTakeFirstOrThrow()
      const { dataKey } = await server.system.database.transaction((db) =>
        holdCustomer({ ...context, db }, customerId),
      )
      const events = await listEvents(context, { customerId, dataKey, afterVersion: 0 })
      const completed = events.filter(({ type }) => type === 'customer.payout.completed')
      expect(completed.map(({ actor }) => actor)).toEqual(['operator:cli'])
    })
    expect(await refusalOf('payouts', 'complete', id, '--app', liveAppId)).toBe(
      'payout_status_refused',
    )
  })

  test('an operator fails a payout with a reason, by its plain UUID too', async () => {
    const [, id = ''] = payoutIds
    const uuid = parseId('payout', id) ?? ''
    const { code, out } = await run(
      ...['payouts', 'fail', uuid, '--app', liveAppId, '--reason', 'account closed'],
    )
    expect({ code, out }).toEqual({ code: 0, out: `Payout ${id} is failed: account closed\n` })
  })

  test('an unknown payout and a payout of another rail are refused', async () => {
    const [, , id = ''] = payoutIds
    const missing = printId('payout', '01900000-0000-7000-8000-000000000000')
    expect(await refusalOf('payouts', 'complete', missing, '--app', liveAppId)).toBe(
      'payout_not_found',
    )
    expect(await refusalOf('payouts', 'complete', id, '--app', testAppId)).toBe('rail_is_automatic')
  })
})

describe('verify', () => {
  test('says how much is whole, and ends with 0', async () => {
    expect(await runJson('verify')).toEqual({
      isWhole: true,
      apps: 2,
      customers: 1,
      events: 7,
      durationMs: expect.any(Number),
      checkpointAt: null,
      broken: null,
    })
    const { out } = await run('verify', '--app', testAppId)
    expect(out).toMatch(/^Whole: 0 events of 0 customers in 1 app, \d+\.\d s\n$/)
  })

  test('names the first broken link, and ends with 1', async () => {
    const customer = await withServer(async ({ system }) => {
      await system.database.transaction((db) =>
        db.updateTable('events').set({ actor: 'nobody' }).where('version', '=', 3).execute(),
      )
      return system.db.selectFrom('customers').select('id').executeTakeFirstOrThrow()
    })
    const customerId = printId('customer', customer.id)
    const { code, out } = await run('verify')
    expect(code).toBe(1)
    expect(out).toContain('Broken: its hash differs')
    expect(out).toContain(`  app       ${liveAppId}\n  customer  ${customerId}\n  version   3\n`)
    const ended = await run('verify', '--json')
    expect(ended.code).toBe(1)
    expect(documentOf(ended)).toMatchObject({
      isWhole: false,
      broken: { appId: liveAppId, customerId, version: 3, problem: 'hash_differs' },
    })
    expect((await run('verify', '--app', testAppId)).code).toBe(0)
  })
})
