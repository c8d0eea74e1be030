// Owns the proof that the page "Customers" of the crypto product holds here, sentence by sentence.
import { beforeAll, describe, expect, test } from 'vitest'
import { testCustomers } from '../../server/src/surfaces/crypto/test-customers.ts'
import type { Answer } from '../harness.ts'
import { crypto002Fields, crypto002Selected, isOfType } from './crypto-002-fields.ts'

const customers = testCustomers()
const { customer: customerTable, wallet: walletTable } = crypto002Fields

const full = {
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  address: '12 St James’s Square',
  city: 'London',
  state: 'Greater London',
  country: 'GB',
  postalCode: 'SW1Y 4JH',
  metadata: { plan: 'pro' },
}
const clear = Object.fromEntries(
  Object.keys({ ...full, externalId: '' }).map((name) => [name, null]),
)

const create = (body: object) => customers.call('POST', '/customers', { body })
const retrieve = (id: string) => customers.call('GET', `/customers/${id}`)
const list = (query = '') => customers.call('GET', `/customers${query}`)
const update = (id: string, body: object) => customers.call('PUT', `/customers/${id}`, { body })
const addWallet = (id: string, chainId: number, walletAddress = anAddress) =>
  customers.call('POST', `/customers/${id}/wallets`, { body: { chainId, walletAddress } })
const removeWallet = (id: string, walletId: string) =>
  customers.call('DELETE', `/customers/${id}/wallets/${walletId}`)

/** In the spelling with a checksum in its letters. */
const anAddress = '0x52908400098527886E0F7030069857D2E4169EE7'

async function dataOf(answer: Promise<Answer>): Promise<Answer['json']> {
  const { status, json, text } = await answer
  if (status < 300) return json.data
  throw new Error(`answered ${status}: ${text}`)
}

async function post(path: string, body: object): Promise<Answer['json']> {
  return dataOf(customers.call('POST', path, { body }))
}

const savePayment = (customerAccountId: string) =>
  post('/payments/intents', { customerAccountId, amount: '25.00' })
const saveInvoice = (customerAccountId: string) =>
  post('/invoices', { customerAccountId, items: [{ description: 'A plan', amount: '25.00' }] })
const saveSubscription = (customerAccountId: string) =>
  post('/subscriptions', { customerAccountId, productPlanId: 'pro', productPlanPriceId: 'year' })

describe('Customers', () => {
  test('"the people paying you. Link payments, subscriptions, and invoices to a customer"', async () => {
    const { id } = await dataOf(create(full))
    const [payment, invoice] = [await savePayment(id), await saveInvoice(id)]
    const subscription = await saveSubscription(id)
    for (const one of [payment, invoice, subscription]) expect(one.customerAccountId).toBe(id)
    const shown = await dataOf(retrieve(id))
    expect(shown.paymentIntents).toMatchObject([{ id: payment.id }])
    expect(shown.invoices).toMatchObject([{ id: invoice.id }])
  })
})

describe('Manage wallets', () => {
  test('"multiple wallets across different chains"', async () => {
    const { id } = await dataOf(create({}))
    for (const chainId of [1, 137, 8453]) await addWallet(id, chainId)
    const { wallets } = await dataOf(retrieve(id))
    const chains = wallets.map(({ chainId }: { chainId: number }) => chainId)
    expect(chains).toEqual([1, 137, 8453])
  })

  test('"Add and remove wallets to track which addresses belong to a customer"', async () => {
    const { id } = await dataOf(create({}))
    const kept = await dataOf(addWallet(id, 1))
    const removed = await dataOf(addWallet(id, 137))
    await removeWallet(id, removed.id)
    const { wallets } = await dataOf(retrieve(id))
    expect(wallets).toMatchObject([{ id: kept.id, walletAddress: anAddress.toLowerCase() }])
    expect(wallets).toHaveLength(1)
  })
})

