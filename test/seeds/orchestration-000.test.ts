// Owns the proof that the orchestration page "Customers" (000, the short one) holds on the wire.
import { describe, expect, test } from 'vitest'
import { onboardingMachine } from '../../server/src/core/customer/onboarding.ts'
import {
  exampleCustomer,
  isOk,
  orchestrationServer,
  pdf,
  requestFields,
  twelveStatuses,
} from './orchestration-server.ts'

const customers = orchestrationServer()
const newId = async (fields: object = {}): Promise<string> =>
  (await customers.create({ ...exampleCustomer, ...fields })).json.data.id
const atStripe = { provider: 'stripe', role: 'customer' }

describe('Methods', () => {
  test('create(customer): Create a new customer', async () => {
    const [first, second] = [await newId(), await newId()]
    expect(first).not.toBe(second)
  })

  test('get(id): Get a customer by ID', async () => {
    const { data } = (await customers.create(exampleCustomer)).json
    const answer = await customers.get(data.id)
    expect([answer.status, answer.json.data]).toEqual([200, data])
  })

  test('list(params?): List customers with optional filters', async () => {
    const id = await newId()
    const { count, customer_list } = (await customers.list()).json.data
    expect(count).toBeGreaterThan(0)
    expect(customer_list[0].id).toBe(id)
    expect((await customers.list({ country_code: 'JP' })).json.data.count).toBe(0)
  })

  test('update(id, customer): Update an existing customer', async () => {
    const id = await newId()
    expect((await customers.update(id, { city: 'Santos' })).json.data.city).toBe('Santos')
    expect((await customers.update('cus_abc123', { city: 'Santos' })).status).toBe(404)
  })

  test('sync(id, sync): Sync customer data to a provider', async () => {
    const answer = await customers.sync(await customers.register(), {
      providers: ['stripe'],
      fields: ['email'],
    })
    expect(answer.json).toMatchObject({ msg: 'Sync scheduled', data: { status: 'scheduled' } })
  })

  test("balance(customerId, filter): Get a customer's balance for a provider", async () => {
    const answer = await customers.balance(await customers.register(), atStripe)
    expect([isOk(answer), answer.json.data.balances[0].provider]).toEqual([true, 'stripe'])
  })

  test('uploadFiles(customerId, files): Upload files for a customer', async () => {
    const answer = await customers.uploadFiles(await newId(), [pdf, { ...pdf, fileName: 'b.pdf' }])
    expect([answer.status, answer.json.data.length]).toEqual([201, 2])
  })

  test('getFiles(customerId): Get files associated with a customer', async () => {
    const [id, other] = [await newId(), await newId()]
    await customers.uploadFiles(other, [pdf])
    expect((await customers.getFiles(id)).json.data).toEqual([])
    expect((await customers.getFiles(other)).json.data).toHaveLength(1)
  })

  test('populatePlatform(customerId): Populate platform data for a customer', async () => {
    const { data } = (await customers.populatePlatform(await customers.register())).json
    expect(data).toMatchObject([{ provider: 'stripe', target_role: 'customer' }])
  })
})

describe('Query parameters', () => {
  test.each([
    ['limit', '1', 200],
    ['limit', 'one', 400],
    ['offset', '1', 200],
    ['offset', 'one', 400],
  ])('%s is a number: %s answers %i', async (name, value, status) => {
    expect((await customers.list({ [name]: value })).status).toBe(status)
  })

  test('limit and offset: the results are cut, the count is not', async () => {
    const email = 'paging@example.com'
    const ids = [await newId({ email }), await newId({ email }), await newId({ email })]
    const { data } = (await customers.list({ email, limit: 1, offset: 1 })).json
    expect([data.count, data.customer_list[0].id]).toEqual([3, ids[1]])
    expect(data.customer_list).toHaveLength(1)
  })

  test.each([
    ['email', 'string-000@example.com'],
    ['country_code', 'NZ'],
    ['document_type', 'curp'],
  ])('%s: a string to filter by', async (name, value) => {
    const id = await newId({ [name]: value })
    const { data } = (await customers.list({ [name]: value })).json
    expect(data.customer_list.map((one: { id: string }) => one.id)).toEqual([id])
  })

  test('provider, provider_registration_status, target_role: of one registration', async () => {
    const id = await customers.register('mercado_pago', 'customer')
    const found = async (provider_registration_status: string) => {
      const filter = {
        provider: 'mercado_pago',
        provider_registration_status,
        target_role: 'customer',
      }
      return (await customers.list(filter)).json.data.customer_list
    }
    expect(await found('approved')).toMatchObject([{ id }])
    expect(await found('rejected')).toEqual([])
  })
})

