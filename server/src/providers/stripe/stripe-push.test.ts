// Owns the guarantees of pushing fields, of balances and of files at Stripe.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProviderCustomer, RemoteRecord, SyncField } from '../../core/provider.ts'
import { readForm, readUpload } from './testing/stripe-forms.ts'
import { gaivota, lia, openRecord, openStripe, type StripeBench } from './testing/stripe-samples.ts'

let bench: StripeBench
beforeEach(async () => {
  bench = await openStripe()
})
afterEach(async () => {
  expect(bench.standIn.violations).toEqual([])
  await bench.close()
})

const push = (record: RemoteRecord, customer: ProviderCustomer, fields: SyncField[]) =>
  bench.stripe.push(bench.connection, record, { customer, fields, idempotencyKey: 'push-1' })
const posts = () => bench.standIn.requests.filter(({ method }) => method === 'POST')
const forms = () => posts().map((request) => [request.path, readForm(request)])

const moved: ProviderCustomer = {
  ...lia,
  name: 'Lia Maria Souza',
  givenName: 'Lia Maria',
  familyName: 'Souza',
  email: 'lia.souza@example.test',
}
const bare: ProviderCustomer = {
  ...lia,
  name: null,
  givenName: null,
  familyName: null,
  email: null,
  address: null,
}
const address = {
  line1: 'Rua das Gaivotas 12',
  country: 'BR',
  city: 'Santos',
  state: 'São Paulo',
  postal_code: '11000-000',
}
const updated = (field: SyncField) => ({ field, outcome: 'updated', reason: null })
const unsupported = (field: SyncField, reason: string) => ({
  ...{ field, outcome: 'unsupported', reason },
})
const noValue = 'the record has no value for it'
const noAddress = 'Stripe wants a name, a street and a country'
const keptAddress = 'an account has a legal address only, and the connection keeps it'

describe('a push to a customer', () => {
  test('is one update, answered in the order asked; both names are one there', async () => {
    const record = await openRecord(bench, 'customer')
    const fields: SyncField[] = ['familyName', 'shipping', 'email', 'givenName']
    expect(await push(record, moved, fields)).toEqual(fields.map(updated))
    const shipping = { name: 'Lia Maria Souza', phone: '+5513955501234', address }
    const form = { name: 'Lia Maria Souza', shipping, email: 'lia.souza@example.test' }
    expect(forms()).toEqual([['/v1/customers/cus_0001', form]])
  })

  test('of what the record has not says so, and sends nothing', async () => {
    const record = await openRecord(bench, 'customer')
    expect(await push(record, bare, ['email', 'shipping', 'givenName', 'familyName'])).toEqual([
      unsupported('email', noValue),
      unsupported('shipping', noAddress),
      unsupported('givenName', noValue),
      unsupported('familyName', noValue),
    ])
    expect(posts()).toEqual([])
  })

  test('after another one with the same key sends what the record is now', async () => {
    const record = await openRecord(bench, 'customer')
    await push(record, moved, ['email'])
    await push(record, lia, ['email'])
    await push(record, moved, ['email'])
    expect(bench.standIn.customers[0]?.sent['email']).toBe('lia.souza@example.test')
  })

  test('that is gone is rejected as such', async () => {
    const record = await openRecord(bench, 'customer')
    const [customer] = bench.standIn.customers
    if (customer) customer.isDeleted = true
    await expect(push(record, moved, ['email'])).rejects.toMatchObject({
      definition: { code: 'provider_rejected' },
      message: expect.stringContaining('it does not know this customer'),
    })
  })
})

