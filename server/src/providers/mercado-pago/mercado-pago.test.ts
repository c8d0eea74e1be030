// Owns the guarantees of registering at Mercado Pago: exact requests, one customer an e-mail.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProviderCustomer } from '../../core/provider.ts'
import {
  gaivota,
  lia,
  type MercadoPagoBench,
  openMercadoPago,
} from './testing/mercado-pago-samples.ts'
import { platformToken, refusal, sellerToken } from './testing/mercado-pago-stand-in.ts'

let bench: MercadoPagoBench
beforeEach(async () => {
  bench = await openMercadoPago()
})
afterEach(async () => {
  expect(bench.standIn.violations).toEqual([])
  await bench.close()
})

const sent = () => bench.standIn.requests.map(({ method, url }) => `${method} ${url}`)
const firstId = '100000-A1b2C3d4E5f6G7'
const rejectedFor = (reason: string) => ({
  definition: { code: 'provider_rejected' },
  message: expect.stringContaining(`refused the request: ${reason}.`),
})
const approved = {
  status: 'approved',
  actionRequired: null,
  actionUrl: null,
  rejectionReason: null,
  failureReasons: [],
  facts: {},
}

describe('a customer', () => {
  test('who is a person is sent exactly, and is approved at once', async () => {
    expect(await bench.register()).toEqual({ remoteId: firstId, ...approved })
    expect(sent()).toEqual(['POST /v1/customers'])
    const [post] = bench.standIn.requests
    expect(post?.headers).toMatchObject({
      authorization: `Bearer ${platformToken}`,
      'content-type': 'application/json',
      'x-idempotency-key': 'reg-1',
    })
    expect(post?.json()).toEqual({
      email: 'lia@example.test',
      first_name: 'Lia',
      last_name: 'Prado',
      phone: { area_code: '13', number: '955501234' },
      identification: { type: 'CPF', number: '00000000191' },
      address: { zip_code: '11000000', street_name: 'Rua das Gaivotas', street_number: 12 },
      description: 'cust_lia',
    })
  })

  test('that is a business is sent by its name, with its CNPJ', async () => {
    await bench.register({ customer: gaivota })
    expect(bench.standIn.requests[0]?.json()).toMatchObject({
      email: 'contato@gaivota.test',
      first_name: 'Gaivota Comercio Ltda',
      identification: { type: 'CNPJ', number: '12ABC34501DE35' },
      description: 'cust_gaivota',
    })
  })

  const bare = { phone: null, phoneParts: null, document: null, address: null }
  const named = {
    ...{ email: 'lia@example.test', first_name: 'Lia', last_name: 'Prado' },
    description: 'cust_lia',
  }
  const street = { ...Object(lia.address), streetNumber: '12 B' }
  test.each<[string, Partial<ProviderCustomer>, object]>([
    ['nothing but a name and an e-mail', {}, {}],
    ['a document of a type that is not known there', { document: us('ssn') }, {}],
    [
      'a CURP',
      { document: { type: 'curp', number: 'HEGG560427MVZRRL04', country: 'MX' } },
      { identification: { type: 'CURP', number: 'HEGG560427MVZRRL04' } },
    ],
    [
      'a house number that is not one',
      { address: street },
      { address: { zip_code: '11000000', street_name: 'Rua das Gaivotas' } },
    ],
    ['an address without a street', { address: { ...street, streetName: null } }, {}],
  ])('with %s is sent with what there is', async (_what, over, expected) => {
    await bench.register({ customer: { ...lia, ...bare, ...over } })
    expect(bench.standIn.requests[0]?.json()).toEqual({ ...named, ...expected })
  })

  test('whose e-mail has a customer there already is that customer', async () => {
    await bench.register()
    const other = { ...lia, recordId: 'cust_other' }
    const state = await bench.register({ customer: other, idempotencyKey: 'reg-2' })
    expect(state).toEqual({ remoteId: firstId, ...approved, facts: { shared: true } })
    expect(sent().slice(1)).toEqual([
      'POST /v1/customers',
      'GET /v1/customers/search?email=lia%40example.test',
    ])
    expect(bench.standIn.customers).toHaveLength(1)
    expect(bench.standIn.customers[0]?.sent).toMatchObject({ description: 'cust_lia' })
  })

  test('that is told of and not found is an error, not a second one', async () => {
    bench.standIn.refuse = ({ method }) =>
      method === 'POST' ? refusal(400, 'invalid', [['101', 'exists']]) : null
    await expect(bench.register()).rejects.toMatchObject(
      rejectedFor('it says that the customer exists, and does not find it'),
    )
  })

  test('asked for again after a lost answer is looked for, and is the only one', async () => {
    bench.standIn.badDay = 'reset_after'
    await expect(bench.register()).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
    bench.standIn.badDay = null
    const again = await bench.register({ isRepeat: true })
    expect(again).toEqual({ remoteId: firstId, ...approved })
    expect(sent()).toEqual([
      'POST /v1/customers',
      'GET /v1/customers/search?email=lia%40example.test',
    ])
    expect(bench.standIn.customers).toHaveLength(1)
  })

  test('that a search shows under another e-mail is not taken for this one', async () => {
    await bench.register({ customer: { ...gaivota, email: 'liam@example.test' } })
    const [known] = bench.standIn.customers
    bench.standIn.rewrite = (reply, { path }) => {
      if (!path.endsWith('/search')) return reply
      const found = { id: known?.id, email: 'liam@example.test' }
      return { status: 200, body: { results: [found] } }
    }
    const { remoteId } = await bench.register({ isRepeat: true })
    expect(remoteId).not.toBe(firstId)
    expect(bench.standIn.customers).toHaveLength(2)
  })

  test('without an e-mail is refused before the network', async () => {
    await expect(bench.register({ customer: { ...lia, email: null } })).rejects.toMatchObject(
      rejectedFor('a customer there needs an e-mail'),
    )
    expect(sent()).toEqual([])
  })

  test('is read as it is, and one that is gone is not known', async () => {
    const { remoteId } = await bench.register()
    const read = (id: string) =>
      bench.mercadoPago.read(bench.connection, { remoteId: id, role: 'customer' })
    expect(await read(remoteId)).toEqual({ remoteId, ...approved })
    await expect(read('1-x')).rejects.toMatchObject(rejectedFor('it does not know this customer'))
    const asked = bench.standIn.requests.length
    await expect(read('../users/me')).rejects.toMatchObject(
      rejectedFor('it does not know this customer'),
    )
    expect(bench.standIn.requests).toHaveLength(asked)
  })
})

