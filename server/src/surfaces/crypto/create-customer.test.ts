// Owns the outcomes of POST /customers.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import {
  fieldRefusal,
  newCustomer,
  refusal,
  refusalOf,
  takenBy,
  testCustomers,
  unknownUuid,
  unset,
  uuid,
  whole,
  wireTime,
} from './test-customers.ts'

const customers = testCustomers()
const create = (body: unknown, key?: string) =>
  customers.call('POST', '/customers', key === undefined ? { body } : { body, key })

describe('201', () => {
  test('nothing is required: a customer of which nothing is known yet', async () => {
    const answer = await create({})
    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      success: true,
      data: {
        ...unset,
        id: expect.stringMatching(uuid),
        appId: customers.server.testApp.id,
        createdAt: expect.stringMatching(wireTime),
        updatedAt: answer.json.data.createdAt,
        wallets: [],
      },
    })
  })

  test('every field is answered as it was given, and read again so', async () => {
    const { json } = await create(whole)
    expect(json.data).toMatchObject(whole)
    const read = await customers.call('GET', `/customers/${json.data.id}`)
    expect(read.json.data).toMatchObject(json.data)
  })

  test('its history is one event that holds what was given', async () => {
    const { json } = await create({ ...whole, externalId: 'USR-1', country: 'England' })
    expect(await customers.historyOf(json.data.id)).toEqual(['1 customer.created'])
    const [event] = await customers.eventsOf(json.data.id)
    expect(event?.actor).toMatch(/^key:/)
    expect(event?.changes).toMatchObject({
      kind: 'individual',
      name: 'Ada Lovelace',
      givenName: null,
      familyName: null,
      email: 'ada@example.com',
      externalId: 'USR-1',
      country: null,
      countryText: 'England',
      address: { line1: whole.address, city: 'London', state: 'Greater London' },
      metadata: whole.metadata,
    })
  })

  test("the key's own app may be named, as UUID or with its prefix", async () => {
    const { id } = customers.server.testApp
    for (const appId of [id, id.toUpperCase(), printId('app', id)]) {
      const answer = await create({ ...newCustomer, appId })
      expect([answer.status, answer.json.data.appId]).toEqual([201, id])
    }
  })

  test('null says the same as leaving a field out', async () => {
    const answer = await create({ ...unset, metadata: null })
    expect(answer.status).toBe(201)
    expect(answer.json.data).toMatchObject(unset)
  })

  test.each(['GB', 'gb', 'GBR', 'United Kingdom', 'Narnia'])(
    'country "%s" is shown as it was given',
    async (country) => {
      expect((await create({ country })).json.data.country).toBe(country)
    },
  )

  test('each text may be as long as the contract says', async () => {
    const email = `${'x'.repeat(60)}@${'y'.repeat(182)}.example.org`
    expect(email).toHaveLength(255)
    const of = (length: number) => 'ñ'.repeat(length)
    const names = { externalId: of(255), name: of(255), city: of(255), state: of(255) }
    const longest = { ...names, email, country: of(255), address: of(500), postalCode: of(50) }
    const answer = await create(longest)
    expect(answer.status).toBe(201)
    expect(answer.json.data).toMatchObject(longest)
  })

  test('an e-mail and a name are not unique: two customers with the same are two', async () => {
    const [first, second] = [await create(newCustomer), await create(newCustomer)]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.json.data.id).not.toBe(second.json.data.id)
  })
})

