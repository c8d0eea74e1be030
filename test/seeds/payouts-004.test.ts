// Owns the proof that the page "Customers" of the payouts product holds here, sentence by sentence.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, startTestServer, type TestServer } from '../harness.ts'
import { compact, inWordsOfThePage, payouts004Examples } from './payouts-004-examples.ts'

let server: TestServer
let customerId = ''
let bankAccountId = ''
beforeAll(async () => {
  server = await startTestServer()
  customerId = (await createCustomer(exampleCustomer)).json.customerId
  bankAccountId = (await addBankAccount(exampleAccount)).json.bankAccountId
})
afterAll(() => server.close())

const createCustomer = (body: string | object) =>
  server.call('POST', '/payouts/customers', { body })
const addBankAccount = (body: string | object, id = customerId) =>
  server.call('POST', `/payouts/customers/${id}/bank-accounts`, { body })
const pay = (body: string | object) => server.call('POST', '/payouts/payouts', { body })
const get = (path: string, key?: string) =>
  server.call('GET', `/payouts${path}`, key === undefined ? {} : { key })

const { exampleCustomer, exampleCustomerAnswer } = payouts004Examples
const { exampleAccount, exampleAccountAnswer, examplePayout } = payouts004Examples

/** The example's body with the real customer in place of the example's. */
const payoutBody = () => examplePayout.replace('cust_12345', customerId)

const without = (json: string, field: string): object =>
  Object.fromEntries(Object.entries(JSON.parse(json)).filter(([name]) => name !== field))

function expectMissing(answer: Answer, field: string): void {
  expect(answer.status).toBe(422)
  expect(answer.json.error).toMatchObject({ code: 'validation_failed', param: field })
  expect(answer.json.error.message).toContain(`${field}: is missing`)
}

describe('Customers', () => {
  test('"A Customer is a saved payout recipient": it is read again by its id', async () => {
    const answer = await get(`/customers/${customerId}`)
    expect(answer.json).toMatchObject({ customerId, name: 'Gerardo Ratto' })
  })

  test('"Instead of providing the destination CBU on every payout": its id is enough', async () => {
    const payout = await pay({ amount: '120.50', currency: 'ARS', customerId })
    expect(payout.status).toBe(201)
    expect(payout.json).toMatchObject({ customerId, bankAccountId, destinationCbu: null })
    await server.drainJobs()
    expect((await get(`/payouts/${payout.json.id}`)).json.status).toBe('completed')
  })

  test('"with their personal data and one or more bank accounts": a second account', async () => {
    const { customerId: id } = (await createCustomer(exampleCustomer)).json
    await addBankAccount(exampleAccount, id)
    const second = exampleAccount.replace('0070327530004025541644', '2850590940090418135201')
    expect((await addBankAccount(second, id)).status).toBe(201)
    expect((await get(`/customers/${id}/bank-accounts`)).json.length).toBe(2)
  })

  test('"pay the same sellers repeatedly": each payout is one more on the customer', async () => {
    const { customerId: id } = (await createCustomer(exampleCustomer)).json
    await addBankAccount(exampleAccount, id)
    const ids: string[] = []
    for (const amount of ['1.00', '2.00', '3.00']) {
      ids.unshift((await pay({ amount, currency: 'ARS', customerId: id })).json.id)
    }
    const listed: { id: string }[] = (await get(`/customers/${id}/payouts`)).json
    expect(listed.map((payout) => payout.id)).toEqual(ids)
  })

  test('"a clean record of payout recipients": a number is on a customer only once', async () => {
    const again = await addBankAccount(exampleAccount)
    expect(again.status).toBe(409)
    expect(again.json.error).toMatchObject({ code: 'conflict', param: 'accountNumber' })
  })

  test('"verified beneficiary data": a wrong CBU or CUIT is never on file', async () => {
    const wrongNumber = exampleAccount.replace('0070327530004025541644', '0070327530004025541645')
    const wrongCuit = exampleAccount.replace('20221370075', '20221370076')
    for (const [body, param] of [
      [wrongNumber, 'accountNumber'],
      [wrongCuit, 'metadata.cuit'],
    ] as const) {
      const answer = await addBankAccount(body)
      expect([answer.status, answer.json.error.param]).toEqual([422, param])
    }
  })
})

