// Owns the outcomes of GET /api/v1/customers.
import { beforeAll, describe, expect, test } from 'vitest'
import { createKey, everyScope } from '../../core/apps/app-service.ts'
import { documents, refusal, refusalOf, testCustomers } from './test-customers.ts'

const customers = testCustomers()
let key = ''
const list = (query = '') => customers.call('GET', `/customers${query}`, { key })
const namesAt = async (query: string) => {
  const { count, customer_list } = (await list(query)).json.data
  const names = customer_list.map((one: { first_name: string }) => one.first_name)
  return { count, names }
}
const found = (...names: string[]) => ({ count: names.length, names })

beforeAll(async () => {
  const { server } = customers
  key = (await createKey(server.system, { app: server.testApp, name: 'l', scopes: [everyScope] }))
    .secret
  const save = async (first_name: string, fields: object) => {
    const body = { email: `${first_name.toLowerCase()}@example.com`, first_name, ...fields }
    return (await customers.call('POST', '/customers', { body })).json.data.id
  }
  const ana = await save('Ana', { country_code: 'BR', document_type: 'cpf' })
  const bob = await save('Bob', { country_code: 'US', document_type: 'personal_tax_id' })
  const cat = await save('Cat', { country_code: 'us', email: 'ana+reject@example.com' })
  await save('Dan', { email: 'ANA@Example.com', document_number: documents.ssn })
  await customers.register(ana, 'stripe', 'customer')
  await customers.register(bob, 'stripe', 'connected_account')
  await customers.register(cat, 'stripe', 'customer')
  await customers.register(cat, 'mercado_pago', 'customer')
  const body = { provider: 'bridge', target_role: 'customer' }
  await customers.call('POST', `/customers/${ana}/platforms`, { body })
})

