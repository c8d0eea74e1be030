// Owns the outcomes of GET /v1/customers/{id}/eligibility.
import { describe, expect, test } from 'vitest'
import { makeBankingCustomer, setBankingStatus } from '../../../../test/banking-customers.ts'
import { printId } from '../../lib/id.ts'
import { problem, problemOf, wireTime } from './test-connections.ts'
import { testRecords, uuidOf } from './test-records.ts'

const records = testRecords()
const ask = (id: string, query = '') => records.call('GET', `/customers/${id}/eligibility${query}`)

interface Told {
  action: string
  allowed: boolean
  reasons: { code: string; who: string | null; fields: string[]; next: { call: string | null } }[]
}

/** Of one action: whether, and why not. */
async function told(id: string, query: string): Promise<Told> {
  const answer = await ask(id, query)
  expect(answer.status, answer.text).toBe(200)
  return answer.json.actions[0]
}

const inShort = ({ reasons }: Told) => reasons.map(({ code, who }) => `${code} ${who}`)

const bankAccount = {
  country: 'AR',
  currency: 'ARS',
  rail: 'OTHER',
  accountType: 'checking',
  holderName: 'Alice Smith',
}
async function addBankAccount(id: string, accountNumber?: string): Promise<string> {
  const body = accountNumber === undefined ? bankAccount : { ...bankAccount, accountNumber }
  const path = `/payouts/customers/${id}/bank-accounts`
  return (await records.server.call('POST', path, { body })).json.bankAccountId
}

