// Owns the rules of documents, phones, addresses and free-form fields in a customer's body.
import { describe, expect, test } from 'vitest'
import { createCustomer, getCustomer } from '../../core/customer/customer-service.ts'
import { printId } from '../../lib/id.ts'
import { documents, fieldRefusal, testCustomers, unset, uuidOf } from './test-customers.ts'

const customers = testCustomers()
const create = (fields: object) =>
  customers.call('POST', '/customers', { body: { email: 'alice@example.com', ...fields } })
const put = (id: string, body: object) => customers.call('PUT', `/customers/${id}`, { body })
const read = async (id: string) => (await customers.call('GET', `/customers/${id}`)).json.data
const recordOf = (id: string) => {
  const { server } = customers
  return getCustomer(server.contextOf(server.testApp), uuidOf('customer', id))
}

describe('document numbers', () => {
  const { cpf, cnpj, newCnpj, wrongCpf, wrongCnpj, ssn, itin, cuit } = documents
  const cases: [
    type: string,
    country: string | null,
    right: string[],
    wrong: string,
    rule: string,
  ][] = [
    ['cpf', null, [cpf, '52998224725'], wrongCpf, 'CPF of BR'],
    ['cpf', 'PT', [cpf], wrongCpf, 'CPF of BR'],
    ['personal_tax_id', 'BR', [cpf], wrongCpf, 'CPF of BR'],
    ['personal_tax_id', 'br', [cpf], cnpj, 'CPF of BR'],
    ['cnpj', null, [cnpj, newCnpj, '12ABC34501DE35'], wrongCnpj, 'CNPJ of BR'],
    ['company_tax_id', 'BR', [cnpj, newCnpj], '12.ABC.345/01DE-36', 'CNPJ of BR'],
    ['ssn', null, [ssn, '536904399'], '000-12-3456', 'SSN of US'],
    ['itin', null, [itin], ssn, 'ITIN of US'],
    ['personal_tax_id', 'US', [ssn, itin], '123', 'SSN or ITIN of US'],
    ['personal_tax_id', 'AR', [cuit], '20-22137007-6', 'CUIT or CUIL of AR'],
    ['company_tax_id', 'AR', [cuit], '20-22137007-6', 'CUIT of AR'],
  ]
  test.each(cases)('%s with country %s is checked', async (type, country, right, wrong, rule) => {
    const fields = { document_type: type, country_code: country }
    for (const number of right) {
      const answer = await create({ ...fields, document_number: number })
      expect([answer.status, answer.json.data.document_number]).toEqual([201, number])
    }
    const answer = await create({ ...fields, document_number: wrong })
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual(fieldRefusal('document_number', `is not a valid ${rule}`))
    expect(answer.text).not.toContain(wrong)
  })

  test.each([
    ['personal_tax_id', 'PT'],
    ['personal_tax_id', null],
    ['company_tax_id', 'US'],
    ['passport', 'BR'],
    ['curp', null],
    ['cc', 'BR'],
    [null, 'BR'],
  ])('%s with country %s has no public check: any number is kept', async (type, country) => {
    const fields = { document_type: type, country_code: country, document_number: '42-A' }
    const answer = await create(fields)
    expect([answer.status, answer.json.data.document_number]).toEqual([201, '42-A'])
  })

  test.each([
    ['cpf', 'PT', 'BR'],
    ['cnpj', null, 'BR'],
    ['ssn', 'BR', 'US'],
    ['cc', null, 'CO'],
    ['curp', 'US', 'MX'],
    ['personal_tax_id', 'PT', 'PT'],
    ['passport', 'PT', 'PT'],
    ['company_tax_id', null, null],
  ])('%s of a customer in %s is a document of %s', async (document_type, country_code, country) => {
    const { id } = (await create({ document_type, country_code })).json.data
    expect((await recordOf(id)).document).toEqual({ type: document_type, number: null, country })
  })

  test('another country checks the number again, and takes a generic document with it', async () => {
    const fields = { document_type: 'personal_tax_id', document_number: documents.ssn }
    const { id } = (await create({ ...fields, country_code: 'US' })).json.data
    const refused = await put(id, { country_code: 'BR' })
    expect(refused.status).toBe(400)
    const rule = 'is not a valid CPF of BR'
    expect(refused.json).toEqual(fieldRefusal('document_number', rule))
    expect((await read(id)).country_code).toBe('US')
    const moved = await put(id, { country_code: 'br', document_number: documents.cpf })
    expect(moved.json.data).toMatchObject({ country_code: 'BR', document_number: documents.cpf })
    expect((await recordOf(id)).document?.country).toBe('BR')
  })

  test('another country leaves a document of one country where it is', async () => {
    const fields = { document_type: 'cpf', document_number: documents.cpf, country_code: 'BR' }
    const { id } = (await create(fields)).json.data
    expect((await put(id, { country_code: 'US' })).status).toBe(200)
    expect((await recordOf(id)).document?.country).toBe('BR')
    expect((await put(id, { document_number: documents.wrongCpf })).status).toBe(400)
  })

  test('another type checks the number that is there', async () => {
    const fields = { document_type: 'passport', document_number: documents.ssn }
    const { id } = (await create(fields)).json.data
    const answer = await put(id, { document_type: 'cpf' })
    expect(answer.json).toEqual(fieldRefusal('document_number', 'is not a valid CPF of BR'))
    expect((await put(id, { document_type: 'ssn' })).status).toBe(200)
  })
})

