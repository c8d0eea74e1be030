// Owns the guarantees of pushing fields to Mercado Pago, of its balances, and of files.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProviderCustomer, SyncField } from '../../core/provider.ts'
import { lia, type MercadoPagoBench, openMercadoPago } from './testing/mercado-pago-samples.ts'
import { refusal } from './testing/mercado-pago-stand-in.ts'

let bench: MercadoPagoBench
beforeEach(async () => {
  bench = await openMercadoPago()
})
afterEach(async () => {
  expect(bench.standIn.violations).toEqual([])
  await bench.close()
})

const sent = () => bench.standIn.requests.map(({ method, url }) => `${method} ${url}`)
const updated = (field: SyncField) => ({ field, outcome: 'updated', reason: null })
const unchanged = (field: SyncField) => ({ field, outcome: 'unchanged', reason: null })
const unsupported = (field: SyncField, reason: string) => ({
  ...{ field, outcome: 'unsupported', reason },
})

describe('a push to a customer', () => {
  const push = async (fields: SyncField[], over: Partial<ProviderCustomer> = {}) => {
    const { remoteId } = await bench.register()
    bench.standIn.requests.length = 0
    const customer = { ...lia, ...over }
    return bench.mercadoPago.push(
      bench.connection,
      { remoteId, role: 'customer' },
      { customer, fields, idempotencyKey: 'push-1' },
    )
  }
  const put = () => bench.standIn.requests.find(({ method }) => method === 'PUT')

  test('sends the names that differ, in one call under its key', async () => {
    const outcomes = await push(['givenName', 'familyName'], {
      givenName: 'Lea',
      familyName: 'Paz',
    })
    expect(outcomes).toEqual([updated('givenName'), updated('familyName')])
    expect(put()?.json()).toEqual({ first_name: 'Lea', last_name: 'Paz' })
    expect(put()?.headers['x-idempotency-key']).toBe('push-1')
    expect(sent()).toEqual([
      'GET /v1/customers/100000-A1b2C3d4E5f6G7',
      'PUT /v1/customers/100000-A1b2C3d4E5f6G7',
    ])
  })

  test('writes nothing where nothing differs', async () => {
    const outcomes = await push(['email', 'familyName', 'givenName'], { email: 'LIA@example.test' })
    const fields = ['email', 'familyName', 'givenName'] as const
    expect(outcomes).toEqual(fields.map(unchanged))
    expect(put()).toBe(undefined)
  })

  test('of the shipping address replaces the one flat address', async () => {
    const address = { ...Object(lia.address), streetName: 'Rua do Porto', streetNumber: '7' }
    expect(await push(['shipping'], { address })).toEqual([updated('shipping')])
    expect(put()?.json()).toEqual({
      address: { zip_code: '11000000', street_name: 'Rua do Porto', street_number: 7 },
    })
  })

  test('of another e-mail says that it is immutable, and sends the rest', async () => {
    const over = { email: 'nova@example.test', givenName: 'Lea' }
    expect(await push(['email', 'givenName'], over)).toEqual([
      unsupported('email', 'an e-mail is immutable there once it is set'),
      updated('givenName'),
    ])
    expect(put()?.json()).toEqual({ first_name: 'Lea' })
    expect(bench.standIn.customers[0]?.sent).toMatchObject({ email: 'lia@example.test' })
  })

  test('sets the e-mail of a customer who has none', async () => {
    const { remoteId } = await bench.register()
    const [known] = bench.standIn.customers
    delete known?.sent['email']
    const record = { remoteId, role: 'customer' } as const
    const request = { customer: lia, fields: ['email'] as const, idempotencyKey: 'push-1' }
    const outcomes = await bench.mercadoPago.push(bench.connection, record, request)
    expect(outcomes).toEqual([updated('email')])
    expect(known?.sent['email']).toBe('lia@example.test')
  })

  test('of what the record no longer has clears nothing, and says so', async () => {
    const none = 'the record has no value, and none can be cleared'
    const gone = { address: null, familyName: null }
    expect(await push(['shipping', 'familyName'], gone)).toEqual([
      unsupported('shipping', none),
      unsupported('familyName', none),
    ])
    expect(put()).toBe(undefined)
  })

  test('of a customer who is gone is refused', async () => {
    const push = { customer: lia, fields: ['email'] as const, idempotencyKey: 'push-1' }
    const record = { remoteId: '9-gone', role: 'customer' } as const
    await expect(bench.mercadoPago.push(bench.connection, record, push)).rejects.toMatchObject({
      message: expect.stringContaining('refused the request: it does not know this customer.'),
    })
  })
})

