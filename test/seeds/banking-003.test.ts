// Owns the proof that the page "Customers" of the banking product holds here, sentence by sentence.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decideApplication } from '../../server/src/core/applications/application-decision.ts'
import type { NewIndividual } from '../../server/src/core/applications/application-people.ts'
import { addIndividual } from '../../server/src/core/applications/application-people.ts'
import type { NewApplication } from '../../server/src/core/applications/application-rules.ts'
import {
  createApplication,
  getApplication,
  submitApplication,
} from '../../server/src/core/applications/application-service.ts'
import { upload } from '../../server/src/core/applications/testing/application-samples.ts'
import type { Context } from '../../server/src/core/context.ts'
import { bankingStatuses } from '../../server/src/core/customer/banking-status.ts'
import { printId } from '../../server/src/lib/id.ts'
import { startTestServer, type TestServer } from '../harness.ts'
import {
  compact,
  exampleCustomer,
  exampleIndividual,
  exampleIndividualUpdate,
  exampleList,
  exampleUpdate,
  inWordsOf,
  possiblePhone,
} from './banking-003-examples.ts'

let server: TestServer
let context: Context
let john = ''
let acme = ''
let jane = ''
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  // Older than both, so that a page of two has another one after it.
  await approve(johnsApplication)
  acme = await approve(acmesApplication, [director, owner])
  john = await approve(johnsApplication)
  const { json } = await get(`/customers/${acme}`)
  jane = json.individuals.find(({ role }: { role: string }) => role === 'BENEFICIAL_OWNER').id
})
afterAll(() => server.close())

const johnsAddress = {
  line1: '123 Main St',
  city: 'New York',
  state: 'NY',
  postalCode: '10001',
}
const johnsApplication: NewApplication = {
  kind: 'individual',
  email: 'john.doe@example.com',
  phone: possiblePhone,
  individual: {
    firstName: 'John',
    lastName: 'Doe',
    dateOfBirth: '1990-01-15',
    address: johnsAddress,
    country: 'US',
  },
  isTermsAccepted: true,
}
const acmesApplication: NewApplication = {
  kind: 'business',
  email: 'contact@acmecorp.com',
  corporation: {
    legalName: 'Acme Corporation',
    registrationNumber: '7654321',
    taxId: '12-3456789',
    address: johnsAddress,
    country: 'US',
  },
  isTermsAccepted: true,
}
const someone = { dateOfBirth: '1985-05-05', country: 'US' }
const director: NewIndividual = {
  ...someone,
  role: 'CONTROL_PERSON',
  firstName: 'Ann',
  lastName: 'Lee',
  address: johnsAddress,
}
const owner: NewIndividual = {
  ...someone,
  role: 'BENEFICIAL_OWNER',
  firstName: 'Jane',
  lastName: 'Smith',
  email: 'jane.smith@acmecorp.com',
  ownershipPercentage: 30,
  address: { line1: '456 Oak Ave', city: 'San Francisco', state: 'CA', postalCode: '94102' },
}

/** From the first word of an application to the customer. */
async function approve(input: NewApplication, people: NewIndividual[] = []): Promise<string> {
  const { application } = await createApplication(context, input)
  const { id } = application
  for (const one of people) await addIndividual(context, id, one)
  for (const document of (await getApplication(context, id)).documents) {
    await upload(context, document.id)
  }
  await submitApplication(context, id)
  const decision = { decision: 'approve' as const, reason: 'All is in order.' }
  const approved = await decideApplication(context, id, decision)
  return printId('customer', approved.application.customerId ?? '')
}

const get = (path: string) => server.call('GET', `/banking/v1${path}`)
const patch = (path: string, body: object) => server.call('PATCH', `/banking/v1${path}`, { body })

describe('Customers', () => {
  test('"Customers can only be created via the application process"', async () => {
    const body = { type: 'INDIVIDUAL', email: 'john.doe@example.com' }
    const answer = await server.call('POST', '/banking/v1/customers', { body })
    expect(answer.status).toBe(405)
    expect(answer.json.error.message).toContain('Customers arise from applications')
    const { application } = await createApplication(context, johnsApplication)
    const before = (await get('/customers')).json.data.length
    expect(application.customerId).toBeNull()
    expect((await get('/customers')).json.data).toHaveLength(before)
  })

  test('"Once created, customers can have multiple accounts associated with them"', async () => {
    const id = await approve(johnsApplication)
    const body = { customer_id: id, type: 'DEPOSIT', currency: 'EUR' }
    expect((await server.call('POST', '/banking/v1/accounts', { body })).status).toBe(201)
    const { accounts } = (await get(`/customers/${id}`)).json
    expect(accounts.map(({ currency }: { currency: string }) => currency)).toEqual(['USD', 'EUR'])
  })
})

