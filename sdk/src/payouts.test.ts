// Owns the proof that the payouts client and the real server mean the same.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../test/harness.ts'
import { ApiError, createPayoutsClient, type PayoutsClient, type Result } from './index.ts'

const cbu = '0070327530004025541644'
const otherCbu = '2850590940090418135201'
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

let server: TestServer
let client: PayoutsClient
beforeAll(async () => {
  server = await startTestServer()
  client = clientOf(server.key)
})
afterAll(() => server.close())

function clientOf(apiKey: string): PayoutsClient {
  return createPayoutsClient({ apiKey, baseUrl: `${server.url}/payouts` })
}

function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw result.error
}

function refusalOf(result: Result<unknown>): ApiError {
  if (!result.ok && result.error instanceof ApiError) return result.error
  throw new Error('the server did not refuse')
}

async function createCustomer(name = 'Gerardo Ratto') {
  return unwrap(await client.customers.create({ type: 'individual', name, country: 'AR' }))
}

function addAccount(customerId: string, accountNumber: string) {
  return client.bankAccounts.create(customerId, {
    country: 'AR',
    currency: 'ARS',
    rail: 'OTHER',
    accountType: 'checking',
    holderName: 'Gerardo Ratto',
    accountNumber,
  })
}

test('a recipient is saved, given accounts, paid through the default, and shows it', async () => {
  const metadata = { internalUserId: 'USR-4421' }
  const email = 'gerardo@example.com'
  const fields = {
    type: 'individual',
    name: 'Gerardo Ratto',
    email,
    country: 'AR',
    metadata,
  } as const
  const customer = unwrap(await client.customers.create(fields))
  const { customerId } = customer
  expect(customer).toEqual({
    ...fields,
    customerId: expect.stringMatching(/^cust_/),
    defaultBankAccountId: null,
    createdAt: expect.stringMatching(time),
    last_out: null,
  })
  const first = unwrap(await addAccount(customerId, cbu))
  const second = unwrap(await addAccount(customerId, otherCbu))
  expect([first.accountNumberLast4, second.accountNumberLast4]).toEqual(['1644', '5201'])
  expect(unwrap(await client.bankAccounts.list(customerId))).toEqual([first, second])
  expect(unwrap(await client.customers.retrieve(customerId))).toEqual({
    ...customer,
    defaultBankAccountId: first.bankAccountId,
  })
  const { bankAccountId } = second
  const chosen = await client.customers.setDefaultBankAccount(customerId, { bankAccountId })
  expect(unwrap(chosen).defaultBankAccountId).toBe(bankAccountId)

  const order = { amount: '5000.00', currency: 'ARS', customerId }
  const payout = unwrap(await client.payouts.create(order))
  expect(payout).toMatchObject({ ...order, bankAccountId, status: 'pending', attempts: 0 })
  await server.drainJobs()
  const done = unwrap(await client.payouts.retrieve(payout.id))
  expect(done).toMatchObject({ id: payout.id, status: 'completed', attempts: 1 })
  expect(unwrap(await client.customers.listPayouts(customerId))).toEqual([done])
  expect(unwrap(await client.payouts.list({ customerId, status: 'completed' }))).toEqual([done])
  expect(unwrap(await client.payouts.list({ customerId, status: 'failed' }))).toEqual([])
  const after = unwrap(await client.customers.retrieve(customerId))
  expect(after.last_out).toBe(payout.createdAt)
})

test('a pending payout is cancelled once; a second time is a conflict', async () => {
  const payout = unwrap(
    await client.payouts.create({ amount: '10.00', currency: 'ARS', destinationCbu: cbu }),
  )
  expect(unwrap(await client.payouts.cancel(payout.id))).toEqual({
    ...payout,
    status: 'cancelled',
  })
  expect(refusalOf(await client.payouts.cancel(payout.id))).toMatchObject({
    status: 409,
    code: 'conflict',
  })
})

test('a walk over three pages sees each customer once while others are created', async () => {
  const names = Array.from({ length: 7 }, (_, index) => `walked ${index}`)
  for (const name of names) await createCustomer(name)
  const seen: string[] = []
  for await (const customer of client.customers.list({ limit: 3 })) {
    if (customer.name.startsWith('walked')) seen.push(customer.name)
    // Newest first: what is created now stands before the walk, and must not push anything twice.
    if (seen.length % 2 === 0) await createCustomer('meanwhile')
    if (seen.length === names.length) break
  }
  expect(seen).toEqual(names.toReversed())
})

test('a walk over everything ends, and agrees with one large page', async () => {
  const page = unwrap(await client.customers.list({ limit: 200 }))
  const ids: string[] = []
  for await (const { customerId } of client.customers.list({ limit: 4 })) ids.push(customerId)
  expect(page.length).toBeGreaterThan(8)
  expect(ids).toEqual(page.map((customer) => customer.customerId))
})