describe('200', () => {
  test('of everything, where no action is asked for', async () => {
    const record = await records.create({ email: 'alice@example.com' })
    const { json } = await ask(record.id)
    expect(json).toEqual({
      customer_id: record.id,
      as_of: expect.stringMatching(wireTime),
      actions: expect.any(Array),
    })
    const shown = json.actions.map(({ action, allowed }: Told) => [action, allowed])
    expect(shown).toEqual([
      ['payout', false],
      ['charge', true],
      ['sync', false],
      ['register', true],
      ['open_account', false],
    ])
  })

  test('a reason says what it is, of what, who acts, and by which call', async () => {
    const { id } = await records.create()
    const held = await addBankAccount(id)
    const answer = await ask(id, '?action=payout')
    expect(answer.json.actions).toEqual([
      {
        action: 'payout',
        allowed: false,
        targets: [],
        reasons: [
          {
            code: 'payout_destination_missing',
            message:
              'destinationCbu: is missing, and no default bank account stands in for it. ' +
              'Give destinationCbu, or a customerId whose default bank account has a number.',
            fields: [],
            provider: null,
            role: null,
            object_id: held,
            who: 'customer',
            next: {
              what: 'Add a bank account with its number, and make it the default one.',
              call: `POST /payouts/customers/${id}/bank-accounts`,
              url: null,
            },
          },
        ],
        warnings: [],
      },
    ])
  })

  test('a payout to a bank account that is named, default or not', async () => {
    const { id } = await records.create()
    const empty = await addBankAccount(id)
    const full = await addBankAccount(id, '0070327530004025541644')
    expect((await told(id, '?action=payout')).allowed).toBe(false)
    expect((await told(id, `?action=payout&bank_account_id=${full}`)).allowed).toBe(true)
    expect(inShort(await told(id, `?action=payout&bank_account_id=${empty}`))).toEqual([
      'payout_destination_missing customer',
    ])
    const { id: other } = await records.create()
    expect(problemOf(await ask(other, `?action=payout&bank_account_id=${full}`))).toEqual(
      problem(404, 'bank_account_not_found'),
    )
  })

  test('all that is in the way is told at once, each field by its name', async () => {
    const { customerId: id } = await makeBankingCustomer(records.context(), { status: 'FROZEN' })
    const found = await told(id, '?action=payout&amount=0.00&currency=usd')
    expect(found.reasons.map(({ code, who, fields }) => [code, who, fields])).toEqual([
      ['field_invalid', 'merchant', ['amount']],
      ['field_invalid', 'merchant', ['currency']],
      ['customer_status_forbids', 'operator', []],
      ['payout_destination_missing', 'customer', []],
    ])
    expect(found.reasons[2]?.next.call).toBe(`POST /v1/customers/${id}/status`)
  })

  test.each([
    ['PENDING', 'operator'],
    ['FROZEN', 'operator'],
    ['CLOSED', null],
  ] as const)('%s holds every action back, and %s can change it', async (status, who) => {
    const { customerId: id } = await makeBankingCustomer(records.context(), { status })
    const { json } = await ask(id)
    for (const { action, allowed, reasons } of json.actions as Told[]) {
      const ofStatus = reasons.filter(({ code }) => code === 'customer_status_forbids')
      expect({ action, allowed, told: ofStatus.map((one) => one.who) }).toEqual({
        action,
        allowed: false,
        told: [who],
      })
    }
  })

  test.each(['ACTIVE', 'EDD', 'DORMANT'] as const)('%s holds nothing back', async (status) => {
    const { customerId: id } = await makeBankingCustomer(records.context(), { status })
    expect(JSON.stringify((await ask(id)).json)).not.toContain('customer_status_forbids')
    expect((await told(id, '?action=open_account&currency=EUR')).allowed).toBe(true)
    expect(inShort(await told(id, '?action=open_account&currency=XXX'))).toEqual([
      'field_invalid merchant',
    ])
  })

  test('an account is for whom the bank knows', async () => {
    const { id } = await records.create()
    const found = await told(id, '?action=open_account')
    expect(inShort(found)).toEqual(['customer_not_found merchant'])
    expect(found.reasons[0]?.next.call).toBe('POST /banking/v1/applications')
  })

  test('a registration names what is missing, by who can tell it', async () => {
    const { id } = await records.create()
    const found = await told(id, '?action=register&provider=mercado_pago')
    const [customer, seller] = found.reasons
    expect([customer?.who, customer?.fields, customer?.next.call]).toEqual([
      'customer',
      ['email'],
      `PATCH /v1/customers/${id}`,
    ])
    expect([seller?.who, seller?.fields]).toEqual(['merchant', ['provider_data.redirect_uri']])
    await records.patch(id, '*', { email: 'alice@example.com' })
    expect(await told(id, '?action=register&provider=mercado_pago')).toMatchObject({
      allowed: true,
      targets: [{ provider: 'mercado_pago', role: 'customer' }],
      reasons: [],
    })
    expect(inShort(await told(id, '?action=register&provider=stripe&role=subaccount'))).toEqual([
      'role_unsupported merchant',
    ])
  })

  test('a sync, from no registration to one at the provider', async () => {
    const { id } = await records.create({ email: 'alice@example.com' })
    const sync = (query = '') => told(id, `?action=sync${query}`)
    expect(inShort(await sync())).toEqual(['registration_not_found merchant'])
    const path = `/orchestration/api/v1/customers/${id}/platforms`
    await records.server.call('POST', path, { body: { provider: 'stripe' } })
    await records.server.drainJobs()
    const targets = [{ provider: 'stripe', role: 'customer' }]
    expect(await sync()).toMatchObject({ allowed: true, targets })
    expect(await sync('&provider=stripe')).toMatchObject({ allowed: true, targets })
    expect(inShort(await sync('&provider=bridge'))).toEqual(['registration_not_found merchant'])
    expect(inShort(await sync('&provider=stripe&role=connected_account'))).toEqual([
      'registration_not_found merchant',
    ])
    const again = await told(id, '?action=register&provider=stripe&role=customer')
    expect(inShort(again)).toEqual(['registration_move_refused null'])
  })

  test('a live app without a connection is told to save one', async () => {
    const { server } = records
    const key = await server.createKey(server.liveApp)
    const body = { kind: 'individual', name: 'Alice Smith', email: 'alice@example.com' }
    const { id } = (await records.call('POST', '/customers', { key, body })).json
    const path = `/customers/${id}/eligibility?action=register&provider=stripe&role=customer`
    const [found] = (await records.call('GET', path, { key })).json.actions
    expect(inShort(found)).toEqual(['connection_missing merchant'])
    expect(found.reasons[0].next.call).toBe('PUT /v1/connections/stripe')
  })

  test('a wallet without an authorization in force is no refusal, and a warning', async () => {
    const { id } = await records.create()
    const path = `/crypto/customers/${id}/wallets`
    const body = { chainId: 8453, walletAddress: `0x${'ab'.repeat(20)}` }
    const headers = { 'x-api-key': records.server.key }
    const wallet = (await records.server.call('POST', path, { headers, body })).json.data.id
    const found = await told(id, `?action=charge&wallet_id=${wallet}`)
    const wire = printId('wallet', wallet)
    expect(found).toMatchObject({
      allowed: true,
      reasons: [],
      warnings: [
        {
          code: 'authorization_not_found',
          message: 'The wallet has given no authorization.',
          object_id: wire,
          who: 'customer',
          next: { call: `POST /crypto/customers/${id}/wallets/${wire}/authorizations` },
        },
      ],
    })
    const txHash = `0x${'4b'.repeat(32)}`
    await records.server.call('POST', `${path}/${wallet}/authorizations`, {
      headers,
      body: { type: 'NATIVE', txHash },
    })
    expect(await told(id, `?action=charge&wallet_id=${wire}`)).toMatchObject({
      allowed: true,
      warnings: [],
    })
    const { id: other } = await records.create()
    expect(problemOf(await ask(other, `?action=charge&wallet_id=${wire}`))).toEqual(
      problem(404, 'wallet_not_found'),
    )
  })

  test('every spelling of the customer', async () => {
    const { id } = await records.create()
    for (const spelling of [uuidOf(id), printId('customer', uuidOf(id), 'cus')]) {
      expect((await ask(spelling)).json.customer_id).toBe(id)
    }
  })

  test('a thaw is told at once', async () => {
    const { customerId } = await makeBankingCustomer(records.context(), { status: 'FROZEN' })
    expect((await told(customerId, '?action=charge')).allowed).toBe(false)
    await setBankingStatus(records.context(), uuidOf(customerId), 'ACTIVE')
    expect((await told(customerId, '?action=charge')).allowed).toBe(true)
  })
})

