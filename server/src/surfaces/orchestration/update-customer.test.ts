// Owns the outcomes of PUT /api/v1/customers/{id}.
import { describe, expect, test } from 'vitest'
import {
  documents,
  fieldRefusal,
  notFound,
  refusal,
  refusalOf,
  testCustomers,
  unknownIds,
  uuidOf,
} from './test-customers.ts'

const customers = testCustomers()
const put = (id: string, body: unknown, key?: string) =>
  customers.call('PUT', `/customers/${id}`, key === undefined ? { body } : { body, key })
const read = async (id: string) => (await customers.call('GET', `/customers/${id}`)).json.data

describe('200', () => {
  test('sets what is given and leaves the rest', async () => {
    const created = await customers.saveCustomer({ city: 'Santos' })
    customers.server.clock.advance(1_000)
    const answer = await put(created.id, { last_name: 'Johnson', state: 'SP' })
    expect(answer.status).toBe(200)
    const { updated_at } = answer.json.data
    expect(answer.json).toEqual({
      msg: 'Customer updated',
      data: { ...created, last_name: 'Johnson', state: 'SP', updated_at },
    })
    expect(Date.parse(updated_at)).toBeGreaterThanOrEqual(Date.parse(created.created_at) + 1_000)
    expect(await read(created.id)).toEqual(answer.json.data)
  })

  test('the event holds the fields that changed, and nothing else', async () => {
    const { id } = await customers.saveCustomer()
    await put(id, { first_name: 'Alice', last_name: 'Johnson', country_code: 'us' })
    expect(await customers.historyOf(id)).toEqual(['1 customer.created', '2 customer.updated'])
    const [, updated] = await customers.eventsOf(id)
    expect(updated?.actor).toMatch(/^key:/)
    expect(updated?.changes).toEqual({ familyName: 'Johnson', name: 'Alice Johnson' })
  })

  test.each<[string, object]>([
    ['nothing', {}],
    ['the same values', { email: 'alice@example.com', first_name: 'Alice', country_code: 'US' }],
    ['null for what is not set', { city: null, dob: null, company_name: null, gender: null }],
    ['no info, said with {}', { additional_info: {} }],
  ])('%s changes nothing: no event, updated_at stays', async (_name, body) => {
    const created = await customers.saveCustomer()
    customers.server.clock.advance(1_000)
    expect((await put(created.id, body)).json.data).toEqual(created)
    expect(await customers.historyOf(created.id)).toEqual(['1 customer.created'])
  })

  test.each([
    ['last_name', 'Smith'],
    ['dob', '1990-12-31'],
    ['city', 'Santos'],
    ['gender', 'female'],
    ['monthly_net_income', 12.5],
    ['document_number', documents.ssn],
    ['country_code', 'US'],
    ['phone_number', '5551234'],
    ['additional_info', { plan: 'gold' }],
    ['customer_wallet', '0x52908400098527886E0F7030069857D2E4169EE7'],
    ['email', 'alice@example.com'],
  ])('null clears %s', async (field, value) => {
    const { id } = await customers.saveCustomer({ [field]: value })
    expect((await read(id))[field]).toEqual(value)
    expect((await put(id, { [field]: null })).json.data[field]).toBeNull()
    expect((await read(id))[field]).toBeNull()
    expect(await customers.historyOf(id)).toEqual(['1 customer.created', '2 customer.updated'])
  })

  test('an e-mail can be cleared where no name is left', async () => {
    const { id } = await customers.saveCustomer({ first_name: null, last_name: null })
    const { data } = (await put(id, { email: null })).json
    expect(data).toMatchObject({ email: null, first_name: null, last_name: null })
  })

  test('additional_info is replaced whole', async () => {
    const { id } = await customers.saveCustomer({ additional_info: { a: 1, b: 2 } })
    const { data } = (await put(id, { additional_info: { c: 3 } })).json
    expect(data.additional_info).toEqual({ c: 3 })
  })

  test('a change that providers have not received takes synced away; another field does not', async () => {
    const { id } = await customers.saveCustomer()
    await customers.register(id)
    const { synced_at } = await read(id)
    expect(synced_at).not.toBeNull()
    expect((await put(id, { gender: 'female' })).json.data).toMatchObject({ synced: true })
    const { data } = (await put(id, { last_name: 'Johnson' })).json
    expect(data).toMatchObject({ synced: false, synced_at })
  })
})

describe('400', () => {
  test.each<[string, unknown, string]>([
    ['email', 'alice', 'is not an e-mail address like name@example.com'],
    ['dob', '2999-01-01', 'lies in the future'],
    ['phone_number', 'x', 'is not 2 to 19 digits'],
    ['postal_code', ' ', 'is blank'],
    ['country_code', 'ZZ', 'is not an ISO 3166-1 alpha-2 code such as AR'],
  ])('%s %j: names the field and the rule, and changes nothing', async (field, value, rule) => {
    const created = await customers.saveCustomer()
    const before = await customers.countRows()
    const answer = await put(created.id, { last_name: 'Johnson', [field]: value })
    expect([answer.status, answer.json]).toEqual([400, fieldRefusal(field, rule)])
    expect(await read(created.id)).toEqual(created)
    expect(await customers.countRows()).toEqual(before)
  })

  test.each(['id', 'customer_id', 'status', 'synced', 'synced_at', 'roles', 'created_at'])(
    '%s is no field to set, and is refused by name',
    async (field) => {
      const { id } = await customers.saveCustomer()
      expect(refusalOf(await put(id, { [field]: 'x' }))).toEqual(refusal(400, field))
    },
  )

  test('no body', async () => {
    const { id } = await customers.saveCustomer()
    expect(refusalOf(await put(id, undefined))).toEqual(refusal(400, 'body'))
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    const answer = await put(id, { last_name: 'Johnson' })
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })

  test("another app's customer looks missing, and stays as it is", async () => {
    const created = await customers.saveCustomer()
    const key = await customers.newAppKey()
    for (const id of [created.id, uuidOf('customer', created.id)]) {
      const answer = await put(id, { last_name: 'Johnson' }, key)
      expect([answer.status, answer.json]).toEqual([404, notFound])
    }
    expect(await read(created.id)).toEqual(created)
  })
})

test('twenty changes at once are all in the history, one after the other', async () => {
  const { id } = await customers.saveCustomer()
  const numbers = Array.from({ length: 20 }, (_, index) => String(index))
  const answers = await Promise.all(numbers.map((city) => put(id, { city: `City ${city}` })))
  expect(answers.map(({ status }) => status)).toEqual(numbers.map(() => 200))
  const history = await customers.historyOf(id)
  expect(history).toEqual([
    '1 customer.created',
    ...numbers.map((_, index) => `${index + 2} customer.updated`),
  ])
})
