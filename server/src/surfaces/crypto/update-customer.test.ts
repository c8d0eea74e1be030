// Owns the outcomes of PUT /customers/{id}.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import {
  fieldRefusal,
  notFound,
  refusal,
  refusalOf,
  spellingsOf,
  takenBy,
  testCustomers,
  unknownIds,
  whole,
} from './test-customers.ts'

const customers = testCustomers()
const put = (id: string, body: unknown, key?: string) =>
  customers.call('PUT', `/customers/${id}`, key === undefined ? { body } : { body, key })
const read = async (id: string) => (await customers.call('GET', `/customers/${id}`)).json.data

/** As `update` shows it: the same without what only `retrieve` adds. */
async function readBare(id: string) {
  const { app, paymentIntents, invoices, ...fields } = await read(id)
  return fields
}

const { externalId: _one, ...full } = whole

describe('200', () => {
  test('sets what is given and leaves the rest', async () => {
    const created = await customers.saveCustomer(full)
    customers.server.clock.advance(1_000)
    const answer = await put(created.id, { city: 'Paris', country: 'FR' })
    expect(answer.status).toBe(200)
    const { updatedAt } = answer.json.data
    const data = { ...created, city: 'Paris', country: 'FR', updatedAt }
    expect(answer.json).toEqual({ success: true, data })
    expect(Date.parse(updatedAt)).toBeGreaterThanOrEqual(Date.parse(created.createdAt) + 1_000)
    expect(await readBare(created.id)).toEqual(data)
  })

  test('the event holds the fields that changed, and nothing else', async () => {
    const { id } = await customers.saveCustomer(full)
    await put(id, { name: 'Ada King', email: full.email, country: 'GB' })
    expect(await customers.historyOf(id)).toEqual(['1 customer.created', '2 customer.updated'])
    const [, updated] = await customers.eventsOf(id)
    expect(updated?.actor).toMatch(/^key:/)
    expect(updated?.changes).toEqual({ name: 'Ada King' })
  })

  test.each<[string, object]>([
    ['nothing', {}],
    ['the same values', full],
    [
      'the same metadata in another order',
      { metadata: { nested: { list: [1, null, true] }, plan: 'pro' } },
    ],
    ['null for what is not set', { externalId: null }],
  ])('%s changes nothing: no event, updatedAt stays', async (_name, body) => {
    const created = await customers.saveCustomer(full)
    customers.server.clock.advance(1_000)
    expect((await put(created.id, body)).json.data).toEqual(created)
    expect(await customers.historyOf(created.id)).toEqual(['1 customer.created'])
  })

  test.each(Object.entries({ ...whole, externalId: 'cleared' }))(
    'null clears %s, and nothing beside it',
    async (field, value) => {
      const created = await customers.saveCustomer({ ...full, [field]: value })
      const { data } = (await put(created.id, { [field]: null })).json
      const cleared = field === 'metadata' ? {} : null
      expect(data).toEqual({ ...created, [field]: cleared, updatedAt: data.updatedAt })
      expect(await readBare(created.id)).toEqual(data)
      expect(await customers.historyOf(created.id)).toHaveLength(2)
    },
  )

  test('every field can be cleared: what is left is a customer all the same', async () => {
    const { id } = await customers.saveCustomer(full)
    const none = Object.fromEntries(Object.keys(full).map((field) => [field, null]))
    const { data } = (await put(id, none)).json
    expect(data).toMatchObject({ ...none, metadata: {} })
  })

  test('metadata is replaced whole', async () => {
    const { id } = await customers.saveCustomer({ metadata: { a: 1, b: 2 } })
    expect((await put(id, { metadata: { c: 3 } })).json.data.metadata).toEqual({ c: 3 })
  })

  test('the own app may be repeated, in either spelling', async () => {
    const created = await customers.saveCustomer()
    const { id: appId } = customers.server.testApp
    for (const same of [appId, printId('app', appId)]) {
      const answer = await put(created.id, { appId: same })
      expect([answer.status, answer.json.data]).toEqual([200, created])
    }
  })

  test('every spelling of the id is the customer', async () => {
    const { id } = await customers.saveCustomer()
    for (const [at, spelling] of spellingsOf(id).entries()) {
      const answer = await put(spelling, { city: `City ${at}` })
      expect([answer.status, answer.json.data.id]).toEqual([200, id])
    }
    expect(await customers.historyOf(id)).toHaveLength(5)
  })

  test('wallets are shown as they are', async () => {
    const { id } = await customers.saveCustomer()
    const address = `0x${'ab'.repeat(20)}`
    const walletId = await customers.saveWallet(id, { address, authorizationTxHash: null })
    const { data } = (await put(id, { city: 'Paris' })).json
    expect(data.wallets).toMatchObject([{ id: walletId, walletAddress: address }])
    expect(data.wallets[0]).not.toHaveProperty('chain')
  })

  test('a state that stands for a code of another surface can be replaced and cleared', async () => {
    const save = async () => {
      const body = { email: 'ana@example.com', subdivision: 'BR-SP', city: 'Santos' }
      const path = '/orchestration/api/v1/customers'
      const { json } = await customers.server.call('POST', path, { body })
      return json.data.id
    }
    const [replaced, cleared] = [await save(), await save()]
    expect((await put(replaced, { state: 'BR-SP' })).json.data.state).toBe('BR-SP')
    expect(await customers.historyOf((await read(replaced)).id)).toHaveLength(1)
    expect((await put(replaced, { state: 'SP' })).json.data.state).toBe('SP')
    expect((await put(cleared, { state: null })).json.data).toMatchObject({
      state: null,
      city: 'Santos',
    })
  })
})

