// Owns the guarantees of registering at Pagar.me: exact requests, one customer an e-mail.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProviderCustomer, Registering } from '../../core/provider.ts'
import { gaivota, lia, openPagarMe, type PagarMeBench } from './testing/pagar-me-samples.ts'

let bench: PagarMeBench
beforeEach(async () => {
  bench = await openPagarMe()
})
afterEach(async () => {
  expect(bench.standIn.violations).toEqual([])
  await bench.close()
})

const register = (over: Partial<Registering> = {}) =>
  bench.pagarMe.register(bench.connection, {
    role: 'customer',
    customer: lia,
    providerData: {},
    idempotencyKey: `reg-${over.customer?.recordId ?? lia.recordId}`,
    isRepeat: false,
    ...over,
  })

const refusedFor = (reason: string) => ({
  definition: { code: 'provider_rejected' },
  message: expect.stringContaining(`refused the request: ${reason}.`),
})

const address = {
  line_1: '12, Rua das Gaivotas, Centro',
  line_2: '',
  zip_code: '11000000',
  city: 'Santos',
  state: 'SP',
  country: 'BR',
}

describe('a customer', () => {
  test('who is a person is sent exactly, and is approved at once', async () => {
    const state = await register()
    const [post, ...others] = bench.standIn.requests
    expect(others).toEqual([])
    expect([post?.method, post?.url]).toEqual(['POST', '/core/v5/customers'])
    expect(post?.headers).toMatchObject({
      authorization: 'Basic c2tfdGVzdF9zdGFuZF9pbjo=',
      'idempotency-key': 'reg-cust_lia',
    })
    expect(post?.json()).toEqual({
      name: 'Lia Prado',
      email: 'lia@example.test',
      code: 'cust_lia',
      type: 'individual',
      metadata: { record_id: 'cust_lia' },
      document: '00000000191',
      document_type: 'CPF',
      phones: { mobile_phone: { country_code: '55', area_code: '13', number: '955501234' } },
      address,
    })
    expect(state).toEqual({
      remoteId: 'cus_0001',
      status: 'approved',
      actionRequired: null,
      actionUrl: null,
      rejectionReason: null,
      failureReasons: [],
      facts: { code: 'cust_lia', shared: false, delinquent: false },
    })
  })

  test('that is a business is sent as a company with its CNPJ', async () => {
    await register({ customer: gaivota })
    expect(bench.standIn.requests[0]?.json()).toEqual({
      name: 'Gaivota Comercio Ltda',
      email: 'contato@gaivota.test',
      code: 'cust_gaivota',
      type: 'company',
      metadata: { record_id: 'cust_gaivota' },
      document: '12ABC34501DE35',
      document_type: 'CNPJ',
      phones: { mobile_phone: { country_code: '55', area_code: '13', number: '955501234' } },
      address,
    })
  })

  const parts = { countryCode: '+1', areaCode: '212', number: '555-0100' }
  const bare = { document: null, phone: null, phoneParts: null, address: null }
  test.each<[string, Partial<ProviderCustomer>, Record<string, unknown>]>([
    ['nothing but a name and an e-mail', { ...bare }, {}],
    ['a full name that is not parted', { ...bare, givenName: null, familyName: null }, {}],
    [
      'a passport',
      { ...bare, document: { type: 'passport', number: 'ab-123456', country: 'FR' } },
      { document: 'AB123456', document_type: 'PASSPORT' },
    ],
    ['another document', { ...bare, document: { type: 'ssn', number: '1', country: 'US' } }, {}],
    [
      'a foreign number with its parts',
      { ...bare, phone: '+12125550100', phoneParts: parts },
      { phones: { mobile_phone: { country_code: '1', area_code: '212', number: '5550100' } } },
    ],
    ['a foreign number without them', { ...bare, phone: '+12125550100' }, {}],
    ['an address without a city', { ...bare, address: { ...addressOf(lia), city: null } }, {}],
  ])('with %s is sent with what there is', async (_what, over, expected) => {
    await register({ customer: { ...lia, ...over } })
    expect(bench.standIn.requests[0]?.json()).toEqual({
      name: 'Lia Prado',
      email: 'lia@example.test',
      code: 'cust_lia',
      type: 'individual',
      metadata: { record_id: 'cust_lia' },
      ...expected,
    })
  })

  test.each<[Partial<Registering>, string]>([
    [{ customer: { ...lia, email: null } }, 'email is missing'],
    [{ customer: { ...lia, name: null, givenName: null, familyName: null } }, 'name is missing'],
    [{ providerData: { a: 1 } }, 'Pagar.me takes no provider_data for a customer'],
  ])('is refused before the network: %#', async (over, reason) => {
    await expect(register(over)).rejects.toMatchObject(refusedFor(reason))
    expect(bench.standIn.requests).toEqual([])
  })

  test('with the e-mail of another record shares its remote customer, and says so', async () => {
    const first = await register()
    const second = await register({ customer: { ...lia, recordId: 'cust_twin' } })
    expect(second.remoteId).toBe(first.remoteId)
    expect(second.facts).toEqual({ code: 'cust_lia', shared: true, delinquent: false })
    expect(bench.standIn.customers).toHaveLength(1)
    const record = { remoteId: second.remoteId, role: 'customer' } as const
    const read = await bench.pagarMe.read(bench.connection, record)
    expect(read).toEqual(second)
  })

  test('whose code a person wrote keeps it out of the facts', async () => {
    await register()
    const [customer] = bench.standIn.customers
    if (customer) customer.sent['code'] = 'lia@example.test'
    const record = { remoteId: 'cus_0001', role: 'customer' } as const
    expect((await bench.pagarMe.read(bench.connection, record)).facts).toEqual({
      code: null,
      shared: true,
      delinquent: false,
    })
  })
})

