// Owns the guarantees of pushing fields to Pagar.me: an outcome each, and nothing lost beside them.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProviderCustomer, RemoteRecord, SyncField } from '../../core/provider.ts'
import {
  gaivota,
  lia,
  openPagarMe,
  type PagarMeBench,
  personData,
} from './testing/pagar-me-samples.ts'

let bench: PagarMeBench
beforeEach(async () => {
  bench = await openPagarMe()
})
afterEach(async () => {
  expect(bench.standIn.violations).toEqual([])
  await bench.close()
})

const open = async (
  role: 'customer' | 'connected_account',
  customer: ProviderCustomer = lia,
): Promise<RemoteRecord> => {
  const { remoteId } = await bench.pagarMe.register(bench.connection, {
    role,
    customer,
    providerData: role === 'customer' ? {} : personData,
    idempotencyKey: 'reg-1',
    isRepeat: false,
  })
  bench.standIn.requests.length = 0
  return { remoteId, role }
}
const push = (record: RemoteRecord, customer: ProviderCustomer, fields: SyncField[]) =>
  bench.pagarMe.push(bench.connection, record, { customer, fields, idempotencyKey: 'push-1' })
const puts = () => bench.standIn.requests.filter(({ method }) => method === 'PUT')

const moved: ProviderCustomer = {
  ...lia,
  name: 'Lia Maria Souza',
  givenName: 'Lia Maria',
  familyName: 'Souza',
  email: 'lia.souza@example.test',
  address: { ...addressOf(lia), streetNumber: '99', line2: 'Casa 2' },
}

function addressOf(customer: ProviderCustomer) {
  if (customer.address === null) throw new Error('the sample has an address')
  return customer.address
}

const rest = {
  code: 'cust_lia',
  type: 'individual',
  document: '00000000191',
  document_type: 'CPF',
  metadata: { record_id: 'cust_lia' },
  phones: { mobile_phone: { country_code: '55', area_code: '13', number: '955501234' } },
}
const movedAddress = {
  line_1: '99, Rua das Gaivotas, Centro',
  line_2: 'Casa 2',
  zip_code: '11000000',
  city: 'Santos',
  state: 'SP',
  country: 'BR',
}

describe('a push to a customer', () => {
  test('of every field is one update, in the order asked', async () => {
    const record = await open('customer')
    expect(await push(record, moved, ['shipping', 'familyName', 'email', 'givenName'])).toEqual([
      { field: 'shipping', outcome: 'updated', reason: null },
      { field: 'familyName', outcome: 'updated', reason: null },
      { field: 'email', outcome: 'updated', reason: null },
      { field: 'givenName', outcome: 'updated', reason: null },
    ])
    expect(puts().map((request) => request.json())).toEqual([
      { ...rest, name: 'Lia Maria Souza', email: 'lia.souza@example.test', address: movedAddress },
    ])
  })

  test('of one field leaves the others as they are there', async () => {
    const record = await open('customer')
    await push(record, moved, ['email'])
    expect(puts().map((request) => request.json())).toEqual([
      { ...rest, name: 'Lia Prado', email: 'lia.souza@example.test' },
    ])
    await push(record, moved, ['givenName'])
    expect(puts()[1]?.json()).toEqual({
      ...rest,
      name: 'Lia Maria Souza',
      email: 'lia.souza@example.test',
    })
  })

  test('of what is there already sends nothing', async () => {
    const record = await open('customer')
    expect(await push(record, lia, ['email', 'givenName', 'familyName', 'shipping'])).toEqual([
      { field: 'email', outcome: 'unchanged', reason: null },
      { field: 'givenName', outcome: 'unchanged', reason: null },
      { field: 'familyName', outcome: 'unchanged', reason: null },
      { field: 'shipping', outcome: 'unchanged', reason: null },
    ])
    expect(puts()).toEqual([])
  })

  test('of what is missing, or is none of a company, says so and sends nothing', async () => {
    const record = await open('customer', gaivota)
    const bare = { ...gaivota, email: null, address: null, givenName: 'Lia' }
    expect(await push(record, bare, ['email', 'shipping', 'givenName', 'familyName'])).toEqual([
      { field: 'email', outcome: 'unsupported', reason: 'Pagar.me keeps a value once it has one' },
      {
        field: 'shipping',
        outcome: 'failed',
        reason: 'the address is not complete enough for Pagar.me',
      },
      {
        field: 'givenName',
        outcome: 'unsupported',
        reason: 'a company has no such name at Pagar.me',
      },
      {
        field: 'familyName',
        outcome: 'unsupported',
        reason: 'a company has no such name at Pagar.me',
      },
    ])
    expect(puts()).toEqual([])
  })

  test('that is refused together is tried apart, and what was taken stays', async () => {
    const record = await open('customer')
    bench.standIn.refuse = ({ body }) =>
      body.includes('lia.souza')
        ? {
            status: 422,
            body: {
              message: 'The request is invalid.',
              errors: { 'customer.email': ['lia.souza@example.test is taken by Lia Maria Souza'] },
              request: { email: 'lia.souza@example.test', name: 'Lia Maria Souza' },
            },
          }
        : null
    expect(await push(record, moved, ['givenName', 'email', 'shipping'])).toEqual([
      { field: 'givenName', outcome: 'updated', reason: null },
      {
        field: 'email',
        outcome: 'failed',
        reason: 'The request is invalid.; customer.email … is taken by …',
      },
      { field: 'shipping', outcome: 'updated', reason: null },
    ])
    expect(bench.standIn.customers[0]?.sent).toMatchObject({
      name: 'Lia Maria Souza',
      email: 'lia@example.test',
      address: movedAddress,
    })
  })

  test('that is gone is rejected as such', async () => {
    const gone = { remoteId: 'cus_gone', role: 'customer' } as const
    await expect(push(gone, moved, ['email'])).rejects.toMatchObject({
      definition: { code: 'provider_rejected' },
      message: expect.stringContaining('it does not know this customer'),
    })
  })
})

describe('a push to a recipient', () => {
  test('updates e-mail and name, and never sets a status back', async () => {
    const record = await open('connected_account')
    expect(await push(record, moved, ['email', 'givenName', 'familyName'])).toEqual([
      { field: 'email', outcome: 'updated', reason: null },
      { field: 'givenName', outcome: 'updated', reason: null },
      { field: 'familyName', outcome: 'updated', reason: null },
    ])
    expect(puts().map((request) => request.json())).toEqual([
      {
        name: 'Lia Maria Souza',
        email: 'lia.souza@example.test',
        type: 'individual',
        metadata: { record_id: 'cust_lia' },
      },
    ])
  })

  test('never moves its registered address, whatever the connection allows', async () => {
    const record = await open('connected_account')
    bench.connection = { ...bench.connection, mayReplaceLegalAddress: true }
    expect(await push(record, moved, ['shipping'])).toEqual([
      {
        field: 'shipping',
        outcome: 'unsupported',
        reason: 'Pagar.me takes the address of a recipient only when it is made',
      },
    ])
    expect(puts()).toEqual([])
  })
})
