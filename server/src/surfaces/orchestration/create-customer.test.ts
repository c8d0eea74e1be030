// Owns the outcomes of POST /api/v1/customers.
import { describe, expect, test } from 'vitest'
import {
  documents,
  fieldRefusal,
  newCustomer,
  refusal,
  refusalOf,
  testCustomers,
  unregistered,
  unset,
  wireTime,
} from './test-customers.ts'

const customers = testCustomers()
const create = (body: unknown) => customers.call('POST', '/customers', { body })

const whole = {
  ...newCustomer,
  document_number: documents.ssn,
  document_type: 'personal_tax_id',
  dob: '1990-12-31',
  phone_country_code: '1',
  phone_area_code: '415',
  phone_number: '5551234',
  house_number: '12',
  street_number: '14',
  street_name: 'Main St',
  postal_code: '94110',
  city: 'San Francisco',
  state: 'CA',
  subdivision: 'US-CA',
  neighborhood: 'Mission',
  mother_name: 'Ana Smith',
  monthly_net_income: 5_000.5,
  gender: 'female',
  owner_legal_name: 'Bob Smith',
  owner_document_number: '1',
  owner_document_type: 'passport',
  company_start_date: '2015-06-01',
  social_name: 'Al',
  tax_id: '12-3456789',
  account_type: 'checking',
  additional_info: { plan: 'gold', nested: { list: [1, null, true] } },
  customer_wallet: '0x52908400098527886E0F7030069857D2E4169EE7',
  trading_wallet: '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
}

describe('201', () => {
  test('an e-mail alone makes a customer; the rest is null', async () => {
    const answer = await create({ email: 'alice@example.com' })
    expect(answer.status).toBe(201)
    const id = expect.stringMatching(/^cus_[0-7][0-9a-hjkmnp-tv-z]{25}$/)
    expect(answer.json).toEqual({
      msg: 'Customer created',
      data: {
        ...unset,
        ...unregistered,
        id,
        customer_id: id,
        email: 'alice@example.com',
        created_at: expect.stringMatching(wireTime),
        updated_at: expect.stringMatching(wireTime),
      },
    })
    expect(answer.json.data.customer_id).toBe(answer.json.data.id)
    expect(answer.json.data.updated_at).toBe(answer.json.data.created_at)
  })

  test('every field is answered as it was given, and read again so', async () => {
    const { json } = await create(whole)
    expect(json.data).toMatchObject({ ...whole, ...unregistered, company_name: null })
    const read = await customers.call('GET', `/customers/${json.data.id}`)
    expect(read.json.data).toEqual(json.data)
  })

  test('its history is one event that holds what was given', async () => {
    const { json } = await create(whole)
    expect(await customers.historyOf(json.data.id)).toEqual(['1 customer.created'])
    const [event] = await customers.eventsOf(json.data.id)
    expect(event?.actor).toMatch(/^key:/)
    expect(event?.changes).toMatchObject({
      kind: 'individual',
      name: 'Alice Smith',
      givenName: 'Alice',
      familyName: 'Smith',
      phone: '+14155551234',
      country: 'US',
      document: { type: 'personal_tax_id', number: documents.ssn, country: 'US' },
      metadata: whole.additional_info,
      background: { motherName: 'Ana Smith', monthlyNetIncome: 5_000.5 },
    })
  })

  test('an e-mail is not unique: two customers with the same one are two customers', async () => {
    const [first, second] = [await create(newCustomer), await create(newCustomer)]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.json.data.id).not.toBe(second.json.data.id)
  })

  test.each([
    ['country_code', 'us', 'US'],
    ['country_code', 'bR', 'BR'],
  ])('%s %s is shown as %s', async (field, given, shown) => {
    const { json } = await create({ ...newCustomer, [field]: given })
    expect(json.data[field]).toBe(shown)
  })

  test('null says the same as leaving a field out', async () => {
    const answer = await create({ ...unset, email: 'alice@example.com' })
    expect(answer.status).toBe(201)
    expect(answer.json.data).toMatchObject(unset)
  })
})

