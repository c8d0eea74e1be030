// Owns the proof that the orchestration page "Customers" (001) holds, sentence by sentence.
import { describe, expect, test } from 'vitest'
import { orchestrationSurface } from '../../server/src/surfaces/orchestration/surface.ts'
import { orchestration001Examples as page } from './orchestration-001-examples.ts'
import {
  argumentOf,
  exampleCustomer,
  isOk,
  orchestrationServer,
  pdf,
} from './orchestration-server.ts'

const customers = orchestrationServer()
const newId = async (fields: object = {}): Promise<string> =>
  (await customers.create({ ...exampleCustomer, ...fields })).json.data.id
const emailsIn = (data: { customer_list: { email: string }[] }) =>
  data.customer_list.map(({ email }) => email)

describe('Customers', () => {
  test('"A customer represents an end user or business entity": both can be created', async () => {
    const person = await customers.create(exampleCustomer)
    const business = await customers.create({ email: 'acme@example.com', company_name: 'Acme' })
    expect([isOk(person), isOk(business)]).toEqual([true, true])
    expect(person.json.data).toMatchObject({ first_name: 'Alice', company_name: null })
    expect(business.json.data).toMatchObject({ first_name: null, company_name: 'Acme' })
  })

  test('"Every … provider registration is tied to a customer": never to nobody', async () => {
    const answer = await customers.populatePlatform('cus_abc123', { provider: 'stripe' })
    expect(answer.status).toBe(404)
    const id = await customers.register()
    expect((await customers.populatePlatform(id)).json.data).toHaveLength(1)
    expect((await customers.populatePlatform(await newId())).json.data).toEqual([])
  })

  test('"Create a customer first, then … initiate payments on their behalf": by the same id', async () => {
    const id = await newId({ country_code: 'AR' })
    const body = {
      amount: '10.00',
      currency: 'ARS',
      destinationCbu: '0070327530004025541644',
      customerId: id,
    }
    const payout = await customers.server.call('POST', '/payouts/payouts', { body })
    expect(payout.status).toBe(201)
    expect(payout.json.customerId.split('_')[1]).toBe(id.split('_')[1])
  })
})

describe('Methods', () => {
  const methods: [string, string, (id: string) => Promise<{ status: number }>][] = [
    ['create(customer)', 'Create a new customer', () => customers.create(exampleCustomer)],
    ['get(id)', 'Get a customer by ID', (id) => customers.get(id)],
    ['list(params?)', 'List customers with optional filters', () => customers.list()],
    ['update(id, customer)', 'Update an existing customer', (id) => customers.update(id, {})],
    [
      'sync(id, sync)',
      'Sync customer data to a provider',
      (id) => customers.sync(id, { providers: ['stripe'], fields: ['email'] }),
    ],
    [
      'balance(customerId, filter)',
      "Get a customer's balance for a provider",
      (id) => customers.balance(id, { provider: 'stripe', role: 'customer' }),
    ],
    [
      'uploadFiles(customerId, files)',
      'Upload files for a customer',
      (id) => customers.uploadFiles(id, [pdf]),
    ],
    [
      'getFiles(customerId)',
      'Get files associated with a customer',
      (id) => customers.getFiles(id),
    ],
    [
      'populatePlatform(customerId)',
      'Populate platform data for a customer',
      (id) => customers.populatePlatform(id),
    ],
  ]
  test.each(methods)('%s: %s', async (_name, description, send) => {
    const answer = await send(await customers.register())
    expect(answer.status).toBeLessThan(300)
    const summaries = orchestrationSurface.operations.map(({ summary }) => summary)
    const words = description.replace(' new ', ' ')
    expect(summaries).toContain(words)
  })
})

describe('Create a customer', () => {
  test('the example creates one, and its id is in result.value.data.id', async () => {
    const body = argumentOf(page.create)
    expect(JSON.parse(body)).toEqual(exampleCustomer)
    const answer = await customers.create(body)
    expect([answer.status, isOk(answer)]).toEqual([201, true])
    expect(answer.json.data).toMatchObject(exampleCustomer)
    expect(answer.json.data.id).toMatch(/^cus_/)
  })
})

describe('Get a customer', () => {
  test('the example reads the e-mail from result.value.data.email', async () => {
    const answer = await customers.get(await newId())
    expect([isOk(answer), answer.json.data.email]).toEqual([true, 'alice@example.com'])
  })

  test('an id that names nobody is not ok', async () => {
    const answer = await customers.get('cus_abc123')
    expect([answer.status, isOk(answer), answer.json.data]).toEqual([404, false, null])
  })
})