describe('Methods reference', () => {
  test('create(params): "Create a new customer"', async () => {
    const [first, second] = [await create(full), await create(full)]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.json.data).toMatchObject(full)
    expect(first.json.data.id).not.toBe(second.json.data.id)
  })

  test('retrieve(id): "Retrieve a customer with wallets and history"', async () => {
    const { id } = await dataOf(create(full))
    const answer = await retrieve(id)
    expect(answer.status).toBe(200)
    const { wallets, paymentIntents, invoices } = answer.json.data
    expect([wallets, paymentIntents, invoices]).toEqual([[], [], []])
    expect((await retrieve(customers.server.testApp.id)).status).toBe(404)
  })

  test('list(params?): "List customers with pagination"', async () => {
    for (const name of ['Page A', 'Page B', 'Page C']) await create({ name })
    const { json } = await list('?search=page&page=2&pageSize=2')
    expect(json).toMatchObject({ success: true, data: [{ name: 'Page A' }] })
    expect(json.data).toHaveLength(1)
    expect(json.pagination).toEqual({ total: 3, page: 2, pageSize: 2, totalPages: 2 })
  })

  test('update(id, params): "Update customer details"', async () => {
    const { id } = await dataOf(create(full))
    const answer = await update(id, { city: 'Paris' })
    expect(answer.status).toBe(200)
    expect(answer.json.data).toMatchObject({ ...full, city: 'Paris' })
  })

  test('addWallet(customerId, params): "Add a wallet to a customer"', async () => {
    const { id } = await dataOf(create({}))
    const answer = await addWallet(id, 1)
    expect([answer.status, answer.json.data.customerAccountId]).toEqual([201, id])
  })

  test('removeWallet(customerId, walletId): "Remove a wallet"', async () => {
    const { id } = await dataOf(create({}))
    const wallet = await dataOf(addWallet(id, 1))
    expect((await removeWallet(id, wallet.id)).status).toBe(204)
    expect((await removeWallet(id, wallet.id)).status).toBe(404)
  })
})

test('"All responses are wrapped in { success: true, data: ... }"', async () => {
  const { id } = await dataOf(create({}))
  const answers = [
    await create({}),
    await retrieve(id),
    await list(),
    await update(id, { city: 'Paris' }),
    await addWallet(id, 1),
  ]
  for (const { json } of answers) {
    const { success, data, pagination, ...rest } = json
    expect([success, typeof data, rest]).toEqual([true, 'object', {}])
  }
})

describe('Customer', () => {
  const given = { ...full, externalId: 'USR-4421' }
  const shown: Record<string, { filled: Answer['json']; empty: Answer['json'] }> = {}
  beforeAll(async () => {
    const filled = await dataOf(create(given))
    const empty = await dataOf(create({}))
    shown['create()'] = { filled, empty }
    const [one, other] = [await dataOf(create({})), await dataOf(create(full))]
    await update(filled.id, { externalId: null })
    shown['update()'] = {
      filled: await dataOf(update(one.id, given)),
      empty: await dataOf(update(other.id, clear)),
    }
    const read = { filled: await dataOf(retrieve(one.id)), empty: await dataOf(retrieve(other.id)) }
    shown['retrieve()'] = read
    const [emptyEntry, filledEntry] = await dataOf(list('?pageSize=2'))
    shown['list()'] = { filled: filledEntry, empty: emptyEntry }
  })

  describe.each(['create()', 'update()', 'retrieve()', 'list()'])('%s response', (method) => {
    test.each([...customerTable])('%s: %s, %s', (field, type) => {
      const { filled, empty } = shown[method] ?? {}
      expect(Object.hasOwn(filled, field)).toBe(true)
      expect([type, isOfType(type, filled[field])]).toEqual([type, true])
      expect([type, isOfType(type, empty[field])]).toEqual([type, true])
      if (Object.hasOwn(given, field)) {
        expect(filled[field]).toEqual(Reflect.get(given, field))
        expect(empty[field]).toEqual(field === 'metadata' ? {} : null)
      }
    })
  })

  test.each(['create()', 'update()'])('%s has these fields and no other', (method) => {
    const names = customerTable.map(([field]) => field)
    expect(Object.keys(shown[method]?.filled).toSorted()).toEqual(names.toSorted())
  })

  test('id is a UUID, and appId the app of the key', () => {
    const { filled } = shown['create()'] ?? {}
    expect(filled.id).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(filled.appId).toBe(customers.server.testApp.id)
  })
})