describe('a push to a connected account', () => {
  test('of a person changes the person, and never the legal address', async () => {
    const record = await openRecord(bench, 'connected_account')
    expect(await push(record, moved, ['shipping', 'email', 'givenName', 'familyName'])).toEqual([
      unsupported('shipping', keptAddress),
      updated('email'),
      updated('givenName'),
      updated('familyName'),
    ])
    const email = 'lia.souza@example.test'
    const individual = { email, first_name: 'Lia Maria', last_name: 'Souza' }
    expect(forms()).toEqual([['/v1/accounts/acct_0001', { email, individual }]])
    expect(bench.standIn.accounts[0]?.sent['individual']).toMatchObject({ address })
  })

  test('of a company changes its e-mail; it has no first and last name', async () => {
    const record = await openRecord(bench, 'connected_account', gaivota)
    const customer = { ...gaivota, email: 'novo@gaivota.test', givenName: 'Lia' }
    const noNames = 'a company has no first and last name'
    expect(await push(record, customer, ['shipping', 'email', 'givenName', 'familyName'])).toEqual([
      unsupported('shipping', keptAddress),
      updated('email'),
      unsupported('givenName', noNames),
      unsupported('familyName', noNames),
    ])
    expect(forms()).toEqual([['/v1/accounts/acct_0001', { email: 'novo@gaivota.test' }]])
  })

  test.each([
    [lia, 'individual'],
    [gaivota, 'company'],
  ])(
    'of shipping replaces the legal address where the connection says so: %#',
    async (customer, member) => {
      const record = await openRecord(bench, 'connected_account', customer)
      bench.connection = { ...bench.connection, mayReplaceLegalAddress: true }
      const next = { ...customer, address: { ...(lia.address ?? never()), line1: 'Cais 3' } }
      expect(await push(record, next, ['shipping'])).toEqual([updated('shipping')])
      const form = { [member]: { address: { ...address, line1: 'Cais 3' } } }
      expect(forms()).toEqual([['/v1/accounts/acct_0001', form]])
    },
  )

  test('of what the record has not says so, and sends nothing', async () => {
    const record = await openRecord(bench, 'connected_account')
    bench.connection = { ...bench.connection, mayReplaceLegalAddress: true }
    expect(await push(record, bare, ['email', 'shipping', 'givenName', 'familyName'])).toEqual([
      unsupported('email', noValue),
      unsupported('shipping', noAddress),
      unsupported('givenName', noValue),
      unsupported('familyName', noValue),
    ])
    expect(posts()).toEqual([])
  })
})

function never(): never {
  throw new Error('the sample has an address')
}

describe('a balance', () => {
  const balance = (record: RemoteRecord) => bench.stripe.balance(bench.connection, record)
  const money = (amount: number, currency: string) => ({ amount, currency, source_types: {} })
  const zeros = { available: 0, pending: 0, reserved: 0, instantPayouts: 0 }

  test('is asked of the account, exact in the units that Stripe gives, yen included', async () => {
    const record = await openRecord(bench, 'connected_account')
    bench.standIn.balances.set(record.remoteId, {
      available: [money(7_200, 'brl'), money(512, 'jpy'), money(-30, 'usd')],
      pending: [money(900, 'brl'), money(9_007_199_254_740_991, 'usd')],
      connect_reserved: [money(15, 'usd'), money(8, 'eur')],
      instant_available: [{ ...money(7_000, 'brl'), net_available: [] }],
    })
    expect(await balance(record)).toEqual([
      {
        accountId: 'acct_0001',
        totals: [
          { ...zeros, currency: 'BRL', available: 7_200, pending: 900, instantPayouts: 7_000 },
          { ...zeros, currency: 'EUR', reserved: 8 },
          { ...zeros, currency: 'JPY', available: 512 },
          {
            ...{ currency: 'USD', available: -30, pending: 9_007_199_254_740_991 },
            ...{ reserved: 15, instantPayouts: 0 },
          },
        ],
      },
    ])
    const [get, ...others] = bench.standIn.requests
    expect(others).toEqual([])
    expect([get?.url, get?.headers['stripe-account']]).toEqual(['/v1/balance', 'acct_0001'])
  })

  test('of an account without money is empty', async () => {
    const record = await openRecord(bench, 'connected_account')
    expect(await balance(record)).toEqual([{ accountId: 'acct_0001', totals: [] }])
  })

  test('of a customer is none, and nobody is asked', async () => {
    const record = await openRecord(bench, 'customer')
    await expect(balance(record)).rejects.toMatchObject({
      definition: { code: 'provider_balance_unsupported' },
    })
    expect(bench.standIn.requests).toEqual([])
  })

  test.each([
    ['a fraction', [money(1.5, 'brl')]],
    ['text', [{ amount: '100', currency: 'brl' }]],
    ['no currency', [{ amount: 100 }]],
    ['an odd currency', [money(100, 'reais')]],
    ['too large to add', [money(9_007_199_254_740_991, 'brl'), money(1, 'brl')]],
  ])('that is %s is no balance', async (_what, available) => {
    const record = await openRecord(bench, 'connected_account')
    bench.standIn.balances.set(record.remoteId, { available })
    await expect(balance(record)).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
  })
})

