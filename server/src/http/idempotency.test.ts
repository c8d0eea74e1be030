// Owns the tests of doing a write once: the claim, the stored reply, the replay.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import type { Context } from '../core/context.ts'
import { createCustomer, getCustomer } from '../core/customer/customer-service.ts'
import { AppError } from '../core/errors.ts'
import type { Json } from '../lib/canonical.ts'
import { deleteOldReplies, readIdempotencyKey, runOnce } from './idempotency.ts'

let server: TestServer
let context: Context
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const options = { replyAgeMsMax: 60_000 }
const requestOf = (key: string, content: Json = {}) => ({
  key,
  method: 'POST',
  route: '/things',
  content,
  insertsOnly: false,
})
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.definition.code : String(error)),
  )
const reply = (body: string) => async () => ({ status: 201, body })

test.each([
  ['k', 'k'],
  ['"k"', 'k'],
  [' "k" ', 'k'],
  ['"a"b"', 'a"b'],
  ['"', '"'],
  ['a b', 'a b'],
  ['~', '~'],
])('the header %j is the key %j', (header, key) => {
  expect(readIdempotencyKey(header)).toBe(key)
})

test.each(['', ' ', '""', '\t', 'ñ', 'a\u007f', 'a\u0000', '😀', 'k'.repeat(256)])(
  'the header %j is no key',
  (header) => {
    expect(() => readIdempotencyKey(header)).toThrow(/1 to 255 printable ASCII/)
  },
)

test('work is done once, and its reply comes back as it was', async () => {
  const key = randomUUID()
  let count = 0
  const work = async () => {
    count += 1
    return { status: 202, body: `{"count":${count},"text":"é😀"}` }
  }
  const first = await runOnce(context, requestOf(key), options, work)
  const second = await runOnce(context, requestOf(key), options, work)
  expect(first).toEqual({ status: 202, body: '{"count":1,"text":"é😀"}', isReplayed: false })
  expect(second).toEqual({ ...first, isReplayed: true })
  expect(count).toBe(1)
})

test('what the work wrote and the claim of the key go together when it throws', async () => {
  const key = randomUUID()
  let id = ''
  const failing = runOnce(context, requestOf(key), options, async (tx) => {
    id = (await createCustomer(tx, { kind: 'individual', name: 'Ana' })).id
    throw new Error('a defect')
  })
  expect(await codeOf(failing)).toBe('Error: a defect')
  expect(await codeOf(getCustomer(context, id))).toBe('customer_not_found')
  const retry = await runOnce(context, requestOf(key), options, reply('2'))
  expect(retry).toEqual({ status: 201, body: '2', isReplayed: false })
})

test('app, method and route have keys of their own', async () => {
  const key = randomUUID()
  const live = server.contextOf(server.liveApp)
  const results = [
    await runOnce(context, requestOf(key), options, reply('1')),
    await runOnce(live, requestOf(key), options, reply('2')),
    await runOnce(context, { ...requestOf(key), method: 'PUT' }, options, reply('3')),
    await runOnce(context, { ...requestOf(key), route: '/others' }, options, reply('4')),
    // No two of the parts run together into the same text.
    await runOnce(context, { ...requestOf(`s\n${key}`), route: '/thing' }, options, reply('5')),
  ]
  expect(results.map(({ body }) => body)).toEqual(['1', '2', '3', '4', '5'])
})

test('other content is refused, the same content in another order is not', async () => {
  const key = randomUUID()
  await runOnce(context, requestOf(key, { a: 1, b: [1, 2] }), options, reply('1'))
  const same = await runOnce(context, requestOf(key, { b: [1, 2], a: 1 }), options, reply('2'))
  expect(same).toEqual({ status: 201, body: '1', isReplayed: true })
  for (const content of [{ a: 1, b: [2, 1] }, { a: '1', b: [1, 2] }, {}, null]) {
    const other = runOnce(context, requestOf(key, content), options, reply('2'))
    expect(await codeOf(other)).toBe('idempotency_key_reused')
  }
})

test('of many at once one does the work, others see its reply or must wait', async () => {
  const key = randomUUID()
  let count = 0
  const calls = Array.from({ length: 50 }, () =>
    runOnce(context, requestOf(key), options, async () => {
      count += 1
      return { status: 201, body: String(count) }
    }),
  )
  const results = await Promise.allSettled(calls)
  const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const codes = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason.definition.code] : [],
  )
  expect(count).toBe(1)
  expect(new Set(done.map(({ body }) => body))).toEqual(new Set(['1']))
  expect(done.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1)
  expect(codes.every((code) => code === 'idempotency_key_busy')).toBe(true)
})

