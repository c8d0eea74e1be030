// Owns the guarantees of how the sandbox behaves: by the e-mail, by the clock, by its own state.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import type { IdentityFile, RemoteRecord } from '../../core/provider.ts'
import { depositInSandbox } from './sandbox.ts'
import { stateOf } from './sandbox-behaviour.ts'
import { lia, openSandbox, type SandboxBench } from './testing/sandbox-samples.ts'

let server: TestServer
let bench: SandboxBench
beforeAll(async () => {
  server = await startTestServer()
})
beforeEach(() => {
  bench = openSandbox(server)
})
afterAll(() => server.close())

const read = (record: RemoteRecord) => bench.sandbox.read(bench.connection, record)
const asFile = (id: string): IdentityFile => ({
  ...{ id, name: 'rg.png', fileType: 'OTHER', contentType: 'image/png' },
  ...{ bytes: Buffer.from('x'), idempotencyKey: id },
})

const asks = { actionRequired: 'upload_documents', failureReasons: ['A document is missing'] }
const why = 'The sandbox rejects customers whose e-mail asks for it'
const refused = { rejectionReason: why, failureReasons: [why] }
const hourMs = 60 * 60 * 1000

describe('the state', () => {
  test('of a new one has nothing to say but that it is the sandbox', async () => {
    expect(await bench.register()).toEqual({
      remoteId: expect.stringMatching(/^sbx_[0-9a-f]{32}$/),
      status: 'submitted',
      ...{ actionRequired: null, actionUrl: null, rejectionReason: null, failureReasons: [] },
      facts: { sandbox: true },
    })
  })

  test.each<[string, number, object]>([
    ['lia@example.test', 1_000, { status: 'processing', failureReasons: [] }],
    ['lia@example.test', 3_000, { status: 'approved', actionRequired: null }],
    ['lia+reject@example.test', 1_000, { status: 'processing', rejectionReason: null }],
    ['lia+reject@example.test', 3_000, { status: 'rejected', ...refused }],
    ['lia+REJECT@example.test', 3_000, { status: 'rejected', ...refused }],
    ['lia+documents@example.test', 1_000, { status: 'processing', ...asks }],
    ['lia+documents@example.test', 24 * hourMs, { status: 'processing', ...asks }],
    ['lia+slow@example.test', 3_000, { status: 'submitted' }],
    ['lia+slow@example.test', 20 * 60_000, { status: 'processing' }],
    ['lia+slow@example.test', hourMs, { status: 'approved' }],
    ['lia+other@example.test', 3_000, { status: 'approved' }],
    ['lia+reject1@example.test', 3_000, { status: 'approved' }],
    ['reject@example.test', 3_000, { status: 'approved' }],
  ])('of %s is after %i ms %j', async (email, ms, expected) => {
    const record = await bench.registerAs(email)
    server.clock.advance(ms)
    expect(await read(record)).toMatchObject({ remoteId: record.remoteId, ...expected })
  })

  test('turns at the millisecond', () => {
    const at = (behaviour: 'plain' | 'slow', age: number) =>
      stateOf({ behaviour, createdAt: 500, documentsAt: null }, 500 + age).status
    expect([at('plain', 999), at('plain', 1_000)]).toEqual(['submitted', 'processing'])
    expect([at('plain', 2_999), at('plain', 3_000)]).toEqual(['processing', 'approved'])
    expect([at('slow', 1_199_999), at('slow', 1_200_000)]).toEqual(['submitted', 'processing'])
    expect([at('slow', 3_599_999), at('slow', 3_600_000)]).toEqual(['processing', 'approved'])
  })

  test('that waits for documents goes on once one has come, counted from the first', async () => {
    const record = await bench.registerAs('lia+documents@example.test')
    server.clock.advance(hourMs)
    const sent = await bench.sandbox.sendFile(bench.connection, record, asFile('file-1'))
    expect(sent).toEqual({ outcome: 'sent', remoteFileId: 'sandbox_file-1' })
    expect(await read(record)).toMatchObject({ status: 'processing', actionRequired: null })
    server.clock.advance(2_000)
    await bench.sandbox.sendFile(bench.connection, record, asFile('file-2'))
    server.clock.advance(1_000)
    expect(await read(record)).toMatchObject({ status: 'approved', failureReasons: [] })
    expect(await rowsOf(bench)).toMatchObject([{ documents: 2 }])
  })
})

const unreachable = (asked: Promise<unknown>) =>
  expect(asked).rejects.toMatchObject({ definition: { code: 'provider_unavailable' } })