describe('CustomerWallet', () => {
  let id = ''
  let nested: Answer['json'][] = []
  beforeAll(async () => {
    id = (await dataOf(create({}))).id
    await addWallet(id, 8453)
    const [entry] = await dataOf(list('?pageSize=1'))
    const updated = await dataOf(update(id, { city: 'Paris' }))
    nested = [updated, await dataOf(retrieve(id)), entry].map(({ wallets }) => wallets[0])
  })

  test.each([...walletTable])('nested in wallets[]: %s: %s, %s', (field, type) => {
    expect(nested).toHaveLength(3)
    for (const wallet of nested) {
      expect(Object.hasOwn(wallet, field)).toBe(true)
      expect([type, isOfType(type, wallet[field])]).toEqual([type, true])
    }
  })

  test('before any authorization: not active, of no type, no hash, at no time', () => {
    const none = { authorizationType: null, authorizationTxHash: null, authorizedAt: null }
    for (const wallet of nested)
      expect(wallet).toMatchObject({ hasActiveAuthorization: false, ...none })
  })

  test('"PERMIT, NATIVE, etc."', async () => {
    const [wallet] = nested
    const txHash = `0x${'ab'.repeat(32)}`
    await post(`/customers/${id}/wallets/${wallet?.id}/authorizations`, { type: 'NATIVE', txHash })
    const { wallets } = await dataOf(retrieve(id))
    expect(wallets[0]).toMatchObject({
      hasActiveAuthorization: true,
      authorizationType: 'NATIVE',
      authorizationTxHash: txHash,
    })
    expect(isOfType('time', wallets[0].authorizedAt)).toBe(true)
  })
})

describe('retrieve() response', () => {
  let shown: Answer['json']
  beforeAll(async () => {
    const { id } = await dataOf(create(full))
    await addWallet(id, 137)
    for (let at = 0; at < 51; at += 1) {
      await savePayment(id)
      await saveInvoice(id)
    }
    shown = await dataOf(retrieve(id))
  })

  test.each([...crypto002Fields.retrieved])('Additional fields: %s: %s, %s', (field, type) => {
    expect([type, isOfType(type, shown[field])]).toEqual([type, true])
  })

  test('"Full app object"', () => {
    const { id, merchantId, name } = customers.server.testApp
    expect(shown.app).toMatchObject({ id, merchantId, name, environment: 'TEST' })
  })

  test('wallets[].chain: "{ chainId, name }", "Chain info on each wallet"', () => {
    const chains = shown.wallets.map(({ chain }: { chain: object }) => chain)
    expect(chains).toEqual([{ chainId: 137, name: 'Polygon' }])
  })

  test.each(['paymentIntents', 'invoices'] as const)('"Last 50" of %s, "selected fields"', (of) => {
    expect(shown[of]).toHaveLength(50)
    for (const entry of shown[of]) expect(Object.keys(entry)).toEqual(crypto002Selected[of])
  })
})

describe('list() response', () => {
  test('"Returns paginated customers. Each includes wallets[] plus counts"', async () => {
    const { id } = await dataOf(create(full))
    await addWallet(id, 1)
    for (const save of [savePayment, savePayment, savePayment, saveInvoice, saveInvoice])
      await save(id)
    await saveSubscription(id)
    const [entry] = await dataOf(list('?pageSize=1'))
    expect(entry.wallets).toHaveLength(1)
    expect(entry._count).toEqual({ paymentIntents: 3, subscriptions: 1, invoices: 2 })
  })

  test.each(['paymentIntents', 'subscriptions', 'invoices'])('_count.%s: number', async (kind) => {
    await create({})
    const [entry] = await dataOf(list('?pageSize=1'))
    expect(entry._count[kind]).toBe(0)
  })
})

describe('addWallet() response', () => {
  test.each([...crypto002Fields.addedWallet])('%s: %s, %s', async (field, type) => {
    const { id } = await dataOf(create({}))
    const wallet = await dataOf(addWallet(id, 1))
    expect([type, isOfType(type, wallet[field])]).toEqual([type, true])
    const expected = { customerAccountId: id, chainId: 1, walletAddress: anAddress.toLowerCase() }
    expect(wallet).toMatchObject({ ...expected, chain: { chainId: 1, name: 'Ethereum' } })
  })
})

test('removeWallet(): "Returns 204 No Content (no response body)"', async () => {
  const { id } = await dataOf(create({}))
  const wallet = await dataOf(addWallet(id, 1))
  const answer = await removeWallet(id, wallet.id)
  expect([answer.status, answer.text, answer.headers.get('content-length')]).toEqual([
    204,
    '',
    null,
  ])
})