function us(type: string) {
  return { type, number: '219099999', country: 'US' }
}

describe('a seller', () => {
  const register = (providerData: Record<string, string | number>) =>
    bench.register({ role: 'connected_account', providerData })
  const redirect_uri = 'https://platform.test/linked?from=mp&x=1'

  test('is sent to the page where they link their account, and nobody is asked', async () => {
    const state = await register({ redirect_uri })
    const { actionUrl, ...others } = state
    expect(others).toEqual({
      ...{ remoteId: 'link_reg-1', status: 'awaiting_confirmation' },
      ...{ actionRequired: 'authorize_account', rejectionReason: null },
      ...{ failureReasons: [], facts: {} },
    })
    const url = new URL(actionUrl ?? '')
    expect(`${url.origin}${url.pathname}`).toBe('https://auth.mercadopago.com/authorization')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...{ client_id: '1000', response_type: 'code', platform_id: 'mp' },
      ...{ redirect_uri, state: 'reg-1' },
    })
    expect(sent()).toEqual([])
    const record = { remoteId: 'link_reg-1', role: 'connected_account' } as const
    expect(await bench.mercadoPago.read(bench.connection, record)).toEqual({
      ...others,
      actionUrl: null,
    })
  })

  test('who has linked it is read with the token of their own, and is approved', async () => {
    const state = await register({ access_token: sellerToken, user_id: '88' })
    expect(state).toEqual({ remoteId: '88', ...approved })
    expect(sent()).toEqual(['GET /users/me'])
    expect(bench.standIn.requests[0]?.headers.authorization).toBe(`Bearer ${sellerToken}`)
    const record = { remoteId: '88', role: 'connected_account' } as const
    expect(await bench.mercadoPago.read(bench.connection, record)).toEqual(state)
    expect(JSON.stringify(state)).not.toContain(sellerToken)
  })

  test.each<[string, Record<string, string | number>, string]>([
    [
      'the token of somebody else',
      { access_token: sellerToken, user_id: 77 },
      'provider_data.access_token belongs to another user than user_id',
    ],
    [
      'a token that would end its header',
      { access_token: 'x\r\nX-Other: y' },
      'provider_data.access_token is no access token',
    ],
    ['no page to come back to', {}, 'provider_data.redirect_uri is not a URL'],
    ['a page that is none', { redirect_uri: 'linked' }, 'provider_data.redirect_uri is not a URL'],
  ])('with %s is refused', async (_what, providerData, reason) => {
    await expect(register(providerData)).rejects.toMatchObject(rejectedFor(reason))
  })

  test('whose token is refused is told apart from a seller who is refused', async () => {
    await expect(register({ access_token: 'APP_USR-gone' })).rejects.toMatchObject({
      definition: { code: 'provider_credentials_refused' },
    })
  })

  test('cannot be linked by a connection without the id of its application', async () => {
    const { access_token = '' } = bench.connection.credentials
    const connection = { ...bench.connection, credentials: { access_token } }
    const request = { role: 'connected_account', customer: lia, isRepeat: false } as const
    const link = { ...request, providerData: { redirect_uri }, idempotencyKey: 'reg-1' }
    await expect(bench.mercadoPago.register(connection, link)).rejects.toMatchObject(
      rejectedFor('the connection has no client_id to link sellers with'),
    )
  })

  test.each(['nobody', '0', '1e9', 'link_', 'link_a/b'])(
    'of the id %j is not known',
    async (remoteId) => {
      const record = { remoteId, role: 'connected_account' } as const
      await expect(bench.mercadoPago.read(bench.connection, record)).rejects.toMatchObject(
        rejectedFor('it does not know this customer'),
      )
    },
  )
})