test('bank accounts and payouts are walked by their own ids', async () => {
  const { customerId } = await createCustomer()
  for (const number of [cbu, otherCbu, '0110123845678901234564'])
    await addAccount(customerId, number)
  const endings: (string | null)[] = []
  for await (const account of client.bankAccounts.list(customerId, { limit: 1 })) {
    endings.push(account.accountNumberLast4)
  }
  expect(endings).toEqual(['1644', '5201', '4564'])
  for (const amount of ['1.00', '2.00', '3.00']) {
    unwrap(await client.payouts.create({ amount, currency: 'ARS', customerId }))
  }
  const amounts: string[] = []
  for await (const { amount } of client.customers.listPayouts(customerId, { limit: 1 })) {
    amounts.push(amount)
  }
  expect(amounts).toEqual(['3.00', '2.00', '1.00'])
})

test('one idempotency key is one payout, and another body under it is refused', async () => {
  const { customerId } = await createCustomer()
  await addAccount(customerId, cbu)
  const order = { amount: '7.00', currency: 'ARS', customerId }
  const options = { idempotencyKey: 'order-7' }
  const sent = [1, 2, 3].map(() => client.payouts.create(order, options))
  const [first, ...others] = (await Promise.all(sent)).map(unwrap)
  expect(others).toEqual([first, first])
  expect(unwrap(await client.payouts.create(order, options))).toEqual(first)
  expect(unwrap(await client.customers.listPayouts(customerId))).toEqual([first])
  const changed = await client.payouts.create({ ...order, amount: '8.00' }, options)
  expect(refusalOf(changed)).toMatchObject({ status: 409, code: 'idempotency_key_reused' })
})

test('without a key of yours, two calls are two payouts', async () => {
  const order = { amount: '9.00', currency: 'ARS', destinationCbu: otherCbu }
  const first = unwrap(await client.payouts.create(order))
  const second = unwrap(await client.payouts.create(order))
  expect(first.id).not.toBe(second.id)
})

type Attempt = () => PromiseLike<Result<unknown>>
const missing = 'cust_01h455vb4pex5vsknk084sn02q'
const refusals: [number, string, string | undefined, Attempt][] = [
  [400, 'invalid_request', 'limit', () => client.customers.list({ limit: 201 })],
  [400, 'invalid_request', 'startingAfter', () => client.payouts.list({ startingAfter: 'x' })],
  [401, 'unauthorized', undefined, () => clientOf('sk_test_wrong').customers.list()],
  [404, 'not_found', undefined, () => client.customers.retrieve(missing)],
  [404, 'not_found', undefined, () => client.customers.retrieve('a/b?c')],
  [404, 'not_found', undefined, () => client.payouts.retrieve('po_none')],
  [404, 'not_found', undefined, () => client.customers.listPayouts(missing)],
  [
    422,
    'validation_failed',
    'name',
    () => client.customers.create({ type: 'business', name: '', country: 'AR' }),
  ],
  [
    422,
    'validation_failed',
    'destinationCbu',
    () =>
      client.payouts.create({
        amount: '1.00',
        currency: 'ARS',
        destinationCbu: '0000003100012345678901',
      }),
  ],
]

test.each(refusals)(
  '%i %s with param %s arrives as an ApiError',
  async (status, code, param, attempt) => {
    const error = refusalOf(await attempt())
    expect(error).toMatchObject({ name: 'ApiError', status, code })
    expect(error.param).toBe(param)
    expect(error.requestId).toMatch(/^req_\w{16,}$/)
    expect(error.requestId).toBe(error.headers.get('request-id'))
    expect(error.body).toEqual({
      error: {
        code,
        message: error.message,
        ...(param === undefined ? {} : { param }),
        requestId: error.requestId,
      },
    })
    expect(server.logLines.some((line) => line.includes(`"${error.requestId}"`))).toBe(true)
  },
)

test('the same number twice on one customer is a conflict', async () => {
  const { customerId } = await createCustomer()
  unwrap(await addAccount(customerId, cbu))
  const error = refusalOf(await addAccount(customerId, cbu))
  expect(error).toMatchObject({ status: 409, code: 'conflict' })
})

test('a key without the scope is forbidden', async () => {
  const reader = clientOf(await server.createKey(server.testApp, ['payouts:read']))
  expect(await reader.customers.list({ limit: 1 })).toMatchObject({ ok: true })
  const customer = { type: 'individual', name: 'Ada', country: 'AR' } as const
  const error = refusalOf(await reader.customers.create(customer))
  expect(error).toMatchObject({ status: 403, code: 'forbidden' })
})

test('a server that is gone is a NetworkError', async () => {
  const gone = await startTestServer()
  const { key, url } = gone
  await gone.close()
  const retryOptions = { wait: async () => {} }
  const lost = createPayoutsClient({ apiKey: key, baseUrl: `${url}/payouts`, retryOptions })
  const result = await lost.customers.list()
  if (result.ok) throw new Error('the server is not gone')
  expect(result.error.name).toBe('NetworkError')
  expect(result.error.message).toBe(`No answer from ${new URL(url).host}: ECONNREFUSED.`)
})