describe('phone', () => {
  test.each([
    [['1', '415', '5551234'], '+14155551234'],
    [['+1', '415', '555-1234'], '+14155551234'],
    [['55', '11', '98765 4321'], '+5511987654321'],
    [['54', null, '1123456789'], '+541123456789'],
  ])('parts %j are %s', async ([country, area, number], e164) => {
    const parts = {
      phone_country_code: country,
      phone_area_code: area,
      phone_number: number,
    }
    const { data } = (await create(parts)).json
    expect(data).toMatchObject(parts)
    expect((await recordOf(data.id)).phone).toBe(e164)
  })

  test('parts that are not whole are kept, and make no number yet', async () => {
    const { data } = (await create({ phone_number: '5551234' })).json
    expect(data).toMatchObject({ phone_country_code: null, phone_number: '5551234' })
    expect((await recordOf(data.id)).phone).toBeNull()
    await put(data.id, { phone_country_code: '1', phone_area_code: '415' })
    expect((await recordOf(data.id)).phone).toBe('+14155551234')
  })

  test('a number in one is shown in parts, and one part can be changed', async () => {
    const { server } = customers
    const fields = { kind: 'individual', name: 'Ana', phone: '+5511987654321' } as const
    const made = await createCustomer(server.contextOf(server.testApp), fields)
    const id = printId('customer', made.id, 'cus')
    expect(await read(id)).toMatchObject({
      phone_country_code: '55',
      phone_area_code: null,
      phone_number: '11987654321',
    })
    await put(id, { phone_number: '11987654322' })
    expect((await recordOf(id)).phone).toBe('+5511987654322')
  })

  test('clearing all parts clears the number, also one that was given in one', async () => {
    const cleared = { phone_country_code: null, phone_area_code: null, phone_number: null }
    const parts = { phone_country_code: '1', phone_area_code: '415', phone_number: '5551234' }
    const { id } = (await create(parts)).json.data
    expect((await put(id, cleared)).json.data).toMatchObject(cleared)
    expect(await recordOf(id)).toMatchObject({ phone: null, phoneParts: null })
  })

  test('a number that cannot exist is refused', async () => {
    const rule = 'is not a number that exists with this country and area code'
    const answer = await create({ phone_country_code: '1', phone_number: '12' })
    expect(answer.json).toEqual(fieldRefusal('phone_number', rule))
  })
})

describe('address', () => {
  test('parts lie over those that are there', async () => {
    const { id } = (await create({ street_name: 'Main St', city: 'Santos' })).json.data
    const { data } = (await put(id, { street_number: '12', city: 'Rio' })).json
    expect(data).toMatchObject({ street_name: 'Main St', street_number: '12', city: 'Rio' })
    expect(data).toMatchObject({ state: null, postal_code: null })
  })

  test('clearing every part leaves no address', async () => {
    const { id } = (await create({ street_name: 'Main St', city: 'Santos' })).json.data
    await put(id, { street_name: null, city: null })
    expect((await recordOf(id)).address).toBeNull()
    expect(await read(id)).toMatchObject({ ...unset, email: 'alice@example.com' })
  })

  test('an address in lines shows its first line as the street, and keeps the second', async () => {
    const { server } = customers
    const blank = { houseNumber: null, streetNumber: null, streetName: null, neighborhood: null }
    const place = { city: 'Santos', state: null, subdivision: null, postalCode: null }
    const address = { line1: 'Main St 12', line2: 'Apt 3', ...blank, ...place }
    const fields = { kind: 'individual', name: 'Ana', address } as const
    const made = await createCustomer(server.contextOf(server.testApp), fields)
    const id = printId('customer', made.id, 'cus')
    expect(await read(id)).toMatchObject({ street_name: 'Main St 12', city: 'Santos' })
    await put(id, { city: 'Rio' })
    expect((await recordOf(id)).address).toMatchObject({ line2: 'Apt 3', city: 'Rio' })
    expect(await read(id)).toMatchObject({ street_name: 'Main St 12', city: 'Rio' })
  })
})

describe('free-form fields', () => {
  test("additional_info and the payouts surface's metadata are one", async () => {
    const additional_info = { plan: 'gold', tier: '2' }
    const { id } = (await create({ first_name: 'Ana', country_code: 'AR', additional_info })).json
      .data
    const shown = await customers.server.call('GET', `/payouts/customers/${id}`)
    expect(shown.json.metadata).toEqual(additional_info)
  })

  test('{} and null leave no info, shown as null', async () => {
    for (const cleared of [{}, null]) {
      const { id } = (await create({ additional_info: { plan: 'gold' } })).json.data
      await put(id, { additional_info: cleared })
      expect((await read(id)).additional_info).toBeNull()
      expect((await recordOf(id)).metadata).toEqual({})
    }
  })

  test('setting one background field leaves the others', async () => {
    const { id } = (await create({ gender: 'female', tax_id: '1', monthly_net_income: 0 })).json
      .data
    await put(id, { gender: null, mother_name: 'Ana', monthly_net_income: 10 })
    expect((await recordOf(id)).background).toEqual({
      taxId: '1',
      motherName: 'Ana',
      monthlyNetIncome: 10,
    })
  })
})