describe('Sync customer data', () => {
  test('"Push customer fields to a specific provider": to that one alone', async () => {
    const id = await customers.register('stripe')
    await customers.populatePlatform(id, { provider: 'mercado_pago' })
    await customers.server.drainJobs()
    await customers.update(id, { email: 'alice@example.org' })
    await customers.sync(id, { providers: ['stripe'], fields: ['email'] })
    await customers.server.drainJobs()
    const { json } = await customers.server.call('GET', `/v1/customers/${id}/registrations`)
    const outcomes = json.data.map(
      (one: { provider: string; fields: { field: string; outcome: string }[] }) => [
        one.provider,
        one.fields.find(({ field }) => field === 'email')?.outcome,
      ],
    )
    expect(outcomes).toEqual([
      ['stripe', 'updated'],
      ['mercado_pago', 'registered'],
    ])
    expect((await customers.get(id)).json.data.synced).toBe(false)
  })

  test('"exactly one" provider, of six', async () => {
    const id = await customers.register()
    const statusOf = async (providers: string[]) =>
      (await customers.sync(id, { providers, fields: ['email'] })).status
    expect(await statusOf(['stripe'])).toBe(200)
    expect(await statusOf([])).toBe(400)
    expect(await statusOf(['stripe', 'bridge'])).toBe(400)
    for (const provider of ['bridge', 'pagar_me', 'brla', 'avenia', 'mercado_pago']) {
      // Known, and the customer is not registered there.
      expect(await statusOf([provider])).toBe(404)
    }
    expect(await statusOf(['adyen'])).toBe(400)
  })

  test('"Fields to sync": the four, together and no others', async () => {
    const id = await customers.register()
    const fields = ['shipping', 'email', 'first_name', 'last_name']
    const statusOf = async (wanted: string[]) =>
      (await customers.sync(id, { providers: ['stripe'], fields: wanted })).status
    expect(await statusOf(fields)).toBe(200)
    for (const field of ['phone', 'address', 'dob']) expect(await statusOf([field])).toBe(400)
  })
})

test('Get customer balance: "for a specific provider and role"', async () => {
  const id = await customers.register('stripe', 'connected_account')
  const asked = { provider: 'stripe', role: 'connected_account' }
  const { data } = (await customers.balance(id, asked)).json
  expect(data.filters).toEqual({ customer_id: id, ...asked })
  expect((await customers.balance(id, atStripe)).status).toBe(404)
})

describe('Request fields', () => {
  test('all of them together on create, read again as they were given', async () => {
    const given = { ...Object.fromEntries(requestFields), country_code: 'US' }
    const { data } = (await customers.create(given)).json
    expect(data).toMatchObject(given)
    expect((await customers.get(data.id)).json.data).toEqual(data)
  })

  test.each(requestFields)('%s (%s) may be left out on update and stays', async (name, value) => {
    const fields = { email: 'bob@example.com', [name]: value }
    const { id } = (await customers.create(fields)).json.data
    await customers.update(id, { neighborhood: 'Centro' })
    expect((await customers.get(id)).json.data).toMatchObject(fields)
  })
})

test('Upload files: "uses multipart form data upload"', async () => {
  const id = await newId()
  expect((await customers.uploadFiles(id, [pdf])).json.data[0].content_type).toBe('application/pdf')
  const raw = { body: pdf.value, headers: { 'content-type': 'application/pdf' } }
  const path = `/orchestration/api/v1/customers/${id}/files`
  expect((await customers.server.call('POST', path, raw)).status).toBe(415)
})

describe('Customer status values', () => {
  test('12 possible values, each of which can be reached', () => {
    expect(onboardingMachine.states).toEqual(twelveStatuses)
    const reached = new Set(['NOT_STARTED'])
    for (const state of onboardingMachine.states) {
      for (const next of onboardingMachine.movesFrom(state)) reached.add(next)
    }
    expect([...reached].toSorted()).toEqual(twelveStatuses.toSorted())
  })

  test('a new customer has one of them', async () => {
    expect(twelveStatuses).toContain((await customers.create(exampleCustomer)).json.data.status)
  })
})

test('Response data: "all request fields plus additional system fields"', async () => {
  const { data } = (await customers.create(exampleCustomer)).json
  expect(Object.keys(data)).toEqual(
    expect.arrayContaining([
      ...requestFields.map(([name]) => name),
      ...['id', 'customer_id', 'customer_wallet', 'trading_wallet', 'account_type'],
      ...['additional_info', 'synced', 'synced_at', 'street_name', 'house_number', 'city'],
      ...['street_number', 'postal_code', 'state', 'subdivision', 'neighborhood'],
    ]),
  )
})
