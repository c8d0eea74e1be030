// Owns the conversion of a customer's body into the record and back: what is written is read.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NewCustomer } from '../../core/customer/customer-rules.ts'
import { createCustomer } from '../../core/customer/customer-service.ts'
import { printId } from '../../lib/id.ts'
import { documents, testCustomers, unset } from './test-customers.ts'

const customers = testCustomers()
const read = async (id: string) => (await customers.call('GET', `/customers/${id}`)).json.data
const put = (id: string, body: object) => customers.call('PUT', `/customers/${id}`, { body })
const bodyNames = ['email', ...Object.keys(unset)]
/** Of what is shown, what may be sent. */
const settable = (shown: Record<string, unknown>) =>
  Object.fromEntries(bodyNames.map((name) => [name, shown[name]]))

const numRuns = 40
const text = (lengthMax = 60) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: lengthMax / 4 })
    .filter((value) => value.trim() !== '' && !/\p{Cc}/u.test(value) && value.length <= lengthMax)
const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2020-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const phone = fc.constantFrom(
  {},
  { phone_country_code: '1', phone_area_code: '415', phone_number: '5551234' },
  { phone_country_code: '+55', phone_area_code: '11', phone_number: '98765-4321' },
  { phone_country_code: '54', phone_number: '1123456789' },
  { phone_number: '5551234' },
  { phone_area_code: '11' },
)
const identity = fc.constantFrom(
  {},
  { country_code: 'BR', document_type: 'cpf', document_number: documents.cpf },
  { country_code: 'BR', document_type: 'personal_tax_id', document_number: documents.cpf },
  { country_code: 'BR', document_type: 'company_tax_id', document_number: documents.newCnpj },
  { country_code: 'PT', document_type: 'cnpj', document_number: documents.cnpj },
  { country_code: 'US', document_type: 'ssn', document_number: documents.ssn },
  { country_code: 'US', document_type: 'personal_tax_id', document_number: documents.itin },
  { country_code: 'AR', document_type: 'company_tax_id', document_number: documents.cuit },
  { country_code: 'MX', document_type: 'curp', document_number: 'HEGG560427MVZRRL04' },
  { document_type: 'passport', document_number: 'X 123' },
  { document_type: 'passport' },
  { document_number: '42' },
  { country_code: 'JP' },
)
const freeTexts = [
  ...['house_number', 'street_number', 'street_name', 'postal_code', 'city', 'state'],
  ...['subdivision', 'neighborhood', 'mother_name', 'gender', 'owner_legal_name', 'social_name'],
  ...['owner_document_number', 'owner_document_type', 'tax_id', 'account_type'],
  ...['customer_wallet', 'trading_wallet', 'first_name', 'last_name', 'company_name'],
]
const free = fc.record(Object.fromEntries(freeTexts.map((name) => [name, text()])), {
  requiredKeys: [],
})
const others = fc.record(
  {
    dob: day,
    company_start_date: day,
    monthly_net_income: fc.double({ min: 0, max: 1e9, noNaN: true }).map((sum) => sum + 0),
    additional_info: fc
      .dictionary(text(20), fc.jsonValue({ maxDepth: 1 }), { minKeys: 1, maxKeys: 3 })
      // No member of a body bears this name; http/json.test.ts shows it refused.
      .filter((info) => !JSON.stringify(info).includes('"__proto__"')),
  },
  { requiredKeys: [] },
)
const body = fc
  .tuple(identity, phone, free, others)
  .map((parts) => Object.assign({ email: 'alice@example.com' }, ...parts))
  // Minus zero has no spelling in JSON.
  .map((given) => JSON.parse(JSON.stringify(given)))

describe('what was written is read back equal', () => {
  test('by creating', async () => {
    await fc.assert(
      fc.asyncProperty(body, async (given) => {
        const answer = await customers.call('POST', '/customers', { body: given })
        expect(answer.status).toBe(201)
        expect(settable(answer.json.data)).toEqual({ ...unset, ...given })
        expect(await read(answer.json.data.id)).toEqual(answer.json.data)
      }),
      { numRuns },
    )
  })

  test('by changing, over whatever was there', async () => {
    await fc.assert(
      fc.asyncProperty(body, body, async (before, given) => {
        const { id } = await customers.saveCustomer(before)
        const answer = await put(id, { ...unset, ...given })
        expect(answer.status).toBe(200)
        expect(settable(answer.json.data)).toEqual({ ...unset, ...given })
      }),
      { numRuns },
    )
  })

  test('one field at a time leads to the same end as all at once', async () => {
    await fc.assert(
      fc.asyncProperty(free, others, async (texts, more) => {
        const given = { ...texts, ...JSON.parse(JSON.stringify(more)) }
        const { id } = await customers.saveCustomer(unset)
        for (const [name, value] of Object.entries(given)) await put(id, { [name]: value })
        const shown = settable(await read(id))
        expect(shown).toEqual({ ...unset, ...given, email: 'alice@example.com' })
      }),
      { numRuns: 10 },
    )
  })
})

