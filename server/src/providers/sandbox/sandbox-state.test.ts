// Owns the guarantees of what the sandbox keeps: once, for one app, over a restart, without names.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createTestDatabase,
  startTestServer,
  type TestDatabase,
  type TestServer,
} from '../../../../test/harness.ts'
import { type SyncField, syncFields } from '../../core/provider.ts'
import { depositInSandbox } from './sandbox.ts'
import { lia, openSandbox, type SandboxBench } from './testing/sandbox-samples.ts'

let database: TestDatabase
let server: TestServer
beforeAll(async () => {
  database = await createTestDatabase()
  server = await startTestServer({}, database)
})
afterAll(async () => {
  await server.stop()
  await database.remove()
})

const rowsOf = ({ connection }: SandboxBench) =>
  server.system.db
    .selectFrom('sandbox_customers')
    .selectAll()
    .where('app_id', '=', connection.appId)
    .execute()
const pushOf = (fields: readonly SyncField[], customer = lia) => ({
  ...{ customer, fields, idempotencyKey: 'push-1' },
})
const outcomes = (outcome: string, fields: readonly SyncField[] = syncFields) =>
  fields.map((field) => ({ field, outcome, reason: null }))

describe('a registration', () => {
  test('asked for ten times at once under one key is one, and all are answered alike', async () => {
    const bench = openSandbox(server)
    const idempotencyKey = server.system.ids()
    const states = await Promise.all(
      Array.from({ length: 10 }, (_, at) => bench.register({ idempotencyKey, isRepeat: at > 0 })),
    )
    expect(new Set(states.map(({ remoteId }) => remoteId)).size).toBe(1)
    expect(await rowsOf(bench)).toHaveLength(1)
  })

  test('repeated later answers how the first one stands, and begins nothing anew', async () => {
    const bench = openSandbox(server)
    const idempotencyKey = server.system.ids()
    const first = await bench.register({ idempotencyKey })
    server.clock.advance(3_000)
    const customer = { ...lia, email: 'lia+reject@example.test' }
    const again = await bench.register({ idempotencyKey, isRepeat: true, customer })
    expect(again).toEqual({ ...first, status: 'approved' })
    expect(await rowsOf(bench)).toHaveLength(1)
  })

  test('under another key is another one', async () => {
    const bench = openSandbox(server)
    const one = await bench.registerAs('lia@example.test')
    const other = await bench.registerAs('lia@example.test')
    expect(one.remoteId).not.toBe(other.remoteId)
    expect(await rowsOf(bench)).toHaveLength(2)
  })
})

test("another app's customer is one that the sandbox does not know", async () => {
  const [mine, other] = [openSandbox(server), openSandbox(server)]
  const record = await mine.registerAs('lia@example.test')
  const { sandbox, connection } = other
  const file = { id: 'f', name: 'f.png', fileType: 'OTHER', contentType: 'image/png' as const }
  const before = await rowsOf(mine)
  const strange: Promise<unknown>[] = [
    sandbox.read(connection, record),
    sandbox.balance(connection, record),
    sandbox.push(connection, record, pushOf(['email'])),
    sandbox.sendFile(connection, record, { ...file, bytes: Buffer.from('x'), idempotencyKey: 'f' }),
    depositInSandbox(other.parts, connection, {
      ...{ remoteId: record.remoteId, currency: 'BRL', available: 1, pending: 0 },
    }),
  ]
  for (const end of await Promise.allSettled(strange)) {
    expect(end).toMatchObject({
      status: 'rejected',
      reason: {
        definition: { code: 'provider_rejected' },
        message: expect.stringContaining('it does not know this customer'),
      },
    })
  }
  expect(await rowsOf(mine)).toEqual(before)
})

test('one key in two apps is two customers, each with a state of its own', async () => {
  const [mine, other] = [openSandbox(server), openSandbox(server)]
  const idempotencyKey = server.system.ids()
  const { remoteId } = await mine.register({ idempotencyKey })
  server.clock.advance(3_000)
  const customer = { ...lia, email: 'a+reject@example.test' }
  expect((await other.register({ idempotencyKey, customer })).status).toBe('submitted')
  server.clock.advance(3_000)
  const record = { remoteId, role: 'customer' } as const
  expect((await mine.sandbox.read(mine.connection, record)).status).toBe('approved')
  expect((await other.sandbox.read(other.connection, record)).status).toBe('rejected')
})