describe('Create a customer', () => {
  test('POST /customers with the example request answers the example response', async () => {
    const answer = await createCustomer(exampleCustomer)
    expect(answer.status).toBe(201)
    expect(answer.json.last_out).toBeNull()
    expect(inWordsOfThePage(answer, ['last_out'])).toBe(compact(exampleCustomerAnswer))
  })

  test('"Authorization: Bearer sk_live_…": a live key works, in an app of its own', async () => {
    const key = await server.createKey(server.liveApp)
    expect(key).toMatch(/^sk_live_/)
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const options = { key: null, headers, body: exampleCustomer }
    const answer = await server.call('POST', '/payouts/customers', options)
    expect(answer.status).toBe(201)
    expect(inWordsOfThePage(answer, ['last_out'])).toBe(compact(exampleCustomerAnswer))
    expect((await get(`/customers/${answer.json.customerId}`)).status).toBe(404)
  })

  test.each(['type', 'name', 'country'])('Fields: %s is required', async (field) => {
    expectMissing(await createCustomer(without(exampleCustomer, field)), field)
  })

  test.each([
    ['email', null],
    ['metadata', {}],
  ])('Fields: %s is optional', async (field, empty) => {
    const answer = await createCustomer(without(exampleCustomer, field))
    expect(answer.status).toBe(201)
    expect(answer.json[field]).toEqual(empty)
  })

  test('Fields: type is `individual` or `business`, name a full or business name', async () => {
    const statusOf = async (type: string) =>
      (await createCustomer(exampleCustomer.replace('individual', type))).status
    expect([await statusOf('individual'), await statusOf('company')]).toEqual([201, 422])
    const business = { type: 'business', name: 'Panadería Ñandú S.R.L.', country: 'AR' }
    expect((await createCustomer(business)).json).toMatchObject(business)
  })

  test('Fields: country is ISO 3166-1 alpha-2', async () => {
    const answerFor = (country: string) =>
      createCustomer(exampleCustomer.replace('"AR"', `"${country}"`))
    expect((await answerFor('UY')).json.country).toBe('UY')
    for (const wrong of ['ARG', 'ar', 'ZZ', '']) {
      const answer = await answerFor(wrong)
      expect([answer.status, answer.json.error.param]).toEqual([422, 'country'])
    }
  })

  test('Fields: metadata is free-form key-value pairs, kept as given', async () => {
    const metadata = { internalUserId: 'USR-4421', 'any key': 'any válue ✓', empty: '' }
    const body = { ...JSON.parse(exampleCustomer), metadata }
    expect((await createCustomer(body)).json.metadata).toEqual(metadata)
  })
})

describe('Add a bank account', () => {
  test('POST /customers/{customerId}/bank-accounts answers the example response', async () => {
    const { customerId: id } = (await createCustomer(exampleCustomer)).json
    const answer = await addBankAccount(exampleAccount, id)
    expect(answer.status).toBe(201)
    expect(answer.json.metadata).toEqual({ cuit: '20221370075' })
    expect(inWordsOfThePage(answer, ['metadata'])).toBe(compact(exampleAccountAnswer))
    expect(answer.json.customerId).toBe(id)
    expect(answer.text).not.toContain('0070327530004025541644')
  })

  test('"Once the customer exists": not before', async () => {
    const answer = await addBankAccount(exampleAccount, 'cust_12345')
    expect([answer.status, answer.json.error.code]).toEqual([404, 'not_found'])
  })

  test.each([
    ['CBU', '2850590940090418135201'],
    ['CVU', '0000042000000009876545'],
  ])('"add their CBU or CVU so it can be used in payouts": a %s', async (_kind, number) => {
    const { customerId: id } = (await createCustomer(exampleCustomer)).json
    const body = exampleAccount.replace('0070327530004025541644', number)
    const account = (await addBankAccount(body, id)).json
    const payment = { amount: '1.00', currency: 'ARS', customerId: id }
    for (const destination of [{}, { destinationCbu: number }]) {
      const payout = await pay({ ...payment, ...destination })
      expect(payout.json.bankAccountId).toBe(account.bankAccountId)
    }
  })

  const required = ['country', 'currency', 'rail', 'accountType', 'holderName']
  test.each(required)('Fields: %s is required', async (field) => {
    expectMissing(await addBankAccount(without(exampleAccount, field)), field)
  })

  test.each([
    ['accountNumber', 'accountNumberLast4', null],
    ['metadata', 'metadata', {}],
  ])('Fields: %s is optional', async (field, shownAs, empty) => {
    const { customerId: id } = (await createCustomer(exampleCustomer)).json
    const answer = await addBankAccount(without(exampleAccount, field), id)
    expect(answer.status).toBe(201)
    expect(answer.json[shownAs]).toEqual(empty)
  })

  test.each([
    ['country', '"AR"', '"UY"'],
    ['currency', '"ARS"', '"USD"'],
    ['rail', '"OTHER"', '"CBU"'],
    ['accountType', '"checking"', '"current"'],
    ['accountNumber', '"0070327530004025541644"', '"00703275300040255416440"'],
  ])('Fields: %s takes %s and not %s', async (field, right, wrong) => {
    expect(exampleAccount).toContain(right)
    const answer = await addBankAccount(exampleAccount.replace(right, wrong))
    expect([answer.status, answer.json.error.param]).toEqual([422, field])
  })

  test('Fields: accountType may be `savings`', async () => {
    const { customerId: id } = (await createCustomer(exampleCustomer)).json
    const answer = await addBankAccount(exampleAccount.replace('checking', 'savings'), id)
    expect([answer.status, answer.json.accountType]).toEqual([201, 'savings'])
  })
})

