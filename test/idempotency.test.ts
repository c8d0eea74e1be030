// Owns the promise that a write happens once, however often it is sent (P01 to P04).
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createMerchant } from '../server/src/core/apps/app-service.ts'
import { deleteOldReplies } from '../server/src/http/idempotency.ts'
import { countRows } from './count-rows.ts'
import { exampleOf, keyedOperations, prepareIds, send } from './example-requests.ts'
import { type Answer, engine, startTestServer, type TestServer } from './harness.ts'
import { runs } from './runs.ts'

const scale = runs({ few: 1, full: 20 })

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => server.close())

const customers = '/payouts/customers'
const payouts = '/payouts/payouts'
const newCustomer = { type: 'individual', name: 'Gerardo Ratto', country: 'AR' }
const newPayout = {
  amount: '1.00',
  currency: 'ARS',
  destinationCbu: '0070327530004025541644',
}

function post(path: string, body: object, idempotencyKey: string, key?: string): Promise<Answer> {
  const headers = { 'idempotency-key': idempotencyKey }
  return server.call('POST', path, { body, headers, ...(key === undefined ? {} : { key }) })
}

const isReplayed = (answer: Answer) => answer.headers.get('idempotent-replayed') === 'true'

async function countOf(table: 'customers' | 'payouts' | 'replies' | 'events' | 'jobs') {
  return (await countRows(server.system))[table]
}

test('each of many keys, sent three times, makes one record and three equal answers', async () => {
  const count = 500 * scale
  const before = await countOf('customers')
  const parallel = 20
  for (let start = 0; start < count; start += parallel) {
    const keys = Array.from({ length: parallel }, () => randomUUID())
    await Promise.all(
      keys.map(async (key, index) => {
        const body = { ...newCustomer, name: `Customer ${start + index}` }
        const first = await post(customers, body, key)
        const others = [await post(customers, body, key), await post(customers, body, key)]
        expect([first.status, isReplayed(first)]).toEqual([201, false])
        for (const answer of others) {
          expect([answer.status, isReplayed(answer)]).toEqual([201, true])
          expect(answer.text).toBe(first.text)
        }
      }),
    )
  }
  expect(await countOf('customers')).toBe(before + count)
})

const writes = keyedOperations.filter(({ operation }) => operation.method !== 'GET')

test.each(writes)('$name is done once per key, and its answer replayed', async (row) => {
  const { surface, operation } = row
  const target = { surface, operation, key: server.key }
  for (const name of new Set([...surface.idempotencyHeaders, 'idempotency-key'])) {
    // What can be done once only, as a submission, finds its record anew.
    const ids = await prepareIds(server, surface, server.key)
    const example = exampleOf(surface, operation, ids)
    const headers = { [name]: randomUUID() }
    const first = await send(server, target, example, { headers })
    const after = await countRows(server.system)
    const second = await send(server, target, example, { headers })
    expect([first.status, isReplayed(first)]).toEqual([operation.returns.status, false])
    expect([second.status, isReplayed(second)]).toEqual([operation.returns.status, true])
    expect(second.text).toBe(first.text)
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'))
    expect(await countRows(server.system)).toEqual(after)
  }
})

const inserting = writes.filter(({ operation }) => operation.insertsOnly)

test('every surface that makes customers says that it only inserts', () => {
  expect(inserting.map(({ operation }) => operation.id)).toEqual(
    Array.from({ length: 4 }, () => 'createCustomer'),
  )
})

test.each(inserting)('$name by a key opens no transaction where none is needed', async (row) => {
  const { surface, operation } = row
  const target = { surface, operation, key: server.key }
  const example = exampleOf(surface, operation, await prepareIds(server, surface, server.key))
  const { database } = server.contextOf(server.testApp)
  const transaction = vi.spyOn(database, 'transaction')
  const headers = { 'idempotency-key': randomUUID() }
  const answer = await send(server, target, example, { headers })
  expect(answer.status).toBe(operation.returns.status)
  expect(transaction).toHaveBeenCalledTimes(engine === 'sqlite' ? 1 : 0)
})

