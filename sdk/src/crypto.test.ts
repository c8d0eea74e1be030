// Owns the proof that the crypto client and the real server mean the same.
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../test/harness.ts'
import { ApiError, type CryptoClient, createCryptoClient, type Result } from './index.ts'

let server: TestServer
let client: CryptoClient
beforeAll(async () => {
  server = await startTestServer()
  client = createCryptoClient({ apiKey: server.key, baseUrl: `${server.url}/crypto` })
})
afterAll(() => server.close())

function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw result.error
}

function refusalOf(result: Result<unknown>): ApiError {
  if (!result.ok && result.error instanceof ApiError) return result.error
  throw new Error('the server did not refuse')
}

const createCustomer = async (name = 'Ada Lovelace') =>
  unwrap(await client.customers.create({ name, email: 'ada@example.com' }))

describe('customers', () => {
  test('are created, changed, read with their history, and found', async () => {
    const made = unwrap(await client.customers.create({ name: 'Grace Hopper', country: 'US' }))
    expect(made).toMatchObject({ name: 'Grace Hopper', country: 'US', wallets: [] })
    const changed = unwrap(await client.customers.update(made.id, { city: 'Arlington' }))
    expect(changed).toMatchObject({ id: made.id, city: 'Arlington', country: 'US' })
    const read = unwrap(await client.customers.retrieve(made.id))
    expect(read).toMatchObject({ city: 'Arlington', paymentIntents: [], invoices: [] })
    expect(read.app).toMatchObject({ id: server.testApp.id, environment: 'TEST' })
    const { data, pagination } = unwrap(await client.customers.list({ search: 'hopp' }))
    expect(data.map(({ id }) => id)).toEqual([made.id])
    expect(pagination).toEqual({ total: 1, page: 1, pageSize: 20, totalPages: 1 })
  })

  test('take the appId of the client, and another one is refused', async () => {
    const options = { apiKey: server.key, baseUrl: `${server.url}/crypto` }
    const own = createCryptoClient({ ...options, appId: server.testApp.id })
    expect(unwrap(await own.customers.create({})).appId).toBe(server.testApp.id)
    const other = createCryptoClient({ ...options, appId: server.liveApp.id })
    const refusal = refusalOf(await other.customers.create({}))
    expect([refusal.status, refusal.code]).toEqual([403, 'AUTHORIZATION_ERROR'])
    expect(refusal.param).toBe('appId')
    expect(refusal.requestId).toMatch(/^req_/)
  })

  test('are walked over all pages, entry by entry or page by page', async () => {
    const made: string[] = []
    for (const name of ['Walker one', 'Walker two', 'Walker three']) {
      made.unshift((await createCustomer(name)).id)
    }
    const list = client.customers.list({ search: 'walker', pageSize: 2 })
    const seen: string[] = []
    for await (const { id } of list) seen.push(id)
    expect(seen).toEqual(made)
    const sizes: number[] = []
    for await (const { data, pagination } of list.pages()) {
      sizes.push(data.length)
      expect(pagination.total).toBe(3)
    }
    expect(sizes).toEqual([2, 1])
  })

  test('a failing page ends a walk with its error', async () => {
    const walk = async () => {
      for await (const _ of client.customers.list({ pageSize: 101 })) throw new Error('an entry')
    }
    await expect(walk()).rejects.toMatchObject({ code: 'VALIDATION_ERROR', param: 'pageSize' })
  })
})

describe('wallets', () => {
  test('are linked, proven, and taken off', async () => {
    const account = privateKeyToAccount(generatePrivateKey())
    const { id } = await createCustomer()
    const params = { chainId: 8453, walletAddress: account.address }
    const wallet = unwrap(await client.customers.addWallet(id, params))
    expect(wallet).toMatchObject({
      walletAddress: account.address.toLowerCase(),
      chain: { chainId: 8453, name: 'Base' },
    })
    const challenge = unwrap(await client.customers.challengeWallet(id, wallet.id))
    const { message } = challenge
    const signature = await account.signMessage({ message })
    const proof = { message, signature }
    const proven = unwrap(await client.customers.proveWalletOwnership(id, wallet.id, proof))
    expect(proven.ownershipVerifiedAt).toMatch(/Z$/)
    const again = await client.customers.proveWalletOwnership(id, wallet.id, proof)
    expect(refusalOf(again).code).toBe('CONFLICT')
    expect(unwrap(await client.customers.removeWallet(id, wallet.id))).toBeNull()
    expect(refusalOf(await client.customers.removeWallet(id, wallet.id)).code).toBe('NOT_FOUND')
  })

  test('carry authorizations, which end when they are revoked', async () => {
    const { id } = await createCustomer()
    const walletAddress = `0x${'ab'.repeat(20)}`
    const wallet = unwrap(await client.customers.addWallet(id, { chainId: 1, walletAddress }))
    const given = { type: 'NATIVE' as const, txHash: `0x${'12'.repeat(32)}` }
    const authorization = unwrap(await client.customers.authorizeWallet(id, wallet.id, given))
    const shown = unwrap(await client.customers.retrieve(id)).wallets[0]
    expect(shown).toMatchObject({ hasActiveAuthorization: true, authorizationType: 'NATIVE' })
    const listed = unwrap(await client.customers.listWalletAuthorizations(id, wallet.id))
    expect(listed.map((one) => one.id)).toEqual([authorization.id])
    const revoke = () => client.customers.revokeWalletAuthorization(id, wallet.id, authorization.id)
    expect(unwrap(await revoke())).toBeNull()
    const after = unwrap(await client.customers.retrieve(id)).wallets[0]
    expect(after?.hasActiveAuthorization).toBe(false)
  })
})