describe('List customers', () => {
  test('the example: count in all, and each customer with id and e-mail', async () => {
    const id = await newId()
    const answer = await customers.list(JSON.parse(argumentOf(page.list)))
    expect(isOk(answer)).toBe(true)
    const { count, customer_list } = answer.json.data
    expect(count).toBeGreaterThanOrEqual(customer_list.length)
    expect(customer_list[0].id).toBe(id)
    expect(new Set(emailsIn(answer.json.data))).toEqual(new Set(['alice@example.com']))
  })

  test('Query parameters: limit is the maximum number of results', async () => {
    for (const email of ['l1@example.com', 'l2@example.com']) await newId({ email })
    const { data } = (await customers.list({ limit: 2 })).json
    expect(emailsIn(data)).toEqual(['l2@example.com', 'l1@example.com'])
    expect((await customers.list({ limit: 'many' })).status).toBe(400)
  })

  test('Query parameters: offset is the number of results to skip', async () => {
    for (const email of ['o1@example.com', 'o2@example.com']) await newId({ email })
    const { data } = (await customers.list({ limit: 1, offset: 1 })).json
    expect(emailsIn(data)).toEqual(['o1@example.com'])
  })

  test.each([
    ['email', 'filter@example.com', { email: 'filter@example.com' }],
    ['country_code', 'JP', { country_code: 'JP' }],
    ['document_type', 'passport', { document_type: 'passport' }],
  ])('Query parameters: filter by %s', async (name, value, fields) => {
    const id = await newId(fields)
    await newId()
    const { count, customer_list } = (await customers.list({ [name]: value })).json.data
    expect([count, customer_list[0].id]).toEqual([1, id])
  })

  test.each([
    ['provider', 'mercado_pago', 'alice@example.com'],
    ['provider_registration_status', 'rejected', 'alice+reject@example.com'],
    ['target_role', 'connected_account', 'alice@example.com'],
  ])('Query parameters: filter by %s', async (name, value, email) => {
    const provider = name === 'provider' ? 'mercado_pago' : 'stripe'
    const role = name === 'target_role' ? 'connected_account' : 'customer'
    const before = (await customers.list({ [name]: value })).json.data.count
    const id = await customers.register(provider, role, { email })
    await newId()
    const { count, customer_list } = (await customers.list({ [name]: value })).json.data
    expect([count, customer_list[0].id]).toEqual([before + 1, id])
  })
})

describe('Update a customer', () => {
  test('the example changes the last name and the phone, and leaves the rest', async () => {
    const id = await newId()
    const answer = await customers.update(id, argumentOf(page.update))
    expect([isOk(answer), answer.json.data.last_name]).toEqual([true, 'Johnson'])
    const given = JSON.parse(argumentOf(page.update))
    expect((await customers.get(id)).json.data).toMatchObject({ ...exampleCustomer, ...given })
  })
})

describe('Sync customer data', () => {
  test('the example "push customer fields to a specific provider"', async () => {
    const id = await customers.register()
    const answer = await customers.sync(id, argumentOf(page.sync))
    expect([isOk(answer), answer.json.data.provider]).toEqual([true, 'stripe'])
    expect(answer.json.data.fields).toEqual(['email', 'first_name', 'last_name'])
  })

  test('"when you update customer data locally and need the provider\'s records to stay in sync"', async () => {
    const id = await customers.register()
    const synced = async () => (await customers.get(id)).json.data.synced
    expect(await synced()).toBe(true)
    await customers.update(id, { email: 'alice@example.org' })
    expect(await synced()).toBe(false)
    await customers.sync(id, argumentOf(page.sync))
    await customers.server.drainJobs()
    expect(await synced()).toBe(true)
  })

  const sixProviders = ['stripe', 'bridge', 'pagar_me', 'brla', 'avenia', 'mercado_pago']
  test.each(sixProviders)('providers: "%s" is one to sync with', async (provider) => {
    const answer = await customers.sync(await newId(), { providers: [provider], fields: ['email'] })
    expect([answer.status, answer.json.msg]).toEqual([
      404,
      `The customer is not registered at ${provider}. Register the customer there first.`,
    ])
  })

  test.each([[[]], [['stripe', 'bridge']], [['paypal']]])(
    'providers: exactly one, not %j',
    async (providers) => {
      const answer = await customers.sync(await newId(), { providers, fields: ['email'] })
      expect(answer.status).toBe(400)
    },
  )

  test.each(['shipping', 'email', 'first_name', 'last_name'])('fields: "%s"', async (field) => {
    const id = await customers.register()
    const answer = await customers.sync(id, { providers: ['stripe'], fields: [field] })
    expect([answer.status, answer.json.data.fields]).toEqual([200, [field]])
  })
})