describe('GET /customers', () => {
  test('the answer is the page’s own, with our ids and times in it', async () => {
    const { json: all } = await get('/customers?limit=100')
    const at = all.data.findIndex(({ id }: { id: string }) => id === john)
    const before = at === 0 ? '' : `&cursor=${await cursorAfter(at)}`
    const answer = await get(`/customers?limit=2${before}`)
    expect(answer.status).toBe(200)
    expect(inWordsOf(exampleList, answer.text)).toBe(compact(exampleList))
  })

  async function cursorAfter(count: number): Promise<string> {
    return (await get(`/customers?limit=${count}`)).json.pagination.next_cursor
  }

  test('"Filter by type (INDIVIDUAL, CORPORATION)"', async () => {
    for (const type of ['INDIVIDUAL', 'CORPORATION']) {
      const { json } = await get(`/customers?type=${type}`)
      expect(json.data.length).toBeGreaterThan(0)
      for (const one of json.data) expect(one.type).toBe(type)
    }
  })

  test('"Filter by status (ACTIVE, PENDING, EDD, FROZEN, DORMANT, CLOSED)"', async () => {
    const stated = ['ACTIVE', 'PENDING', 'EDD', 'FROZEN', 'DORMANT', 'CLOSED']
    expect(bankingStatuses).toEqual(stated)
    for (const status of stated) {
      const answer = await get(`/customers?status=${status}`)
      expect(answer.status).toBe(200)
      for (const one of answer.json.data) expect(one.status).toBe(status)
    }
    expect((await get('/customers?status=ACTIVE')).json.data.length).toBeGreaterThan(1)
  })

  test('"Number of results to return (default: 20)"', async () => {
    const pages = [await get('/customers'), await get('/customers?limit=20')]
    expect(pages[0]?.text).toBe(pages[1]?.text)
    expect((await get('/customers?limit=1')).json.data).toHaveLength(1)
  })

  test('"Pagination cursor": what a page names leads to the next one', async () => {
    const first = (await get('/customers?limit=1')).json
    expect(first.pagination.has_more).toBe(true)
    const next = (await get(`/customers?limit=1&cursor=${first.pagination.next_cursor}`)).json
    expect(next.data[0].id).not.toBe(first.data[0].id)
  })
})

describe('GET /customers/{id}', () => {
  test('the answer is the page’s own, with our ids, times and a possible number', async () => {
    const answer = await get(`/customers/${john}`)
    expect(answer.status).toBe(200)
    const seen = inWordsOf(exampleCustomer, answer.text).replace(possiblePhone, '+1234567890')
    expect(seen).toBe(compact(exampleCustomer))
  })

  test('"The customer ID" is required: another one is told in the common form', async () => {
    const answer = await get('/customers/cust_987654321')
    expect([answer.status, answer.json.error.code]).toEqual([404, 'NOT_FOUND'])
  })
})

describe('PATCH /customers/{id}', () => {
  test('the answer is the page’s own, and the address is updated', async () => {
    const id = await approve(johnsApplication)
    const answer = await patch(`/customers/${id}`, { email: 'john.newemail@example.com' })
    expect(answer.status).toBe(200)
    expect(inWordsOf(exampleUpdate, answer.text)).toBe(compact(exampleUpdate))
    expect((await get(`/customers/${id}`)).json.email).toBe('john.newemail@example.com')
  })

  test('"email", "phone" and "address" can be updated together', async () => {
    const id = await approve(johnsApplication)
    const address = { line1: '1 New St', city: 'Boston', state: 'MA', postal_code: '02101' }
    const body = { email: 'j@example.com', phone: '+12025550187', address }
    expect((await patch(`/customers/${id}`, body)).status).toBe(200)
    expect((await get(`/customers/${id}`)).json).toMatchObject({
      email: 'j@example.com',
      phone: '+12025550187',
      individual: { address: { ...address, country: 'US' } },
    })
  })

  test('"Major changes may require a new application": they do, and are named', async () => {
    const answer = await patch(`/customers/${john}`, { first_name: 'Johnny' })
    expect([answer.status, answer.json.error.code]).toEqual([400, 'INVALID_REQUEST'])
    expect(answer.json.error.details).toMatchObject([{ field: 'first_name' }])
    expect(answer.json.error.message).toContain('needs a new application')
  })
})

describe('GET and PATCH /customers/{id}/individuals/{individual_id}', () => {
  test('"an individual associated with a corporate customer": the page’s own answer', async () => {
    const answer = await get(`/customers/${acme}/individuals/${jane}`)
    expect(answer.status).toBe(200)
    expect(inWordsOf(exampleIndividual, answer.text)).toBe(compact(exampleIndividual))
  })

  test('"corporate": a person has none', async () => {
    expect((await get(`/customers/${john}/individuals/${jane}`)).status).toBe(404)
  })

  test('"Update individual’s information": the page’s own answer', async () => {
    const path = `/customers/${acme}/individuals/${jane}`
    const body = { email: 'jane@acmecorp.com', phone: '+14155550199', address: { city: 'Oakland' } }
    const answer = await patch(path, body)
    expect(answer.status).toBe(200)
    const page = compact(exampleIndividualUpdate)
    expect(inWordsOf(exampleIndividualUpdate, answer.text)).toBe(page)
    const { json } = await get(path)
    expect(json).toMatchObject({ email: 'jane@acmecorp.com', address: { city: 'Oakland' } })
  })
})