describe('400', () => {
  test.each<[string, unknown, string]>([
    ['email', 'ada', 'is not an e-mail address like name@example.com'],
    ['email', '', 'is blank'],
    ['name', ' ', 'is blank'],
    ['name', 'a\u0007', 'holds a control character'],
    ['name', '\ud800', 'holds half of a surrogate pair'],
    ['externalId', '', 'is blank'],
    ['address', ' ', 'is blank'],
    ['city', 'a\nb', 'holds a control character'],
    ['state', '\u0085', 'holds a control character'],
    ['country', ' ', 'is blank'],
    ['postalCode', '', 'is blank'],
    ['appId', 'garbage', 'is not the id of an app'],
    ['appId', printId('customer', unknownUuid), 'is not the id of an app'],
  ])('%s %j: names the field and the rule', async (field, value, rule) => {
    const before = await customers.countRows()
    const answer = await create({ ...newCustomer, [field]: value })
    expect([answer.status, answer.json]).toEqual([400, fieldRefusal(field, rule)])
    expect(await customers.countRows()).toEqual(before)
  })

  test.each<[string, unknown]>([
    ['externalId', 'x'.repeat(256)],
    ['email', `${'x'.repeat(244)}@example.com`],
    ['name', 'x'.repeat(256)],
    ['address', 'x'.repeat(501)],
    ['city', 'x'.repeat(256)],
    ['state', 'x'.repeat(256)],
    ['country', 'x'.repeat(256)],
    ['postalCode', 'x'.repeat(51)],
    ['externalId', 1],
    ['email', 1],
    ['name', ['Ada']],
    ['postalCode', 10_115],
    ['metadata', 'pro'],
    ['metadata', []],
    ['appId', null],
    ['appId', 1],
  ])('%s may not be %j', async (field, value) => {
    const answer = await create({ ...newCustomer, [field]: value })
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', field))
  })

  test.each<[string, object, string]>([
    ['51 keys', Object.fromEntries(Array.from({ length: 51 }, (_, key) => [key, 1])), 'metadata'],
    ['a long value', { plan: 'x'.repeat(501) }, 'metadata.plan'],
    ['a long key', { ['x'.repeat(101)]: 1 }, 'metadata'],
  ])('metadata with %s', async (_what, metadata, path) => {
    expect(refusalOf(await create({ metadata }))).toEqual(refusal(400, 'VALIDATION_ERROR', path))
  })

  test.each(['id', 'wallets', 'createdAt', 'givenName', 'phone', 'kind', 'countryText'])(
    '%s is no field to set, and is refused by name',
    async (field) => {
      const answer = await create({ ...newCustomer, [field]: 'x' })
      expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', field))
      expect(answer.json.error.details[0].message).toMatch(/^is not known here; known: appId/)
    },
  )

  test('every field that breaks the form is named at once', async () => {
    const answer = await create({ email: 1, city: 2, nickname: 3 })
    expect(refusalOf(answer)).toMatchObject({ status: 400, isWhole: true })
    expect(refusalOf(answer).paths.toSorted()).toEqual(['city', 'email', 'nickname'])
  })

  test.each<[string, unknown]>([
    ['no body', undefined],
    ['an array', []],
    ['text', '"ada"'],
    ['null', 'null'],
    ['broken JSON', '{"email":'],
  ])('%s is no customer', async (_name, body) => {
    const before = await customers.countRows()
    const headers = { 'content-type': 'application/json' }
    const answer = await customers.call('POST', '/customers', { body, headers })
    expect(refusalOf(answer)).toMatchObject({ status: 400, isWhole: true })
    expect(await customers.countRows()).toEqual(before)
  })
})

describe('403', () => {
  test.each<[string, () => string]>([
    ['that exists', () => customers.server.liveApp.id],
    ['that does not', () => unknownUuid],
  ])('another app %s: nothing is written', async (_which, appId) => {
    const before = await customers.countRows()
    const answer = await create({ ...newCustomer, appId: appId() })
    expect(refusalOf(answer)).toEqual(refusal(403, 'AUTHORIZATION_ERROR', 'appId'))
    expect(await customers.countRows()).toEqual(before)
  })
})

describe('409', () => {
  test('an external id that a customer of the app has: its id is named', async () => {
    const { id } = await customers.saveCustomer({ externalId: 'held' })
    const before = await customers.countRows()
    const answer = await create({ ...newCustomer, externalId: 'held' })
    expect([answer.status, answer.json]).toEqual([409, takenBy(id)])
    expect(await customers.countRows()).toEqual(before)
    expect((await customers.call('GET', `/customers/${id}`)).status).toBe(200)
  })

  test.each([
    ['without idempotency keys', () => ({})],
    ['with one each', (at: number) => ({ 'idempotency-key': `creator ${at}` })],
  ])('50 at once, %s: one wins, the others are told its id', async (name, headersOf) => {
    const body = { ...newCustomer, externalId: `raced ${name}` }
    const before = await customers.countRows()
    const calls = Array.from({ length: 50 }, (_, at) =>
      customers.call('POST', '/customers', { body, headers: headersOf(at) }),
    )
    const answers = await Promise.all(calls)
    const winners = answers.filter(({ status }) => status === 201)
    expect(winners).toHaveLength(1)
    const losers = answers.filter((answer) => !winners.includes(answer))
    for (const { status, json } of losers) {
      expect([status, json]).toEqual([409, takenBy(winners[0]?.json.data.id)])
    }
    const { customers: count = 0, events = 0 } = before
    expect(await customers.countRows()).toMatchObject({ customers: count + 1, events: events + 1 })
  })

  test('another app has external ids of its own', async () => {
    const { key } = await customers.newApp()
    await customers.saveCustomer({ externalId: 'shared' })
    expect((await create({ ...newCustomer, externalId: 'shared' }, key)).status).toBe(201)
  })
})

test('no refusal repeats what was sent', async () => {
  const secret = 'Zz-Personal\u0007-Zz'
  for (const field of ['email', 'name', 'externalId', 'address', 'city', 'country', 'appId']) {
    const answer = await create({ ...newCustomer, [field]: secret })
    expect([field, answer.status]).toEqual([field, 400])
    expect(answer.text).not.toContain('Zz-Personal')
  }
})