test.each([
  ['?action=fly', '/action'],
  ['?action=', '/action'],
  ['?provider=stripes', '/provider'],
  ['?role=', '/role'],
  ['?walet_id=x', '/walet_id'],
])('400: %s', async (query, pointer) => {
  const { id } = await records.create()
  const answer = await ask(id, query)
  expect(problemOf(answer)).toEqual(problem(400, 'query_invalid', pointer))
  if (pointer !== '/action') return
  const actions = 'payout, charge, sync, register, open_account'
  expect(answer.json.detail).toContain(`action: must be one of ${actions}.`)
})

describe('404', () => {
  test.each(['cust_01h455vb4pex5vsknk084sn02q', 'x'])('%s', async (id) => {
    expect(problemOf(await ask(id))).toEqual(problem(404, 'customer_not_found'))
  })

  test.each([
    ['bank_account_id=x', 'bank_account_not_found'],
    ['bank_account_id=wal_01h455vb4pex5vsknk084sn02q', 'bank_account_not_found'],
    ['wallet_id=wal_01h455vb4pex5vsknk084sn02q', 'wallet_not_found'],
    ['payment_intent_id=pi_01h455vb4pex5vsknk084sn02q', 'payment_intent_not_found'],
    ['subscription_id=sub_01h455vb4pex5vsknk084sn02q', 'subscription_not_found'],
  ])('what is named is not the customer’s: %s', async (query, code) => {
    const { id } = await records.create()
    expect(problemOf(await ask(id, `?${query}`))).toEqual(problem(404, code))
  })

  test("another app's customer", async () => {
    const { id } = await records.create()
    const key = await records.server.createKey(records.server.liveApp)
    const answer = await records.call('GET', `/customers/${id}/eligibility`, { key })
    expect(problemOf(answer)).toEqual(problem(404, 'customer_not_found'))
  })
})

test.each([
  ['?action=payout&provider=stripe', '/provider'],
  ['?action=sync&wallet_id=wal_01h455vb4pex5vsknk084sn02q', '/wallet_id'],
])('422: %s', async (query, pointer) => {
  const { id } = await records.create()
  expect(problemOf(await ask(id, query))).toEqual(problem(422, 'field_invalid', pointer))
})