describe('400', () => {
  test('email is required, also beside a name', async () => {
    const { email: _email, ...others } = newCustomer
    const answer = await create(others)
    expect(answer.status).toBe(400)
    const fix = 'Correct the field that is named and send the request again.'
    expect(answer.json).toEqual({
      msg: `email: is missing. ${fix}`,
      data: null,
      errors: [{ field: 'email', message: 'is missing' }],
    })
  })

  test.each<[string, unknown, string]>([
    ['email', 'alice', 'is not an e-mail address like name@example.com'],
    ['first_name', ' ', 'is blank'],
    ['last_name', 'a\u0007', 'holds a control character'],
    ['company_name', '', 'is blank'],
    ['dob', '1990-02-30', 'is not a date like 1990-12-31'],
    ['dob', '2999-01-01', 'lies in the future'],
    ['country_code', 'ZZ', 'is not an ISO 3166-1 alpha-2 code such as AR'],
    ['phone_country_code', 'x', 'is not a country calling code such as 1 or 55'],
    ['phone_area_code', 'x', 'is not 1 to 6 digits'],
    ['phone_number', 'x', 'is not 2 to 19 digits'],
    ['street_name', ' ', 'is blank'],
    ['mother_name', ' ', 'is blank'],
    ['company_start_date', 'June', 'is not a date like 1990-12-31'],
  ])('%s %j: names the field and the rule', async (field, value, rule) => {
    const before = await customers.countRows()
    const answer = await create({ ...newCustomer, [field]: value })
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual(fieldRefusal(field, rule))
    expect(await customers.countRows()).toEqual(before)
  })

  test.each<[string, unknown]>([
    ['email', null],
    ['email', 1],
    ['first_name', 'a'.repeat(201)],
    ['document_type', 'dni'],
    ['country_code', 'USA'],
    ['monthly_net_income', '5000'],
    ['monthly_net_income', -1],
    ['additional_info', 'gold'],
    ['additional_info', Object.fromEntries(Array.from({ length: 51 }, (_, key) => [key, 1]))],
    ['city', 7],
  ])('%s may not be %j', async (field, value) => {
    const answer = await create({ ...newCustomer, [field]: value })
    expect(refusalOf(answer)).toEqual(refusal(400, field))
  })

  test.each(['id', 'status', 'synced', 'roles', 'created_at', 'nickname'])(
    '%s is no field to set, and is refused by name',
    async (field) => {
      const body = `{"email":"alice@example.com","${field}":"x"}`
      const answer = await create(body)
      expect(refusalOf(answer)).toEqual(refusal(400, field))
      expect(answer.json.errors[0].message).toMatch(/^is not known here; known: email, first_name/)
    },
  )

  test.each(['name', 'phone', 'metadata', 'address', 'country', 'document', 'role'])(
    '%s is a word of the core, and no field here: refused by the name that was sent',
    async (field) => {
      const answer = await create({ ...newCustomer, [field]: 'x' })
      expect(refusalOf(answer)).toEqual(refusal(400, field))
      expect(answer.json.msg).toContain(`${field}: is not known here`)
    },
  )

  test('every field that breaks the form is named at once', async () => {
    const answer = await create({ email: 1, first_name: 2, nickname: 3 })
    expect(refusalOf(answer)).toMatchObject({ status: 400, isWhole: true })
    const { fields } = refusalOf(answer)
    expect(fields.toSorted()).toEqual(['email', 'first_name', 'nickname'])
  })

  test.each<[string, unknown]>([
    ['no body', undefined],
    ['an array', []],
    ['text', '"alice"'],
    ['broken JSON', '{"email":'],
  ])('%s is no customer', async (_name, body) => {
    const before = await customers.countRows()
    const headers = { 'content-type': 'application/json' }
    const answer = await customers.call('POST', '/customers', { body, headers })
    expect(answer.status).toBe(400)
    expect(refusalOf(answer).isWhole).toBe(true)
    expect(await customers.countRows()).toEqual(before)
  })
})

test('no refusal repeats what was sent', async () => {
  const secret = 'Zz-Personal-Zz'
  for (const field of ['email', 'dob', 'country_code', 'phone_number', 'document_type']) {
    const answer = await create({ ...newCustomer, [field]: secret })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain(secret)
  }
})