describe('200', () => {
  test('all of them, newest first, each as GET shows it, with the count', async () => {
    const answer = await list()
    expect(answer.status).toBe(200)
    expect(Object.keys(answer.json)).toEqual(['msg', 'data'])
    expect(answer.json.msg).toBe('Customers found')
    expect(Object.keys(answer.json.data)).toEqual(['count', 'customer_list'])
    expect(await namesAt('')).toEqual(found('Dan', 'Cat', 'Bob', 'Ana'))
    for (const shown of answer.json.data.customer_list) {
      const read = await customers.call('GET', `/customers/${shown.id}`)
      expect(read.json.data).toEqual(shown)
    }
  })

  test.each<[string, string[]]>([
    ['email=ana@example.com', ['Dan', 'Ana']],
    ['email=ANA@EXAMPLE.COM', ['Dan', 'Ana']],
    ['email=ana@example.com,bob@example.com', ['Dan', 'Bob', 'Ana']],
    ['email=nobody@example.com', []],
    ['country_code=US', ['Cat', 'Bob']],
    ['country_code=us,br', ['Cat', 'Bob', 'Ana']],
    ['country_code=JP', []],
    ['document_type=cpf', ['Ana']],
    ['document_type=CPF,Personal_Tax_Id', ['Bob', 'Ana']],
    ['provider=stripe', ['Cat', 'Bob', 'Ana']],
    ['provider=STRIPE', ['Cat', 'Bob', 'Ana']],
    ['provider=bridge,mercado_pago', ['Cat', 'Ana']],
    ['provider_registration_status=APPROVED', ['Bob', 'Ana']],
    ['provider_registration_status=rejected,approved', ['Cat', 'Bob', 'Ana']],
    ['provider_registration_status=not_submitted', ['Ana']],
    ['target_role=connected_account', ['Bob']],
    ['target_role=Customer', ['Cat', 'Ana']],
    ['email=ana@example.com&country_code=BR&document_type=cpf', ['Ana']],
    ['email=ana@example.com&country_code=US', []],
    ['country_code=US, BR', ['Cat', 'Bob', 'Ana']],
    ['country_code=US,US', ['Cat', 'Bob']],
  ])('%s', async (query, names) => {
    expect(await namesAt(`?${encodeURI(query).replace('+', '%2B')}`)).toEqual(found(...names))
  })

  test('provider, status and role must hold for ONE registration', async () => {
    const stated = 'provider_registration_status'
    const ana = `provider=bridge&${stated}=not_submitted`
    expect(await namesAt(`?${ana}`)).toEqual(found('Ana'))
    expect(await namesAt(`?provider=bridge&${stated}=approved`)).toEqual(found())
    expect(await namesAt('?provider=mercado_pago&target_role=connected_account')).toEqual(found())
    const whole = `provider=stripe&${stated}=approved&target_role=customer`
    expect(await namesAt(`?${whole}`)).toEqual(found('Ana'))
  })

  test('limit and offset page through the matches; count stays that of all', async () => {
    expect(await namesAt('?limit=1')).toEqual({ count: 4, names: ['Dan'] })
    expect(await namesAt('?limit=2&offset=1')).toEqual({ count: 4, names: ['Cat', 'Bob'] })
    expect(await namesAt('?offset=4')).toEqual({ count: 4, names: [] })
    expect(await namesAt('?country_code=US&limit=1&offset=1')).toEqual({ count: 2, names: ['Bob'] })
  })

  test('10 by default, 100 at most', async () => {
    const own = await customers.newAppKey()
    const create = (index: number) => {
      const body = { email: `c${index}@example.com` }
      return customers.call('POST', '/customers', { body, key: own })
    }
    for (let index = 0; index < 101; index += 1) await create(index)
    const emailsAt = async (query: string) => {
      const { data } = (await customers.call('GET', `/customers${query}`, { key: own })).json
      expect(data.count).toBe(101)
      return data.customer_list.map((one: { email: string }) => one.email)
    }
    const newest = (from: number, to: number) =>
      Array.from({ length: from - to + 1 }, (_, index) => `c${from - index}@example.com`)
    expect(await emailsAt('')).toEqual(newest(100, 91))
    expect(await emailsAt('?limit=100')).toEqual(newest(100, 1))
    expect(await emailsAt('?limit=10&offset=95')).toEqual(newest(5, 0))
  })

  test("another app's customers are never found", async () => {
    const options = { key: await customers.newAppKey() }
    for (const query of ['', '?email=ana@example.com', '?provider=stripe']) {
      const answer = await customers.call('GET', `/customers${query}`, options)
      expect(answer.json.data).toEqual({ count: 0, customer_list: [] })
    }
  })

  test('a change is found at once, and its old value no more', async () => {
    const own = await customers.newAppKey()
    const body = { email: 'old@example.com' }
    const { id } = (await customers.call('POST', '/customers', { body, key: own })).json.data
    const change = { key: own, body: { email: 'new@example.com', country_code: 'BR' } }
    await customers.call('PUT', `/customers/${id}`, change)
    const countAt = async (query: string) =>
      (await customers.call('GET', `/customers?${query}`, { key: own })).json.data.count
    expect(await countAt('email=old@example.com')).toBe(0)
    expect(await countAt('email=new@example.com&country_code=br')).toBe(1)
  })
})

describe('400', () => {
  test.each<[string, string]>([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=x', 'offset'],
    ['email=', 'email'],
    ['email=a@b.co,,c@d.co', 'email'],
    ['document_type=dni', 'document_type'],
    ['provider=paypal', 'provider'],
    ['provider=stripe,paypal', 'provider'],
    ['provider_registration_status=done', 'provider_registration_status'],
    ['target_role=owner', 'target_role'],
    [`country_code=${'BR,'.repeat(20)}US`, 'country_code'],
    ['name=Ana', 'name'],
    ['country=BR', 'country'],
    ['role=customer', 'role'],
    ['page=2', 'page'],
  ])('%s names %s', async (query, field) => {
    expect(refusalOf(await list(`?${query}`))).toEqual(refusal(400, field))
  })
})
