// Owns the outcomes of POST /api/v1/customers/{id}/sync.
import { describe, expect, test } from 'vitest'
import {
  notFound,
  refusal,
  refusalOf,
  testCustomers,
  unknownIds,
  uuidOf,
} from './test-customers.ts'

const customers = testCustomers()
const sync = (id: string, body: unknown, key?: string) =>
  customers.call('POST', `/customers/${id}/sync`, key === undefined ? { body } : { body, key })
const wanted = { providers: ['stripe'], fields: ['email', 'first_name', 'last_name'] }
const fieldsOf = async (id: string) => {
  const { json } = await customers.server.call('GET', `/v1/customers/${id}/registrations`)
  return Object.fromEntries(
    json.data[0].fields.map(({ field, outcome }: Record<string, string>) => [field, outcome]),
  )
}
async function saveRegistered(fields: object = {}): Promise<string> {
  const { id } = await customers.saveCustomer(fields)
  await customers.register(id)
  return id
}

describe('200', () => {
  test('answers what is scheduled, before the provider is asked', async () => {
    const id = await saveRegistered()
    const history = await customers.historyOf(id)
    const answer = await sync(id, wanted)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      msg: 'Sync scheduled',
      data: {
        sync_id: expect.stringMatching(/^sync_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
        provider: 'stripe',
        fields: wanted.fields,
        status: 'scheduled',
      },
    })
    expect(await customers.historyOf(id)).toEqual(history)
  })

  test('a job pushes the fields, and the history holds what came of each', async () => {
    const id = await saveRegistered()
    const before = (await customers.historyOf(id)).length
    await customers.call('PUT', `/customers/${id}`, { body: { last_name: 'Johnson' } })
    const { sync_id } = (await sync(id, wanted)).json.data
    await customers.server.drainJobs()
    const events = (await customers.eventsOf(id)).slice(before)
    expect(events.map(({ type }) => type)).toEqual([
      'customer.updated',
      'customer.registration.synced',
    ])
    expect(events[1]?.actor).toMatch(/^job:/)
    const outcome = (field: string) => ({ field, outcome: 'updated', reason: null })
    const outcomes = ['email', 'givenName', 'familyName'].map(outcome)
    expect(events[1]?.changes).toMatchObject({ sync: { id: uuidOf('sync', sync_id), outcomes } })
    expect(await fieldsOf(id)).toEqual({
      email: 'updated',
      first_name: 'updated',
      last_name: 'updated',
      shipping: 'registered',
    })
  })

  test('what changed is synced again when its fields have been pushed', async () => {
    const id = await saveRegistered()
    const syncedOf = async () => {
      const { synced } = (await customers.call('GET', `/customers/${id}`)).json.data
      return synced
    }
    expect(await syncedOf()).toBe(true)
    await customers.call('PUT', `/customers/${id}`, { body: { email: 'alice@example.org' } })
    expect(await syncedOf()).toBe(false)
    await sync(id, { providers: ['stripe'], fields: ['last_name'] })
    await customers.server.drainJobs()
    expect(await syncedOf()).toBe(false)
    await sync(id, { providers: ['stripe'], fields: ['email'] })
    await customers.server.drainJobs()
    expect(await syncedOf()).toBe(true)
  })

  test('a name is in step when the shipping address, which holds it, is too', async () => {
    const id = await saveRegistered()
    const read = async () => (await customers.call('GET', `/customers/${id}`)).json.data
    await customers.call('PUT', `/customers/${id}`, { body: { last_name: 'Johnson' } })
    for (const [fields, synced] of [
      [['last_name'], false],
      [['shipping'], true],
    ]) {
      await sync(id, { providers: ['stripe'], fields })
      await customers.server.drainJobs()
      expect((await read()).synced).toBe(synced)
    }
    const last = (await customers.eventsOf(id)).at(-1)
    expect(last?.changes).toMatchObject({ isSynced: true })
  })

  test('every field of the contract is taken', async () => {
    const id = await saveRegistered()
    const fields = ['shipping', 'email', 'first_name', 'last_name']
    const answer = await sync(id, { providers: ['stripe'], fields })
    expect([answer.status, answer.json.data.fields]).toEqual([200, fields])
  })

  test('a sync of a provider that is down is tried again and ends without a false success', async () => {
    const id = await saveRegistered()
    await customers.call('PUT', `/customers/${id}`, { body: { email: 'alice+down@example.com' } })
    expect((await sync(id, wanted)).status).toBe(200)
    await customers.server.drainJobs()
    const { data } = (await customers.call('GET', `/customers/${id}`)).json
    expect(data.synced).toBe(false)
    expect(await fieldsOf(id)).toMatchObject({ email: 'registered' })
  })
})

describe('400', () => {
  test.each<[string, unknown, string[]]>([
    ['no provider', { ...wanted, providers: [] }, ['providers']],
    ['two providers', { ...wanted, providers: ['stripe', 'bridge'] }, ['providers']],
    ['an unknown provider', { ...wanted, providers: ['paypal'] }, ['providers.0']],
    ['a provider that is no list', { ...wanted, providers: 'stripe' }, ['providers']],
    ['no fields', { ...wanted, fields: [] }, ['fields']],
    ['an unknown field', { ...wanted, fields: ['phone'] }, ['fields.0']],
    ['a field twice', { ...wanted, fields: ['email', 'email'] }, ['fields']],
    ['nothing', {}, ['providers', 'fields']],
    ['an unknown member', { ...wanted, role: 'customer' }, ['role']],
    ['no body', undefined, ['body']],
  ])('%s', async (_name, body, fields) => {
    const { id } = await customers.saveCustomer()
    const before = await customers.countRows()
    expect(refusalOf(await sync(id, body))).toEqual(refusal(400, ...fields))
    expect(await customers.countRows()).toEqual(before)
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    const answer = await sync(id, wanted)
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })

  test('a customer that is not registered there: says so', async () => {
    const id = await saveRegistered()
    const answer = await sync(id, { ...wanted, providers: ['bridge'] })
    const msg = 'The customer is not registered at bridge. Register the customer there first.'
    expect([answer.status, answer.json]).toEqual([404, { msg, data: null }])
  })

  test("another app's customer looks missing", async () => {
    const id = await saveRegistered()
    const answer = await sync(id, wanted, await customers.newAppKey())
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })
})

test('409: a live app without a connection', async () => {
  const key = await customers.server.createKey(customers.server.liveApp)
  const { id } = await customers.saveCustomer({}, key)
  const answer = await sync(id, wanted, key)
  const msg =
    'This live app has no connection to the provider. ' +
    'Save its credentials: PUT /v1/connections/{provider}, or `clientele connections set`.'
  expect([answer.status, answer.json]).toEqual([409, { msg, data: null }])
})
