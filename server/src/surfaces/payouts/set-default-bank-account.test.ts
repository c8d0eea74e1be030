// Owns the outcomes of PUT /customers/{customerId}/default-bank-account.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import {
  cbu,
  refusal,
  refusalOf,
  testRecipients,
  unknownIds,
  unknownUuid,
  uuidOf,
} from './test-recipients.ts'

const recipients = testRecipients()
const put = (customerId: string, body: unknown, key?: string) =>
  recipients.call(
    'PUT',
    `/payouts/customers/${customerId}/default-bank-account`,
    key === undefined ? { body } : { body, key },
  )

async function customerWithTwoAccounts() {
  const { customerId } = await recipients.saveCustomer()
  const first = await recipients.saveBankAccount(customerId)
  const second = await recipients.saveBankAccount(customerId, { accountNumber: cbu.second })
  const ids: [string, string] = [first.bankAccountId, second.bankAccountId]
  return { customerId: String(customerId), first: ids[0], second: ids[1] }
}

describe('200', () => {
  test('the answer is the customer with the chosen account, and it stays chosen', async () => {
    const { customerId, first, second } = await customerWithTwoAccounts()
    const path = `/payouts/customers/${customerId}`
    const before = (await recipients.call('GET', path)).json
    expect(before.defaultBankAccountId).toBe(first)
    const answer = await put(customerId, { bankAccountId: second })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({ ...before, defaultBankAccountId: second })
    expect((await recipients.call('GET', path)).json).toEqual(answer.json)
  })

  test('the change is one event, and choosing the default again is none', async () => {
    const { customerId, second } = await customerWithTwoAccounts()
    const answers = [
      await put(customerId, { bankAccountId: second }),
      await put(customerId, { bankAccountId: second }),
    ]
    expect(answers.map((answer) => answer.status)).toEqual([200, 200])
    expect(answers[1]?.text).toBe(answers[0]?.text)
    expect(await recipients.historyOf(customerId)).toEqual([
      '1 customer.created',
      '2 customer.bank_account.added',
      '3 customer.bank_account.added',
      '4 customer.default_bank_account.changed',
    ])
    const changed = (await recipients.eventsOf(customerId)).at(-1)?.changes
    expect(changed).toEqual({ defaultBankAccountId: uuidOf('bankAccount', second) })
  })

  test('the next payout that names no number goes to the chosen account', async () => {
    const { customerId, first, second } = await customerWithTwoAccounts()
    const earlier = await recipients.savePayout({ customerId })
    await put(customerId, { bankAccountId: second })
    const later = await recipients.savePayout({ customerId })
    expect([earlier.bankAccountId, later.bankAccountId]).toEqual([first, second])
  })

  test('plain UUIDs and cus_ name customer and account as the printed ids do', async () => {
    const { customerId, first, second } = await customerWithTwoAccounts()
    const uuid = uuidOf('customer', customerId)
    const byUuid = await put(uuid, { bankAccountId: uuidOf('bankAccount', second) })
    expect(byUuid.json.defaultBankAccountId).toBe(second)
    const byCus = await put(printId('customer', uuid, 'cus'), { bankAccountId: first })
    expect(byCus.json.defaultBankAccountId).toBe(first)
  })
})

describe('400', () => {
  test('a broken JSON body and no body are refused', async () => {
    const { customerId } = await recipients.saveCustomer()
    for (const body of ['{', undefined]) {
      const answer = await put(customerId, body)
      expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'body'))
    }
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    const bankAccountId = printId('bankAccount', unknownUuid)
    expect(refusalOf(await put(id, { bankAccountId }))).toEqual(refusal(404, 'not_found'))
  })

  test.each([...unknownIds('bankAccount'), ''])('"%s" is no bank account', async (id) => {
    const { customerId, first } = await customerWithTwoAccounts()
    const answer = await put(customerId, { bankAccountId: id })
    expect(refusalOf(answer)).toEqual(refusal(404, 'not_found', 'bankAccountId'))
    const { json } = await recipients.call('GET', `/payouts/customers/${customerId}`)
    expect(json.defaultBankAccountId).toBe(first)
  })

  test("another customer's account looks missing", async () => {
    const [mine, other] = [await customerWithTwoAccounts(), await customerWithTwoAccounts()]
    const answer = await put(mine.customerId, { bankAccountId: other.second })
    expect(refusalOf(answer)).toEqual(refusal(404, 'not_found', 'bankAccountId'))
    expect((await recipients.historyOf(mine.customerId)).length).toBe(3)
  })

  test("another app's customer looks missing and keeps its default", async () => {
    const key = await recipients.server.createKey(recipients.server.liveApp)
    const { customerId, second } = await customerWithTwoAccounts()
    const answer = await put(customerId, { bankAccountId: second }, key)
    expect(refusalOf(answer)).toEqual(refusal(404, 'not_found'))
    expect((await recipients.historyOf(customerId)).length).toBe(3)
  })
})

describe('422', () => {
  test.each<[string, string, unknown]>([
    ['no account', 'bankAccountId', {}],
    ['null as account', 'bankAccountId', { bankAccountId: null }],
    ['a number as account', 'bankAccountId', { bankAccountId: 1 }],
    ['an unknown member', 'default', { bankAccountId: 'ba_1', default: true }],
  ])('%s is refused, naming the field', async (_name, param, body) => {
    const { customerId } = await recipients.saveCustomer()
    expect(refusalOf(await put(customerId, body))).toEqual(refusal(422, 'validation_failed', param))
  })
})