test.each([
  ['256 characters', 'k'.repeat(256)],
  ['nothing', ''],
  ['spaces', '   '],
  ['two quotes', '""'],
  ['a letter outside ASCII', 'ñ'],
])('a key of %s is refused', async (_, key) => {
  const before = await countRows(server.system)
  const answer = await post(customers, newCustomer, key)
  expect([answer.status, answer.json.error.param]).toEqual([400, 'Idempotency-Key'])
  expect(await countRows(server.system)).toEqual(before)
})

test('a key of 255 characters is good', async () => {
  const answers = [1, 2].map(() => post(customers, newCustomer, 'k'.repeat(255)))
  const [first, second] = await Promise.all(answers)
  expect([first?.status, second?.text]).toEqual([201, first?.text])
})

test('a request that failed validation leaves its key free for the corrected one', async () => {
  for (let round = 0; round < 100 * scale; round += 1) {
    const key = randomUUID()
    const wrong = await post(customers, { ...newCustomer, country: 'ZZ' }, key)
    expect(wrong.status).toBe(422)
    const right = await post(customers, newCustomer, key)
    expect([right.status, isReplayed(right)]).toEqual([201, false])
  }
})

test('a request that was refused by the record leaves its key free too', async () => {
  const key = randomUUID()
  const body = { ...newPayout, customerId: 'cust_01h455vb4pex5vsknk084sn02q' }
  expect((await post(payouts, body, key)).status).toBe(404)
  expect((await post(payouts, newPayout, key)).status).toBe(201)
})

test.each([
  ['a defect', new Error('a defect'), 500],
  ['a database that is away', Object.assign(new Error('away'), { code: 'ECONNREFUSED' }), 503],
])('an answer to %s is not stored, and nothing of the try stays', async (_, failure, status) => {
  const key = randomUUID()
  const before = await countRows(server.system)
  const { seal } = server.system.vault
  // The last thing that a request does: its effects are written by then, but not committed.
  vi.spyOn(server.system.vault, 'seal').mockImplementation((dataKey, place, text) => {
    if (place.field.startsWith('reply:')) throw failure
    return seal(dataKey, place, text)
  })
  expect((await post(payouts, newPayout, key)).status).toBe(status)
  expect(await countRows(server.system)).toEqual(before)
  vi.restoreAllMocks()
  const retry = await post(payouts, newPayout, key)
  expect([retry.status, isReplayed(retry)]).toEqual([201, false])
  expect(await countOf('payouts')).toBe(before.payouts + 1)
})

test('another body, or another customer in the path, with a used key is refused', async () => {
  for (let round = 0; round < 50 * scale; round += 1) {
    const key = randomUUID()
    await post(customers, newCustomer, key)
    const answer = await post(customers, { ...newCustomer, name: `Other ${round}` }, key)
    expect([answer.status, answer.json.error.code]).toEqual([409, 'idempotency_key_reused'])
  }
  const [one, other] = await Promise.all([
    server.call('POST', customers, { body: newCustomer }),
    server.call('POST', customers, { body: newCustomer }),
  ])
  const account = { country: 'AR', currency: 'ARS', rail: 'OTHER', accountType: 'checking' }
  const body = { ...account, holderName: 'Gerardo Ratto' }
  const accountsOf = (answer: Answer) => `${customers}/${answer.json.customerId}/bank-accounts`
  expect((await post(accountsOf(one), body, 'path')).status).toBe(201)
  const answer = await post(accountsOf(other), body, 'path')
  expect([answer.status, answer.json.error.code]).toEqual([409, 'idempotency_key_reused'])
})

test('the same members in another order, or spaced otherwise, are the same request', async () => {
  const first = await post(customers, newCustomer, 'order')
  const headers = { 'idempotency-key': 'order' }
  const body = ' {"country" :"AR",\n"name":"Gerardo Ratto","type":"individual"} '
  const second = await server.call('POST', customers, { body, headers })
  expect([isReplayed(second), second.text]).toEqual([true, first.text])
})