describe('a push', () => {
  test('says of each field in its order whether it has it already', async () => {
    const bench = openSandbox(server)
    const record = await bench.registerAs('lia@example.test')
    const push = (customer = lia, fields: readonly SyncField[] = syncFields) =>
      bench.sandbox.push(bench.connection, record, pushOf(fields, customer))
    expect(await push()).toEqual(outcomes('updated'))
    expect(await push()).toEqual(outcomes('unchanged'))
    const moved = { ...lia, familyName: 'Souza', country: 'AR' }
    expect(await push(moved, ['familyName', 'email', 'shipping'])).toEqual([
      { field: 'familyName', outcome: 'updated', reason: null },
      { field: 'email', outcome: 'unchanged', reason: null },
      { field: 'shipping', outcome: 'updated', reason: null },
    ])
  })

  test('at the same moment as others loses nothing of theirs', async () => {
    const bench = openSandbox(server)
    const record = await bench.registerAs('lia@example.test')
    const push = (field: SyncField) => bench.sandbox.push(bench.connection, record, pushOf([field]))
    for (const ends of await Promise.all(syncFields.map(push))) {
      expect(ends).toMatchObject([{ outcome: 'updated' }])
    }
    const again = await bench.sandbox.push(bench.connection, record, pushOf(syncFields))
    expect(again).toEqual(outcomes('unchanged'))
  })
})

test('no value of the customer stands in its table, nor the same hash for it in two apps', async () => {
  const benches = [openSandbox(server), openSandbox(server)]
  for (const bench of benches) {
    const record = await bench.registerAs('lia@example.test')
    await bench.sandbox.push(bench.connection, record, pushOf(syncFields))
  }
  const [[mine], [other]] = await Promise.all([
    rowsOf(benches[0] ?? openSandbox(server)),
    rowsOf(benches[1] ?? openSandbox(server)),
  ])
  const hashes = JSON.parse(mine?.field_hashes ?? '{}')
  expect(Object.keys(hashes).sort()).toEqual([...syncFields].sort())
  for (const field of syncFields) {
    expect(hashes[field]).toMatch(/^[0-9a-f]{16,}$/)
    expect(JSON.parse(other?.field_hashes ?? '{}')[field]).not.toBe(hashes[field])
  }
  const kept = JSON.stringify(mine).toLowerCase()
  for (const value of personalValues) expect(kept).not.toContain(value.toLowerCase())
})

const personalValues = [
  ...['Lia', 'Prado', 'lia@example.test', 'example.test', '955501234', '1991-04-02'],
  ...['000.000.001-91', '00000000191', 'Rua das Gaivotas', 'Centro', 'Santos', '11000000'],
]

test('it survives a restart: states, fields that were pushed, and money', async () => {
  const appId = server.testApp.id
  const before = openSandbox(server, appId)
  const idempotencyKey = server.system.ids()
  const customer = { ...lia, email: 'lia+reject@example.test' }
  const { remoteId } = await before.register({ idempotencyKey, customer })
  const record = { remoteId, role: 'customer' } as const
  await before.sandbox.push(before.connection, record, pushOf(['email']))
  await depositInSandbox(before.parts, before.connection, {
    ...{ remoteId, currency: 'BRL', available: 310, pending: 4 },
  })
  await server.stop()
  server = await startTestServer({}, database)
  // Its clock begins anew, and the other one has been turned forward.
  server.clock.advance(60_000)
  const after = openSandbox(server, appId)
  const { sandbox, connection } = after
  expect((await sandbox.read(connection, record)).status).toBe('rejected')
  expect(await after.register({ idempotencyKey, isRepeat: true })).toMatchObject({ remoteId })
  const pushed = await sandbox.push(connection, record, pushOf(['email', 'givenName']))
  expect(pushed.map(({ outcome }) => outcome)).toEqual(['unchanged', 'updated'])
  expect((await sandbox.balance(connection, record))[0]?.totals).toMatchObject([
    { currency: 'BRL', available: 310, pending: 4 },
  ])
  expect(await rowsOf(after)).toHaveLength(1)
})
