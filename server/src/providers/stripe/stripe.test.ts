// Owns the guarantees of registering at Stripe: exact requests, states, one record there a record.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProviderRole, Registering } from '../../core/provider.ts'
import { readForm } from './testing/stripe-forms.ts'
import { gaivota, lia, openStripe, type StripeBench } from './testing/stripe-samples.ts'

let bench: StripeBench
beforeEach(async () => {
  bench = await openStripe()
})
afterEach(async () => {
  expect(bench.standIn.violations).toEqual([])
  await bench.close()
})

const register = (over: Partial<Registering> = {}) =>
  bench.stripe.register(bench.connection, {
    role: 'customer',
    customer: lia,
    providerData: {},
    idempotencyKey: 'reg-1',
    isRepeat: false,
    ...over,
  })
const onlyForm = () => {
  const [post, ...others] = bench.standIn.requests
  if (!post || others.length > 0) throw new Error('there is one request')
  return readForm(post)
}
const address = {
  line1: 'Rua das Gaivotas 12',
  country: 'BR',
  city: 'Santos',
  state: 'São Paulo',
  postal_code: '11000-000',
}
const approved = {
  remoteId: 'cus_0001',
  status: 'approved',
  actionRequired: null,
  actionUrl: null,
  rejectionReason: null,
  failureReasons: [],
  facts: {},
}