describe('Use in a payout', () => {
  test('POST /payouts with the example request pays the number on file', async () => {
    const answer = await pay(payoutBody())
    expect(answer.status).toBe(201)
    expect(answer.json).toMatchObject(JSON.parse(payoutBody()))
    expect(answer.json).toMatchObject({ status: 'pending', bankAccountId })
    await server.drainJobs()
    const paid = (await get(`/payouts/${answer.json.id}`)).json
    expect(paid).toMatchObject({ status: 'completed', attempts: 1, errorMessage: null })
  })

  test('"links the payout to the customer record for tracking and reporting"', async () => {
    const { json: payout } = await pay(payoutBody())
    const [latest] = (await get(`/customers/${customerId}/payouts`)).json
    expect(latest).toEqual(payout)
    const [filtered] = (await get(`/payouts?customerId=${customerId}&limit=1`)).json
    expect(filtered).toEqual(payout)
  })

  test('"visible in `last_out` timestamp on the customer"', async () => {
    const { json: payout } = await pay(payoutBody())
    const { last_out: lastOut } = (await get(`/customers/${customerId}`)).json
    expect(lastOut).toBe(payout.createdAt)
    expect(lastOut).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })
})

test('Retrieve a customer: GET /customers/{customerId} answers what creating it did', async () => {
  const created = await createCustomer(exampleCustomer)
  const answer = await get(`/customers/${created.json.customerId}`)
  expect([answer.status, answer.text]).toEqual([200, created.text])
  expect((await get(`/customers/${customerId}`)).json.defaultBankAccountId).toBe(bankAccountId)
})

describe('List customers', () => {
  /** More than the largest page, oldest first, in an app of its own. */
  const savedIds: string[] = []
  let key = ''
  beforeAll(async () => {
    key = await server.createKey(server.liveApp)
    const earlier: { customerId: string }[] = (await get('/customers?limit=200', key)).json
    savedIds.push(...earlier.map((customer) => customer.customerId).reverse())
    while (savedIds.length < 201) {
      const options = { key, body: exampleCustomer }
      savedIds.push((await server.call('POST', '/payouts/customers', options)).json.customerId)
    }
  })
  const idsAt = async (query: string) => {
    const customers: { customerId: string }[] = (await get(`/customers${query}`, key)).json
    return customers.map((customer) => customer.customerId)
  }
  const newest = (count: number) => savedIds.slice(-count).reverse()

  test('GET /customers?limit=50 answers the 50 newest', async () => {
    expect(await idsAt('?limit=50')).toEqual(newest(50))
  })

  test('`limit`: max results, 1–200, default 50', async () => {
    expect(await idsAt('')).toEqual(newest(50))
    expect(await idsAt('?limit=1')).toEqual(newest(1))
    expect(await idsAt('?limit=200')).toEqual(newest(200))
    for (const outside of ['0', '201']) {
      const answer = await get(`/customers?limit=${outside}`, key)
      expect([answer.status, answer.json.error.param]).toEqual([400, 'limit'])
    }
  })

  test('`startingAfter`: a customer ID as cursor leads through all of them', async () => {
    const first = await idsAt('?limit=120')
    const second = await idsAt(`?limit=120&startingAfter=${first.at(-1)}`)
    expect(second.length).toBe(81)
    expect([...first, ...second]).toEqual(newest(201))
  })
})

describe('List bank accounts', () => {
  test('GET /customers/{customerId}/bank-accounts "returns all bank accounts"', async () => {
    const { customerId: id } = (await createCustomer(exampleCustomer)).json
    expect((await get(`/customers/${id}/bank-accounts`)).text).toBe('[]')
    const added = []
    for (const number of ['0070327530004025541644', '0110123845678901234564']) {
      const body = exampleAccount.replace('0070327530004025541644', number)
      added.push((await addBankAccount(body, id)).json)
    }
    const answer = await get(`/customers/${id}/bank-accounts`)
    expect([answer.status, answer.json]).toEqual([200, added])
  })
})