test('the same key from 50 callers at once makes one payout', async () => {
  for (let round = 0; round < 4 * scale; round += 1) {
    const before = await countRows(server.system)
    const key = randomUUID()
    const calls = Array.from({ length: 50 }, () => post(payouts, newPayout, key))
    const answers = await Promise.all(calls)
    const created = answers.filter(({ status }) => status === 201)
    const busy = answers.filter(({ status }) => status === 409)
    expect(created.length + busy.length).toBe(50)
    expect(new Set(created.map(({ text }) => text)).size).toBe(1)
    expect(created.filter((answer) => !isReplayed(answer))).toHaveLength(1)
    const expected = { payouts: before.payouts + 1, jobs: before.jobs + 1 }
    expect(await countRows(server.system)).toMatchObject({
      ...expected,
      replies: before.replies + 1,
    })
  }
})

test('quoted and bare forms are one key', async () => {
  const first = await post(customers, newCustomer, '"form"')
  const second = await post(customers, newCustomer, 'form')
  expect([isReplayed(second), second.text]).toEqual([true, first.text])
})

test('two apps, test and live, and two routes never replay each other', async () => {
  const { test: otherApp } = await createMerchant(server.system, 'Another merchant')
  const keys = [server.key]
  for (const app of [server.liveApp, otherApp]) keys.push(await server.createKey(app))
  for (let round = 0; round < 50 * scale; round += 1) {
    const key = randomUUID()
    const answers = await Promise.all(
      keys.flatMap((own) => [
        post(customers, newCustomer, key, own),
        post(payouts, newPayout, key, own),
      ]),
    )
    expect(answers.map((answer) => [answer.status, isReplayed(answer)])).toEqual(
      answers.map(() => [201, false]),
    )
    expect(new Set(answers.map(({ text }) => text)).size).toBe(answers.length)
  }
})

test('a read ignores the key', async () => {
  const headers = { 'idempotency-key': 'read' }
  const first = await server.call('GET', `${customers}?limit=1`, { headers })
  await server.call('POST', customers, { body: newCustomer })
  const second = await server.call('GET', `${customers}?limit=1`, { headers })
  expect(second.text).not.toBe(first.text)
  expect(isReplayed(second)).toBe(false)
  const long = { 'idempotency-key': 'k'.repeat(256) }
  expect((await server.call('GET', customers, { headers: long })).status).toBe(200)
})

test('a stored reply shows neither the answer nor the key', async () => {
  const name = 'Zacarías Unmistakable'
  const email = 'zacarias@unmistakable.example'
  await post(customers, { ...newCustomer, name, email }, 'unmistakable-key')
  await post(payouts, { ...newPayout, destinationName: name }, 'unmistakable-key')
  const rows = await server.system.db.selectFrom('replies').selectAll().execute()
  expect(rows.length).toBeGreaterThan(0)
  for (const row of rows) {
    for (const column of Object.values(row)) {
      const text = column instanceof Uint8Array ? Buffer.from(column).toString() : String(column)
      expect(text).not.toMatch(/nmistakable|Zacar|0070327530004025541644|customerId|"name"/)
    }
  }
})

test('a key is free again when its reply has become too old, and the row is deleted', async () => {
  const day = 24 * 60 * 60 * 1_000
  const first = await post(customers, newCustomer, 'old')
  server.clock.advance(30 * day - 60_000)
  const still = await post(customers, newCustomer, 'old')
  expect([isReplayed(still), still.text]).toEqual([true, first.text])
  server.clock.advance(61_000)
  const after = await post(customers, newCustomer, 'old')
  expect([after.status, isReplayed(after)]).toEqual([201, false])
  expect(after.json.customerId).not.toBe(first.json.customerId)
  const { id: appId } = server.testApp
  const before = server.clock.now() - server.config.replyAgeMsMax
  const deleteSome = (limit: number) =>
    server.system.database.transaction((db) => deleteOldReplies(db, { appId, before, limit }))
  expect(await deleteSome(10)).toBe(10)
  expect(await deleteSome(100_000)).toBeGreaterThan(10)
  expect(await deleteSome(100_000)).toBe(0)
  expect(isReplayed(await post(customers, newCustomer, 'old'))).toBe(true)
})