describe('a registration', () => {
  test('goes out as a form, with key, version and the key of the registration', async () => {
    await register()
    const [post] = bench.standIn.requests
    expect([post?.method, post?.url]).toEqual(['POST', '/v1/customers'])
    expect(post?.headers).toMatchObject({
      authorization: 'Bearer sk_test_stand_in',
      'stripe-version': '2026-10-28.endive',
      'idempotency-key': 'reg-1',
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(post?.headers['x-stripe-client-telemetry']).toBeUndefined()
  })

  test('of a person as customer sends exactly the record', async () => {
    expect(await register()).toEqual(approved)
    expect(onlyForm()).toEqual({
      metadata: { record_id: 'cust_lia' },
      name: 'Lia Prado',
      email: 'lia@example.test',
      phone: '+5513955501234',
      shipping: { name: 'Lia Prado', phone: '+5513955501234', address },
      tax_id_data: [{ type: 'br_cpf', value: '000.000.001-91' }],
    })
  })

  test('of a business as customer sends its name and its own document', async () => {
    expect(await register({ customer: gaivota })).toEqual(approved)
    expect(onlyForm()).toEqual({
      metadata: { record_id: 'cust_gaivota' },
      name: 'Gaivota Comercio Ltda',
      email: 'contato@gaivota.test',
      phone: '+5513955501234',
      shipping: { name: 'Gaivota Comercio Ltda', phone: '+5513955501234', address },
      tax_id_data: [{ type: 'br_cnpj', value: '12.ABC.345/01DE-35' }],
    })
  })

  test('of a person as connected account sends the person, and tells what is open', async () => {
    expect(await register({ role: 'connected_account' })).toEqual({
      remoteId: 'acct_0001',
      status: 'processing',
      actionRequired: 'accept_terms',
      actionUrl: null,
      rejectionReason: null,
      failureReasons: ['external_account', 'tos_acceptance.date', 'tos_acceptance.ip'],
      facts: { charges_enabled: false, payouts_enabled: false, details_submitted: false },
    })
    expect(bench.standIn.requests[0]?.url).toBe('/v1/accounts')
    expect(onlyForm()).toEqual({
      type: 'custom',
      business_type: 'individual',
      capabilities: { transfers: { requested: 'true' } },
      metadata: { record_id: 'cust_lia' },
      country: 'BR',
      email: 'lia@example.test',
      individual: {
        first_name: 'Lia',
        last_name: 'Prado',
        email: 'lia@example.test',
        phone: '+5513955501234',
        dob: { day: '2', month: '4', year: '1991' },
        address,
        id_number: '000.000.001-91',
      },
    })
  })

  test('of a business as connected account sends the company', async () => {
    const role = 'connected_account'
    await register({ role, customer: gaivota, providerData: { type: 'express' } })
    expect(onlyForm()).toEqual({
      type: 'express',
      business_type: 'company',
      capabilities: { transfers: { requested: 'true' } },
      metadata: { record_id: 'cust_gaivota' },
      country: 'BR',
      email: 'contato@gaivota.test',
      company: {
        name: 'Gaivota Comercio Ltda',
        phone: '+5513955501234',
        address,
        tax_id: '12.ABC.345/01DE-35',
      },
    })
  })

  test('leaves out what the record has not, and a document that Stripe has no word for', async () => {
    const document = { type: 'passport', number: 'AB123456', country: 'BR' }
    const bare = { ...lia, phone: null, address: null, dateOfBirth: null, document }
    await register({ customer: bare })
    expect(onlyForm()).toEqual({
      metadata: { record_id: 'cust_lia' },
      name: 'Lia Prado',
      email: 'lia@example.test',
    })
    bench.standIn.requests.length = 0
    await register({ customer: bare, role: 'connected_account', idempotencyKey: 'reg-2' })
    expect(onlyForm()['individual']).toEqual({
      first_name: 'Lia',
      last_name: 'Prado',
      email: 'lia@example.test',
    })
  })
})

const roles: [ProviderRole, 'customers' | 'accounts'][] = [
  ['customer', 'customers'],
  ['connected_account', 'accounts'],
]

describe.each(roles)('a try as %s whose answer was lost', (role, collection) => {
  const loseAnswer = async () => {
    bench.standIn.badDay = 'reset_after'
    await expect(register({ role })).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
    bench.standIn.badDay = null
    expect(bench.standIn[collection]).toHaveLength(1)
  }
  const expectOne = (remoteId: string) => {
    const records = bench.standIn[collection]
    expect(records.map(({ id }) => id)).toEqual([remoteId])
  }
  const others = async (count: number) => {
    for (let number = 0; number < count; number += 1) {
      const customer = { ...lia, recordId: `cust_${number}` }
      await register({ role, customer, idempotencyKey: `other-${number}` })
    }
  }

  test('is found by a repeat, and there is exactly one', async () => {
    await loseAnswer()
    expectOne((await register({ role, isRepeat: true })).remoteId)
  })

  test('is found again once Stripe has forgotten the key', async () => {
    await loseAnswer()
    bench.standIn.areKeysOld = true
    expectOne((await register({ role, isRepeat: true })).remoteId)
  })

  test('is found though the record has changed since', async () => {
    await loseAnswer()
    const customer = { ...lia, phone: '+5513955509999', email: 'lia.souza@example.test' }
    expectOne((await register({ role, isRepeat: true, customer })).remoteId)
  })

  test('is answered by its key where nobody looks', async () => {
    await loseAnswer()
    expectOne((await register({ role })).remoteId)
  })

  test('is found behind a page of newer ones of the same mailbox', async () => {
    await loseAnswer()
    await others(101)
    bench.standIn.areKeysOld = true
    const { remoteId } = await register({ role, isRepeat: true })
    expect(remoteId).toBe(bench.standIn[collection][0]?.id)
    expect(bench.standIn[collection]).toHaveLength(102)
  })

  test('never adopts the one of another record with the same mailbox', async () => {
    await others(1)
    const { remoteId } = await register({ role, isRepeat: true })
    expect(bench.standIn[collection][1]?.id).toBe(remoteId)
    expect(bench.standIn[collection]).toHaveLength(2)
  })
})

test('a key that was spent on something else is left for one of the same body', async () => {
  await register({ customer: { ...lia, recordId: 'cust_other' } })
  const { remoteId } = await register()
  expect(remoteId).toBe('cus_0002')
  // The key made of the body is the same again: the next try makes no third.
  expect((await register()).remoteId).toBe('cus_0002')
  expect(bench.standIn.customers).toHaveLength(2)
})

describe('the state of an account', () => {
  const stateOf = async (shown: Record<string, unknown>) => {
    const { remoteId } = await register({ role: 'connected_account' })
    const [account] = bench.standIn.accounts
    if (account) account.shown = shown
    return bench.stripe.read(bench.connection, { remoteId, role: 'connected_account' })
  }
  const due = (currently_due: string[], disabled_reason: string | null = null) => ({
    requirements: { currently_due, disabled_reason },
  })

  test.each([
    [{ payouts_enabled: true, ...due([]) }, 'approved', null],
    [due([]), 'processing', null],
    [due(['external_account']), 'processing', 'complete_profile'],
    [due(['tos_acceptance.date', 'external_account']), 'processing', 'accept_terms'],
    [due(['individual.verification.document']), 'processing', 'upload_documents'],
    [due([], 'platform_paused'), 'restricted', null],
    [due([], 'listed'), 'restricted', null],
    [due([], 'under_review'), 'restricted', null],
    [due(['external_account'], 'rejected.fraud'), 'rejected', null],
    [{ requirements: null }, 'processing', null],
  ])('%j is %s, %s', async (shown, status, actionRequired) => {
    expect(await stateOf(shown)).toMatchObject({ status, actionRequired })
  })

  test('carries why it was rejected, and what it can do', async () => {
    expect(await stateOf({ charges_enabled: true, ...due([], 'rejected.other') })).toMatchObject({
      rejectionReason: 'rejected.other',
      facts: { charges_enabled: true, payouts_enabled: false, details_submitted: false },
    })
  })
})

test('a customer that was deleted at Stripe is cancelled', async () => {
  const { remoteId } = await register()
  const [customer] = bench.standIn.customers
  if (customer) customer.isDeleted = true
  const state = await bench.stripe.read(bench.connection, { remoteId, role: 'customer' })
  expect(state).toEqual({ ...approved, status: 'cancelled' })
})