test('a push to a seller changes nothing: they alone do, and nobody is asked', async () => {
  const fields = ['shipping', 'email', 'givenName', 'familyName'] as const
  const record = { remoteId: '88', role: 'connected_account' } as const
  const push = { customer: lia, fields, idempotencyKey: 'push-1' }
  const why = 'a seller is a user of their own there, and only they change their data'
  expect(await bench.mercadoPago.push(bench.connection, record, push)).toEqual(
    fields.map((field) => unsupported(field, why)),
  )
  expect(sent()).toEqual([])
})

test.each(['customer', 'connected_account'] as const)(
  'a file of a %s is not taken',
  async (role) => {
    const file = {
      ...{ id: 'file_1', name: 'a.png', fileType: 'PASSPORT', contentType: 'image/png' as const },
      ...{ bytes: Buffer.from('x'), idempotencyKey: 'file-1' },
    }
    const record = { remoteId: '88', role }
    expect(await bench.mercadoPago.sendFile(bench.connection, record, file)).toEqual({
      ...{ outcome: 'unsupported', reason: 'Mercado Pago takes no files of customers' },
    })
    expect(sent()).toEqual([])
  },
)

describe('a balance', () => {
  const held = {
    ...{ user_id: 77, currency_id: 'BRL', total_amount: 130.6 },
    ...{ available_balance: 100.1, unavailable_balance: 30.5 },
  }
  const balance = (body: unknown, remoteId = '77') => {
    bench.standIn.balances.set(77, body)
    const record = { remoteId, role: 'connected_account' } as const
    return bench.mercadoPago.balance(bench.connection, record)
  }
  const not = { definition: { code: 'provider_balance_unsupported' } }

  test('of the account behind the token is exact to the cent', async () => {
    expect(await balance(held)).toEqual([
      {
        accountId: '77',
        totals: [
          { currency: 'BRL', available: 10_010, pending: 3_050, reserved: 0, instantPayouts: 0 },
        ],
      },
    ])
    expect(sent()).toEqual(['GET /users/77/mercadopago_account/balance'])
  })

  test.each<[string, number, string, number]>([
    ['a debt', -0.07, 'BRL', -7],
    ['no cents', 12, 'CLP', 12],
    ['what a float makes of 8.2', 8.2, 'ARS', 820],
    ['the largest that is exact', 9_999_999_999_999.99, 'BRL', 999_999_999_999_999],
    ['less than a cent', 1.009, 'BRL', 100],
  ])('of %s is exact', async (_what, amount, currency_id, minor) => {
    const [entry] = await balance({ ...held, available_balance: amount, currency_id })
    expect(entry?.totals[0]).toMatchObject({ currency: currency_id, available: minor })
  })

  test.each([
    ['text', { ...held, available_balance: '100.1' }],
    ['more than a float holds in cents', { ...held, available_balance: 1e15 }],
    ['without what is to come', { ...held, unavailable_balance: undefined }],
    ['null', { ...held, available_balance: null }],
    ['of no currency', { ...held, currency_id: 'XQQ' }],
    ['of another user', { ...held, user_id: 78 }],
    ['a list', [held]],
  ])('that is %s is no balance, and no zero', async (_what, body) => {
    await expect(balance(body)).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
  })

  test.each([401, 403, 404])('that is answered by %i is not to be had', async (status) => {
    bench.standIn.refuse = () => refusal(status, 'no', [])
    await expect(balance(held)).rejects.toMatchObject(not)
  })

  test('of another account than the token belongs to is not to be had', async () => {
    await expect(balance(held, '88')).rejects.toMatchObject(not)
  })

  test.each(['link_reg-1', '../me', ''])('of %j is not asked for', async (remoteId) => {
    await expect(balance(held, remoteId)).rejects.toMatchObject(not)
    expect(sent()).toEqual([])
  })

  test('of a customer is none, and nobody is asked', async () => {
    const record = { remoteId: '77', role: 'customer' } as const
    await expect(bench.mercadoPago.balance(bench.connection, record)).rejects.toMatchObject(not)
    expect(sent()).toEqual([])
  })
})