describe('an e-mail that is down', () => {
  test('makes nothing', async () => {
    await unreachable(bench.registerAs('lia+down@example.test'))
    expect(await rowsOf(bench)).toEqual([])
  })

  test('takes no push, whatever else is pushed with it, and nothing of it is kept', async () => {
    const record = await bench.registerAs('lia@example.test')
    const before = await rowsOf(bench)
    const customer = { ...lia, email: 'lia+down@example.test' }
    const push = { customer, fields: ['givenName', 'email'] as const, idempotencyKey: 'p' }
    await unreachable(bench.sandbox.push(bench.connection, record, push))
    expect(await rowsOf(bench)).toEqual(before)
  })

  test('is unreachable for every call, as long as it lasts', async () => {
    const record = await bench.registerAs('lia@example.test')
    const { appId } = bench.connection
    await server.system.database.transaction((db) =>
      db
        .updateTable('sandbox_customers')
        .set({ behaviour: 'down' })
        .where('app_id', '=', appId)
        .execute(),
    )
    const { sandbox, connection } = bench
    const push = { customer: lia, fields: ['email'] as const, idempotencyKey: 'p' }
    await unreachable(sandbox.read(connection, record))
    await unreachable(sandbox.balance(connection, record))
    await unreachable(sandbox.push(connection, record, push))
    await unreachable(sandbox.sendFile(connection, record, asFile('f')))
  })
})

describe('a balance', () => {
  const balanceOf = (record: RemoteRecord) => bench.sandbox.balance(bench.connection, record)
  const deposit = (of: {
    remoteId: string
    currency: string
    available: number
    pending: number
  }) => depositInSandbox(bench.parts, bench.connection, of)
  const none = { available: 0, pending: 0, reserved: 0, instantPayouts: 0 }

  test.each([
    ['BR', 'BRL'],
    ['AR', 'ARS'],
    ['MX', 'MXN'],
    ['CO', 'COP'],
    ['US', 'USD'],
    [null, 'USD'],
  ])('of a new customer from %s is nothing in %s', async (country, currency) => {
    const { remoteId } = await bench.register({ customer: { ...lia, country } })
    expect(await balanceOf({ remoteId, role: 'customer' })).toEqual([
      { accountId: remoteId, totals: [{ currency, ...none }] },
    ])
  })

  test('is what has been deposited, each currency by itself, to the cent', async () => {
    const { remoteId, role } = await bench.registerAs('lia@example.test')
    const other = await bench.registerAs('ana@example.test')
    await deposit({ remoteId, currency: 'BRL', available: 12_345, pending: 5 })
    await deposit({ remoteId, currency: 'BRL', available: -45, pending: 1 })
    await deposit({ remoteId, currency: 'USDC', available: 40_250_000, pending: 0 })
    const brl = { currency: 'BRL', available: 12_300, pending: 6, instantPayouts: 12_300 }
    const usdc = { currency: 'USDC', available: 40_250_000, instantPayouts: 40_250_000 }
    const [account, ...rest] = await balanceOf({ remoteId, role })
    expect([account?.accountId, rest]).toEqual([remoteId, []])
    expect(account?.totals.toSorted((a, b) => a.currency.localeCompare(b.currency))).toEqual([
      { ...none, ...brl },
      { ...none, ...usdc },
    ])
    expect((await balanceOf(other))[0]?.totals).toEqual([{ currency: 'BRL', ...none }])
  })

  test('loses none of ten deposits at once', async () => {
    const { remoteId, role } = await bench.registerAs('lia@example.test')
    const each = { remoteId, currency: 'BRL', available: 7, pending: 1 }
    await Promise.all(Array.from({ length: 10 }, () => deposit(each)))
    const [account] = await balanceOf({ remoteId, role })
    expect(account?.totals).toMatchObject([{ currency: 'BRL', available: 70, pending: 10 }])
  })
})

test('no webhook comes from the sandbox, so none is believed', async () => {
  const body = Buffer.from(JSON.stringify({ id: 'evt_1', type: 'customer.updated' }))
  const delivery = { headers: {}, query: {}, body, receivedAt: server.clock.now() }
  await expect(bench.sandbox.parseWebhook(bench.connection, delivery)).rejects.toMatchObject({
    definition: { code: 'webhook_signature_invalid' },
  })
})

function rowsOf({ connection }: SandboxBench) {
  return server.system.db
    .selectFrom('sandbox_customers')
    .selectAll()
    .where('app_id', '=', connection.appId)
    .execute()
}