describe('400', () => {
  test.each<[string, unknown, string]>([
    ['email', 'ada', 'is not an e-mail address like name@example.com'],
    ['name', ' ', 'is blank'],
    ['postalCode', '\u0007', 'holds a control character'],
    ['appId', 'garbage', 'is not the id of an app'],
    ['metadata', { plan: 'x'.repeat(501) }, 'is longer than 500 characters'],
  ])('%s %j: names the field and the rule, and changes nothing', async (field, value, rule) => {
    const { id } = await customers.saveCustomer()
    const [shown, rows] = [await read(id), await customers.countRows()]
    const answer = await put(id, { city: 'Paris', [field]: value })
    const path = field === 'metadata' ? 'metadata.plan' : field
    expect([answer.status, answer.json]).toEqual([400, fieldRefusal(path, rule)])
    expect(await read(id)).toEqual(shown)
    expect(await customers.countRows()).toEqual(rows)
  })

  test('appId cannot change', async () => {
    const { id } = await customers.saveCustomer()
    const answer = await put(id, { appId: customers.server.liveApp.id, city: 'Paris' })
    expect([answer.status, answer.json]).toEqual([400, fieldRefusal('appId', 'cannot change')])
    expect(await customers.historyOf(id)).toHaveLength(1)
  })

  test.each(['id', 'wallets', 'createdAt', 'updatedAt', 'app', 'paymentIntents', 'phone'])(
    '%s is no field to set, and is refused by name',
    async (field) => {
      const { id } = await customers.saveCustomer()
      const answer = await put(id, { [field]: 'x' })
      expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', field))
    },
  )

  test('no body', async () => {
    const { id } = await customers.saveCustomer()
    expect(refusalOf(await put(id, undefined))).toEqual(refusal(400, 'VALIDATION_ERROR', 'body'))
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    const answer = await put(id, { city: 'Paris' })
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })

  test("another app's customer looks missing, and stays as it is", async () => {
    const { id } = await customers.saveCustomer()
    const { key } = await customers.newApp()
    for (const spelling of spellingsOf(id)) {
      const answer = await put(spelling, { city: 'Paris' }, key)
      expect([answer.status, answer.json]).toEqual([404, notFound])
    }
    expect(await customers.historyOf(id)).toEqual(['1 customer.created'])
  })
})

describe('409', () => {
  test('an external id that another customer has: its id is named, nothing changes', async () => {
    const holder = await customers.saveCustomer({ externalId: 'held' })
    const { id } = await customers.saveCustomer()
    for (const headers of [{}, { 'idempotency-key': 'taken' }]) {
      const options = { body: { externalId: 'held', city: 'Paris' }, headers }
      const answer = await customers.call('PUT', `/customers/${id}`, options)
      expect([answer.status, answer.json]).toEqual([409, takenBy(holder.id)])
    }
    expect(await customers.historyOf(id)).toEqual(['1 customer.created'])
    await put(holder.id, { externalId: null })
    expect((await put(id, { externalId: 'held' })).json.data.externalId).toBe('held')
  })

  test('50 customers take one at once: one has it, the others are told which', async () => {
    const made = await Promise.all(Array.from({ length: 50 }, () => customers.saveCustomer()))
    const answers = await Promise.all(made.map(({ id }) => put(id, { externalId: 'wanted' })))
    const winners = answers.filter(({ status }) => status === 200)
    expect(winners).toHaveLength(1)
    for (const { status, json } of answers.filter((answer) => !winners.includes(answer))) {
      expect([status, json]).toEqual([409, takenBy(winners[0]?.json.data.id)])
    }
  })
})

test('twenty changes at once are all in the history, one after the other', async () => {
  const { id } = await customers.saveCustomer()
  const cities = Array.from({ length: 20 }, (_, at) => `City ${at}`)
  const answers = await Promise.all(cities.map((city) => put(id, { city })))
  expect(answers.map(({ status }) => status)).toEqual(cities.map(() => 200))
  expect(await customers.historyOf(id)).toEqual([
    '1 customer.created',
    ...cities.map((_, at) => `${at + 2} customer.updated`),
  ])
})
