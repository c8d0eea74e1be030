// Owns the guarantees of pushing fields, balances and files to Bridge.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProviderCustomer, RemoteRecord, SyncField } from '../../core/provider.ts'
import { type BridgeBench, gaivota, lia, openBridge } from './testing/bridge-samples.ts'

let bench: BridgeBench
beforeEach(async () => {
  bench = await openBridge()
})
afterEach(async () => {
  expect(bench.standIn.violations).toEqual([])
  await bench.close()
})

const open = async (customer: ProviderCustomer = lia): Promise<RemoteRecord> => {
  const state = await bench.bridge.register(bench.connection, {
    role: 'customer',
    customer,
    providerData: { signed_agreement_id: 'agr_1' },
    idempotencyKey: 'reg-1',
    isRepeat: false,
  })
  bench.standIn.requests.length = 0
  return { remoteId: state.remoteId, role: 'customer' }
}
const push = (record: RemoteRecord, customer: ProviderCustomer, fields: SyncField[]) =>
  bench.bridge.push(bench.connection, record, { customer, fields, idempotencyKey: 'push-1' })
const puts = () => bench.standIn.requests.filter(({ method }) => method === 'PUT')

const moved: ProviderCustomer = {
  ...lia,
  givenName: 'Lia Maria',
  familyName: 'Souza',
  email: 'lia.souza@example.test',
}

describe('a push', () => {
  test('of e-mail and names is one update, answered in the order asked', async () => {
    const record = await open()
    expect(await push(record, moved, ['familyName', 'email', 'givenName'])).toEqual([
      { field: 'familyName', outcome: 'updated', reason: null },
      { field: 'email', outcome: 'updated', reason: null },
      { field: 'givenName', outcome: 'updated', reason: null },
    ])
    expect(puts().map((request) => request.json())).toEqual([
      { last_name: 'Souza', email: 'lia.souza@example.test', first_name: 'Lia Maria' },
    ])
    expect(puts()[0]?.headers['idempotency-key']).toBeUndefined()
  })

  test('of what Bridge already has sends nothing', async () => {
    const record = await open()
    expect(await push(record, lia, ['email', 'givenName', 'familyName'])).toEqual([
      { field: 'email', outcome: 'unchanged', reason: null },
      { field: 'givenName', outcome: 'unchanged', reason: null },
      { field: 'familyName', outcome: 'unchanged', reason: null },
    ])
    expect(puts()).toEqual([])
  })

  test('of shipping never replaces the legal address', async () => {
    const record = await open()
    const before = bench.standIn.customers[0]?.sent['residential_address']
    expect(await push(record, moved, ['shipping', 'givenName'])).toEqual([
      {
        field: 'shipping',
        outcome: 'unsupported',
        reason: 'Bridge has only the legal address, and this connection may not replace it',
      },
      { field: 'givenName', outcome: 'updated', reason: null },
    ])
    expect(puts().map((request) => request.json())).toEqual([{ first_name: 'Lia Maria' }])
    expect(bench.standIn.customers[0]?.sent['residential_address']).toEqual(before)
  })

  test.each([
    [lia, 'residential_address'],
    [gaivota, 'registered_address'],
  ])('of shipping replaces it where the connection says so: %#', async (customer, member) => {
    const record = await open(customer)
    bench.connection = { ...bench.connection, mayReplaceLegalAddress: true }
    const address = { ...(customer.address ?? never()), streetNumber: '99', line2: 'Casa 2' }
    expect(await push(record, { ...customer, address }, ['shipping'])).toEqual([
      { field: 'shipping', outcome: 'updated', reason: null },
    ])
    expect(puts()[0]?.json()).toEqual({
      [member]: {
        street_line_1: 'Rua das Gaivotas 99',
        street_line_2: 'Casa 2',
        city: 'Santos',
        subdivision: 'SP',
        postal_code: '11000000',
        country: 'BRA',
      },
    })
  })

  test('of an incomplete address, a missing value or a short name says so and sends nothing', async () => {
    const record = await open()
    bench.connection = { ...bench.connection, mayReplaceLegalAddress: true }
    const bare = { ...lia, address: null, email: null, givenName: 'L' }
    expect(await push(record, bare, ['shipping', 'email', 'givenName'])).toEqual([
      {
        field: 'shipping',
        outcome: 'failed',
        reason: 'the address is not complete enough for Bridge',
      },
      {
        field: 'email',
        outcome: 'unsupported',
        reason: 'Bridge keeps a value once it has one',
      },
      { field: 'givenName', outcome: 'failed', reason: 'first_name has less than 2 characters' },
    ])
    expect(puts()).toEqual([])
  })

  test('of a first name of a business is unsupported', async () => {
    const record = await open(gaivota)
    expect(await push(record, { ...gaivota, givenName: 'Lia' }, ['givenName'])).toEqual([
      {
        field: 'givenName',
        outcome: 'unsupported',
        reason: 'a business has no such name at Bridge',
      },
    ])
    expect(puts()).toEqual([])
  })

  test('that is refused together is tried apart, and one bad field holds up no other', async () => {
    const record = await open()
    bench.standIn.refuse = ({ body }) =>
      body.includes('"email"')
        ? {
            status: 400,
            body: {
              code: 'invalid_parameters',
              message: 'lia.souza@example.test of Lia Maria Souza is on a list',
              source: { location: 'body', key: { email: 'is not deliverable' } },
            },
          }
        : null
    expect(await push(record, moved, ['email', 'familyName'])).toEqual([
      {
        field: 'email',
        outcome: 'failed',
        reason: '… of … … is on a list; email is not deliverable',
      },
      { field: 'familyName', outcome: 'updated', reason: null },
    ])
    expect(bench.standIn.customers[0]?.sent['last_name']).toBe('Souza')
  })

  test('to a customer that is gone is rejected as such', async () => {
    await open()
    const gone = { remoteId: 'gone', role: 'customer' } as const
    await expect(push(gone, moved, ['email'])).rejects.toMatchObject({
      definition: { code: 'provider_rejected' },
      message: expect.stringContaining('it does not know this customer'),
    })
  })
})