function addressOf(customer: ProviderCustomer) {
  if (customer.address === null) throw new Error('the sample has an address')
  return customer.address
}

describe('a try whose answer was lost', () => {
  beforeEach(async () => {
    bench.standIn.badDay = 'reset_after'
    await expect(register()).rejects.toMatchObject({ definition: { code: 'provider_unavailable' } })
    bench.standIn.badDay = null
    expect(bench.standIn.customers).toHaveLength(1)
  })

  test('is repeated, and there is exactly one customer', async () => {
    const state = await register({ isRepeat: true })
    expect(state.remoteId).toBe('cus_0001')
    expect(bench.standIn.customers).toHaveLength(1)
  })

  test('is found by our code though the e-mail has changed since, and brought up to date', async () => {
    bench.standIn.areKeysOld = true
    const customer = { ...lia, email: 'lia.nova@example.test' }
    const state = await register({ isRepeat: true, customer })
    expect(state.remoteId).toBe('cus_0001')
    expect(bench.standIn.customers.map(({ sent }) => sent['email'])).toEqual([
      'lia.nova@example.test',
    ])
    const urls = bench.standIn.requests.map(({ method, url }) => `${method} ${url}`)
    expect(urls.slice(1)).toEqual([
      'GET /core/v5/customers?Code=cust_lia&page=1&size=30',
      'PUT /core/v5/customers/cus_0001',
    ])
  })
})

test('no URL carries an e-mail address, a name or a document', async () => {
  await register()
  await register({ isRepeat: true })
  const record = { remoteId: 'cus_0001', role: 'customer' } as const
  const fields = ['email', 'givenName', 'shipping'] as const
  await bench.pagarMe.push(bench.connection, record, {
    customer: { ...lia, givenName: 'Ana' },
    fields,
    idempotencyKey: 'push-1',
  })
  const urls = bench.standIn.requests.map(({ url }) => decodeURIComponent(url)).join(' ')
  expect(urls).not.toMatch(/example\.test|Prado|Ana|0191|Gaivotas/)
  expect(bench.standIn.requests).toHaveLength(5)
})