describe('PUT of what GET showed changes nothing and writes no event', () => {
  async function expectUnmoved(id: string): Promise<void> {
    const shown = await read(id)
    const history = await customers.historyOf(id)
    const answer = await put(id, settable(shown))
    expect([answer.status, answer.json.data]).toEqual([200, shown])
    for (const [name, value] of Object.entries(settable(shown))) await put(id, { [name]: value })
    expect(await read(id)).toEqual(shown)
    expect(await customers.historyOf(id)).toEqual(history)
  }

  test('for customers of this surface', async () => {
    await fc.assert(
      fc.asyncProperty(body, async (given) => {
        const { id } = await customers.saveCustomer(given)
        await expectUnmoved(id)
      }),
      { numRuns: 10 },
    )
  })

  const line = { line1: 'Main St 12', line2: 'Apt 3' }
  const noParts = { houseNumber: null, streetNumber: null, streetName: null, neighborhood: null }
  const place = { city: 'Santos', state: null, subdivision: null, postalCode: null }
  test.each<[string, NewCustomer]>([
    ['a full name', { kind: 'individual', name: 'Ana Sosa' }],
    ['a business with one name', { kind: 'business', name: 'Acme Ltda' }],
    ['a business with an e-mail only', { kind: 'business', email: 'acme@example.com' }],
    ['a phone number in one', { kind: 'individual', name: 'A', phone: '+14155551234' }],
    [
      'an address in lines',
      { kind: 'individual', name: 'A', address: { ...line, ...noParts, ...place } },
    ],
    [
      'a document of a country that is not theirs',
      {
        kind: 'individual',
        name: 'A',
        country: 'PT',
        document: { type: 'personal_tax_id', number: documents.cpf, country: 'BR' },
      },
    ],
  ])('for a record that another surface made: %s', async (_name, fields) => {
    const { server } = customers
    const { id } = await createCustomer(server.contextOf(server.testApp), fields)
    await expectUnmoved(printId('customer', id, 'cus'))
  })
})

describe('names', () => {
  const person = { type: 'individual', name: 'Ana María Sosa', country: 'AR' }

  test('one full name stands as the first name: it is never split by guessing', async () => {
    const id = await customers.savePayoutsCustomer(person)
    expect(await read(id)).toMatchObject({
      first_name: 'Ana María Sosa',
      last_name: null,
      company_name: null,
    })
  })

  test('setting the last name keeps the first name that was shown', async () => {
    const id = await customers.savePayoutsCustomer(person)
    const { data } = (await put(id, { last_name: 'García' })).json
    expect(data).toMatchObject({ first_name: 'Ana María Sosa', last_name: 'García' })
    const shown = await customers.server.call('GET', `/payouts/customers/${id}`)
    expect(shown.json.name).toBe('Ana María Sosa García')
  })

  test('both parts together replace the full name', async () => {
    const id = await customers.savePayoutsCustomer(person)
    await put(id, { first_name: 'Ana', last_name: 'Sosa' })
    expect(await read(id)).toMatchObject({ first_name: 'Ana', last_name: 'Sosa' })
    const shown = await customers.server.call('GET', `/payouts/customers/${id}`)
    expect(shown.json.name).toBe('Ana Sosa')
  })

  test('a business with one name shows it as the company name', async () => {
    const id = await customers.savePayoutsCustomer({ ...person, type: 'business', name: 'Acme' })
    expect(await read(id)).toMatchObject({
      first_name: null,
      last_name: null,
      company_name: 'Acme',
    })
    await put(id, { first_name: 'Bob' })
    expect(await read(id)).toMatchObject({ first_name: 'Bob', company_name: 'Acme' })
    const shown = await customers.server.call('GET', `/payouts/customers/${id}`)
    expect(shown.json).toMatchObject({ type: 'business', name: 'Acme' })
  })
})

describe('kind', () => {
  const typeOf = async (id: string) =>
    (await customers.server.call('GET', `/payouts/customers/${id}`)).json.type

  test.each<[string, object]>([
    ['individual', {}],
    ['individual', { document_type: 'personal_tax_id' }],
    ['individual', { document_type: 'cpf' }],
    ['individual', { document_type: 'passport' }],
    ['business', { document_type: 'company_tax_id' }],
    ['business', { document_type: 'cnpj' }],
    ['business', { company_name: 'Acme' }],
    ['business', { company_name: 'Acme', document_type: 'cpf' }],
  ])('%s: created with %j', async (kind, fields) => {
    const { id } = await customers.saveCustomer({ country_code: null, ...fields })
    expect(await typeOf(id)).toBe(kind)
  })

  test('a company name or document makes a business, taking both away a person', async () => {
    const { id } = await customers.saveCustomer()
    const after = async (fields: object) => {
      await put(id, fields)
      return typeOf(id)
    }
    expect(await after({ company_name: 'Acme' })).toBe('business')
    expect(await after({ document_type: 'company_tax_id' })).toBe('business')
    expect(await after({ company_name: null })).toBe('business')
    expect(await after({ last_name: 'Johnson' })).toBe('business')
    expect(await after({ document_type: null })).toBe('individual')
  })

  test('an unrelated change leaves a business of another surface a business', async () => {
    const fields = { type: 'business', name: 'Acme', country: 'AR' }
    const id = await customers.savePayoutsCustomer(fields)
    await put(id, { city: 'Santos', document_type: 'passport' })
    expect(await typeOf(id)).toBe('business')
  })
})