function never(): never {
  throw new Error('the sample has an address')
}

describe('a balance', () => {
  const balance = (record: RemoteRecord) => bench.bridge.balance(bench.connection, record)
  const holding = async (...wallets: { id: string; balances: unknown[] }[]) => {
    const record = await open()
    bench.standIn.wallets.set(
      record.remoteId,
      wallets.map((wallet) => ({ ...wallet, chain: 'base' })),
    )
    return record
  }
  const zeros = { pending: 0, reserved: 0, instantPayouts: 0 }

  test('is exact in minor units, one entry a wallet, equal currencies summed', async () => {
    const record = await holding(
      {
        id: 'bw_1',
        balances: [
          { balance: '0.1', currency: 'usdc', chain: 'base' },
          { balance: '0.2', currency: 'usdc', chain: 'base' },
          { balance: '9007199.254740', currency: 'eurc', chain: 'base' },
        ],
      },
      { id: 'bw_2', balances: [{ balance: '40.25', currency: 'usd', chain: 'base' }] },
      { id: 'bw_3', balances: [] },
    )
    expect(await balance(record)).toEqual([
      {
        accountId: 'bw_1',
        totals: [
          { currency: 'USDC', available: 300_000, ...zeros },
          { currency: 'EURC', available: 9_007_199_254_740, ...zeros },
        ],
      },
      { accountId: 'bw_2', totals: [{ currency: 'USD', available: 4025, ...zeros }] },
      { accountId: 'bw_3', totals: [] },
    ])
  })

  test('of a customer without wallets is empty', async () => {
    expect(await balance(await open())).toEqual([])
  })

  test.each([
    ['a number', { balance: 40.25, currency: 'usdc' }],
    ['an exponent', { balance: '4e1', currency: 'usdc' }],
    ['a minus', { balance: '-1', currency: 'usdc' }],
    ['an unknown currency', { balance: '1', currency: 'zzzz' }],
    ['no currency', { balance: '1' }],
    ['too large to be exact', { balance: '99999999999999', currency: 'usdc' }],
  ])('that is %s is no balance', async (_what, entry) => {
    const record = await holding({ id: 'bw_1', balances: [entry] })
    await expect(balance(record)).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
  })

  test('of more wallets than are read is refused, never a part of it', async () => {
    const wallets = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ id: `bw_${index}`, balances: [] }))
    const record = await holding(...wallets(50))
    expect(await balance(record)).toHaveLength(50)
    expect(bench.standIn.requests).toHaveLength(51)
    expect(bench.mostAtOnce()).toBe(4)
    bench.standIn.wallets.set(
      record.remoteId,
      wallets(51).map((wallet) => ({ ...wallet, chain: 'base' })),
    )
    await expect(balance(record)).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
  })
})

test.each([
  ['CPF_DOCUMENT', 'proof_of_tax_identification', 'cpf document'],
  ['ADDRESS_PROOF', 'proof_of_address', 'address proof'],
  ['PASSPORT', 'other', 'passport'],
])('a file %s goes with the customer, without its name', async (fileType, purpose, description) => {
  const record = await open()
  const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47])
  const outcome = await bench.bridge.sendFile(bench.connection, record, {
    id: 'file_1',
    name: 'Lia Prado.png',
    fileType,
    contentType: 'image/png',
    bytes,
    idempotencyKey: 'file-1',
  })
  expect(outcome).toEqual({ outcome: 'sent', remoteFileId: null })
  expect(puts().map((request) => request.json())).toEqual([
    { documents: [{ purposes: [purpose], description, file: 'data:image/png;base64,iVBORw==' }] },
  ])
})