describe('a file', () => {
  const bytes = Buffer.from('89504e470d0a1a0a00ff2d2d0d0a', 'hex')
  const send = (record: RemoteRecord, fileType: string) =>
    bench.stripe.sendFile(bench.connection, record, {
      ...{ id: 'file_1', name: 'Lia Prado.png', fileType, contentType: 'image/png' },
      ...{ bytes, idempotencyKey: 'file-1' },
    })

  test.each([
    ['CPF_DOCUMENT', 'identity_document', { document: { front: 'file_0001' } }],
    ['PASSPORT', 'identity_document', { document: { front: 'file_0001' } }],
    ['SSN_FRONT', 'identity_document', { document: { front: 'file_0001' } }],
    ['SSN_BACK', 'identity_document', { document: { back: 'file_0001' } }],
    ['ADDRESS_PROOF', 'additional_verification', { additional_document: { front: 'file_0001' } }],
  ])('%s goes up without its name, and is then attached', async (type, purpose, verification) => {
    const record = await openRecord(bench, 'connected_account')
    expect(await send(record, type)).toEqual({ outcome: 'sent', remoteFileId: 'file_0001' })
    const [upload, attach, ...others] = posts()
    if (!upload || !attach || others.length > 0) throw new Error('there are two writes')
    expect(upload.headers).toMatchObject({
      'idempotency-key': 'file-1',
      'stripe-account': 'acct_0001',
    })
    expect(await readUpload(upload)).toEqual({
      purpose,
      name: 'document.png',
      type: 'image/png',
      bytes,
    })
    expect(attach.path).toBe('/v1/accounts/acct_0001')
    expect(readForm(attach)).toEqual({ individual: { verification } })
  })

  test('whose answer was lost is not sent twice', async () => {
    const record = await openRecord(bench, 'connected_account')
    bench.standIn.rewrite = (reply, { path }) => (path === '/v1/files' ? { status: 502 } : reply)
    await expect(send(record, 'PASSPORT')).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
    bench.standIn.rewrite = null
    expect(await send(record, 'PASSPORT')).toEqual({ outcome: 'sent', remoteFileId: 'file_0001' })
    expect(bench.standIn.files).toHaveLength(1)
  })

  test.each([
    ['customer', lia, 'PASSPORT', 'Stripe takes files of connected accounts only'],
    [
      'connected_account',
      gaivota,
      'PASSPORT',
      "a company's files belong to its people, who are added on Stripe's own pages",
    ],
    [
      'connected_account',
      lia,
      'OTHER',
      'Stripe takes documents that prove who a person is or where they live',
    ],
  ] as const)('that Stripe does not take is not sent: %#', async (role, customer, type, reason) => {
    const record = await openRecord(bench, role, customer)
    expect(await send(record, type)).toEqual({ outcome: 'unsupported', reason })
    expect(bench.standIn.files).toEqual([])
  })
})