describe('activity', () => {
  test('an intent is authorized, captured, refunded, and shown with its customer', async () => {
    const { id: customerAccountId } = await createCustomer()
    const made = unwrap(
      await client.paymentIntents.create({
        customerAccountId,
        amount: '25.00',
        captureMode: 'MANUAL',
      }),
    )
    expect(made.status).toBe('CREATED')
    const authorized = unwrap(
      await client.paymentIntents.authorize(made.id, {
        method: 'PERMIT',
        chainId: 8453,
        tokenKey: 'USDC-8453',
        cryptoAmount: '25.00',
      }),
    )
    expect(authorized.status).toBe('AUTHORIZED')
    const captured = unwrap(await client.paymentIntents.capture(made.id))
    expect(captured.status).toBe('CAPTURED')
    expect(unwrap(await client.paymentIntents.retrieve(made.id))).toEqual(captured)
    const refunded = unwrap(await client.paymentIntents.refund(made.id, { reason: 'returned' }))
    expect(refunded.status).toBe('REFUNDED')
    const refused = refusalOf(await client.paymentIntents.cancel(made.id))
    expect([refused.status, refused.code]).toEqual([409, 'CONFLICT'])
    const { paymentIntents } = unwrap(await client.customers.retrieve(customerAccountId))
    expect(paymentIntents.map(({ id, status }) => [id, status])).toEqual([[made.id, 'REFUNDED']])
    const { data } = unwrap(await client.paymentIntents.list({ status: 'REFUNDED' }))
    expect(data.map(({ id }) => id)).toEqual([made.id])
  })

  test('an invoice is opened and paid, another one is void', async () => {
    const { id: customerAccountId } = await createCustomer()
    const items = [{ description: 'Seat', amount: '10.00', quantity: 2 }]
    const first = unwrap(await client.invoices.create({ customerAccountId, items }))
    expect(first).toMatchObject({ status: 'DRAFT', total: '20.00' })
    expect(unwrap(await client.invoices.open(first.id)).status).toBe('OPEN')
    expect(unwrap(await client.invoices.pay(first.id)).status).toBe('PAID')
    const second = unwrap(await client.invoices.create({ customerAccountId, items }))
    expect(unwrap(await client.invoices.void(second.id)).status).toBe('VOID')
    expect(unwrap(await client.invoices.retrieve(second.id)).status).toBe('VOID')
    const { data } = unwrap(await client.invoices.list())
    expect(data.map(({ status }) => status)).toEqual(['VOID', 'PAID'])
  })

  test('a subscription is activated, paused, resumed and cancelled', async () => {
    const { id: customerAccountId } = await createCustomer()
    const plan = { productPlanId: 'plan_pro', productPlanPriceId: 'price_1' }
    const made = unwrap(await client.subscriptions.create({ customerAccountId, ...plan }))
    expect(unwrap(await client.subscriptions.activate(made.id)).status).toBe('ACTIVE')
    expect(unwrap(await client.subscriptions.pause(made.id)).status).toBe('PAUSED')
    expect(unwrap(await client.subscriptions.resume(made.id)).status).toBe('ACTIVE')
    const ending = await client.subscriptions.cancel(made.id, { cancelAtPeriodEnd: true })
    expect(unwrap(ending)).toMatchObject({ status: 'ACTIVE', cancelAtPeriodEnd: true })
    expect(unwrap(await client.subscriptions.cancel(made.id)).status).toBe('CANCELLED')
    expect(unwrap(await client.subscriptions.retrieve(made.id)).status).toBe('CANCELLED')
    const { data } = unwrap(await client.subscriptions.list({ status: 'CANCELLED' }))
    expect(data.map(({ id }) => id)).toEqual([made.id])
  })
})

test('what cannot be a client says so in the result of each call', async () => {
  const none = createCryptoClient({ apiKey: '', baseUrl: server.url })
  const result = await none.customers.list()
  expect(result.ok ? null : result.error.name).toBe('ArgumentError')
})
