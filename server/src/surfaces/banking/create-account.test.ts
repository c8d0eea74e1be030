// Owns the outcomes of POST /v1/accounts.
import { describe, expect, test } from 'vitest'
import { accountsMax } from '../../core/accounts/account.ts'
import { bankingStatuses } from '../../core/customer/banking-status.ts'
import { createCustomer } from '../../core/customer/customer-service.ts'
import { printId } from '../../lib/id.ts'
import { refusal, refusalOf, testBanking, unknownIds, wireTime } from './test-banking.ts'

const banking = testBanking()
const newAccount = { type: 'DEPOSIT', currency: 'EUR' }
const open = (customer_id: string, more: object = {}, key?: string) => {
  const body = { customer_id, ...newAccount, ...more }
  return banking.call('POST', '/v1/accounts', key === undefined ? { body } : { body, key })
}

describe('201', () => {
  test('the account, ACTIVE, with no balance', async () => {
    const { customerId } = await banking.save()
    const answer = await open(customerId, { nickname: 'Payroll' })
    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      id: expect.stringMatching(/^acc_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
      customer_id: customerId,
      type: 'DEPOSIT',
      currency: 'EUR',
      status: 'ACTIVE',
      nickname: 'Payroll',
      created_at: expect.stringMatching(wireTime),
    })
    const last = (await banking.factsOf(customerId)).at(-1)
    expect(last).toMatchObject({
      type: 'customer.account.opened',
      changes: { account: { currency: 'EUR', nickname: 'Payroll', status: 'ACTIVE' } },
    })
  })

  test('without a nickname it has none; two of one currency are two accounts', async () => {
    const { customerId } = await banking.save()
    const [one, other] = [await open(customerId), await open(customerId, { nickname: null })]
    expect([one.json.nickname, other.json.nickname]).toEqual([null, null])
    expect(one.json.id).not.toBe(other.json.id)
  })

  test.each(['USD', 'EUR', 'BRL', 'ARS', 'JPY', 'KWD', 'XOF'])('in %s', async (currency) => {
    const { customerId } = await banking.save()
    expect((await open(customerId, { currency })).json.currency).toBe(currency)
  })
})

describe('409', () => {
  test.each(bankingStatuses)('by the table: %s', async (status) => {
    const { customerId } = await banking.save({ status })
    const before = (await banking.factsOf(customerId)).length
    const answer = await open(customerId)
    if (['ACTIVE', 'EDD', 'DORMANT'].includes(status)) {
      expect(answer.status).toBe(201)
      return
    }
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
    expect(answer.json.error.message).toContain(
      `is ${status}; it may transact as ACTIVE, EDD, DORMANT.`,
    )
    expect(await banking.factsOf(customerId)).toHaveLength(before)
  })

  test('no more than there may be, however many are opened at once', async () => {
    const { customerId } = await banking.save()
    const tries = Array.from({ length: accountsMax + 5 }, () => open(customerId))
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(accountsMax - 1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(6)
    const { json } = await banking.call('GET', `/v1/customers/${customerId}`)
    expect(json.accounts).toHaveLength(accountsMax)
  })
})

describe('400', () => {
  test.each<[string, object, string]>([
    ['no currency', { currency: undefined }, 'currency'],
    ['a currency that is none', { currency: 'ZZZ' }, 'currency'],
    ['a currency of small letters', { currency: 'eur' }, 'currency'],
    ['a currency that is withdrawn', { currency: 'DEM' }, 'currency'],
    ['gold', { currency: 'XAU' }, 'currency'],
    ['a token', { currency: 'USDC' }, 'currency'],
    ['no type', { type: undefined }, 'type'],
    ['another type', { type: 'LOAN' }, 'type'],
    ['an empty nickname', { nickname: '' }, 'nickname'],
    ['a blank nickname', { nickname: ' ' }, 'nickname'],
    ['a long nickname', { nickname: 'x'.repeat(101) }, 'nickname'],
    ['a control character', { nickname: 'a\u0007' }, 'nickname'],
    ['a status', { status: 'ACTIVE' }, 'status'],
    ['a balance', { balance: '1.00' }, 'balance'],
    ['no customer', { customer_id: undefined }, 'customer_id'],
  ])('%s', async (_name, more, field) => {
    const { customerId } = await banking.save()
    expect(refusalOf(await open(customerId, more))).toEqual(refusal(400, 'INVALID_REQUEST', field))
  })
})

describe('404', () => {
  test.each(unknownIds('cust'))('%s', async (id) => {
    expect(refusalOf(await open(id))).toEqual(refusal(404, 'NOT_FOUND', 'customer_id'))
  })

  test('a record of which no application was approved has no account', async () => {
    const { server } = banking
    const { id } = await createCustomer(server.contextOf(server.testApp), { kind: 'individual' })
    const answer = await open(printId('customer', id))
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND', 'customer_id'))
  })

  test('another app’s customer', async () => {
    const { customerId } = await banking.save()
    const { key } = await banking.newApp()
    const answer = await open(customerId, {}, key)
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND', 'customer_id'))
  })
})