test('a reply is sealed with the key of its customer, or with one of its own', async () => {
  const [about, alone] = [randomUUID(), randomUUID()]
  const customer = await runOnce(context, requestOf(about), options, async (tx) => {
    const { id } = await createCustomer(tx, { kind: 'individual', name: 'Zacarias' })
    return { status: 201, body: id }
  })
  await runOnce(context, requestOf(alone), options, reply('nobody, unmistakably'))
  const rows = await server.system.db
    .selectFrom('replies')
    .selectAll()
    .where('app_id', '=', context.app.id)
    .execute()
  const ofCustomer = rows.find((row) => row.customer_id === customer.body)
  expect(ofCustomer?.data_key).toBeNull()
  expect(rows.filter((row) => row.customer_id === null && row.data_key === null)).toEqual([])
  for (const { body } of rows) {
    expect(Buffer.from(body).toString('latin1')).not.toMatch(/unmistakably|Zacarias/)
  }
  const again = await runOnce(context, requestOf(about), options, reply('other'))
  expect(again).toEqual({ ...customer, isReplayed: true })
})

describe('work that only inserts', () => {
  const once = (key: string, work: (tx: Context) => Promise<{ status: number; body: string }>) =>
    runOnce(context, { ...requestOf(key), insertsOnly: true }, options, work)
  const saving = (externalId: string) => async (tx: Context) => {
    const { id } = await createCustomer(tx, { kind: 'individual', name: 'Zacarias', externalId })
    return { status: 201, body: id }
  }
  const holdersOf = (externalId: string) =>
    context.db
      .selectFrom('customers')
      .select('id')
      .where('app_id', '=', context.app.id)
      .where('external_id', '=', externalId)
      .execute()

  test('is done once, and its reply comes back as it was', async () => {
    const key = randomUUID()
    const first = await once(key, saving(key))
    expect(first).toMatchObject({ status: 201, isReplayed: false })
    expect(await once(key, saving('other'))).toEqual({ ...first, isReplayed: true })
    expect(await holdersOf(key)).toEqual([{ id: first.body }])
    expect(await holdersOf('other')).toEqual([])
    expect((await getCustomer(context, first.body)).externalId).toBe(key)
  })

  test('is done once by many at once, also beside others', async () => {
    const keys = Array.from({ length: 8 }, () => randomUUID())
    const calls = keys.flatMap((key) => Array.from({ length: 6 }, () => once(key, saving(key))))
    const results = await Promise.all(calls)
    expect(results.filter(({ isReplayed }) => !isReplayed)).toHaveLength(keys.length)
    for (const [at, key] of keys.entries()) {
      const bodies = new Set(results.slice(at * 6, at * 6 + 6).map(({ body }) => body))
      expect(await holdersOf(key)).toEqual([...bodies].map((id) => ({ id })))
    }
  })

  test('leaves its key free when it is refused, also by what it inserts', async () => {
    const [key, taken] = [randomUUID(), randomUUID()]
    await once(randomUUID(), saving(taken))
    const refusing = once(key, async (tx) => {
      await createCustomer(tx, { kind: 'individual', name: 'Zacarias', externalId: key })
      throw new Error('refused')
    })
    await expect(refusing).rejects.toThrow('refused')
    expect(await codeOf(once(key, saving(taken)))).toBe('external_id_taken')
    expect(await holdersOf(key)).toEqual([])
    expect((await once(key, saving(key))).isReplayed).toBe(false)
  })

  test('is refused with a key that had other content', async () => {
    const key = randomUUID()
    await runOnce(context, requestOf(key, { a: 1 }), options, reply('1'))
    expect(await codeOf(once(key, saving(key)))).toBe('idempotency_key_reused')
    expect(await holdersOf(key)).toEqual([])
  })
})

test('a reply is forgotten after its time, and deleted a bounded number at a time', async () => {
  const key = randomUUID()
  await runOnce(context, requestOf(key), options, reply('1'))
  server.clock.advance(59_000)
  expect((await runOnce(context, requestOf(key), options, reply('2'))).body).toBe('1')
  server.clock.advance(2_000)
  expect((await runOnce(context, requestOf(key), options, reply('2'))).body).toBe('2')
  const before = server.clock.now() - options.replyAgeMsMax
  const filter = { appId: context.app.id, before, limit: 3 }
  const remove = () => server.system.database.transaction((db) => deleteOldReplies(db, filter))
  const ofLive = await countOf(server.liveApp.id)
  const removed: number[] = []
  while (removed.at(-1) !== 0 && removed.length < 100) removed.push(await remove())
  expect(removed[0]).toBe(3)
  expect(Math.max(...removed)).toBe(3)
  expect(await countOf(context.app.id)).toBe(1)
  expect(await countOf(server.liveApp.id)).toBe(ofLive)
})

async function countOf(appId: string): Promise<number> {
  const rows = await server.system.db
    .selectFrom('replies')
    .select('token')
    .where('app_id', '=', appId)
    .execute()
  return rows.length
}
