// Owns the translation between the core and this surface's wire form.
import { describe, expect, test } from 'vitest'
import type { BankAccount } from '../../core/bank-accounts/bank-account.ts'
import { createCustomer, updateCustomer } from '../../core/customer/customer-service.ts'
import { AppError } from '../../core/errors.ts'
import type { Payout } from '../../core/payouts/payout.ts'
import { payoutErrors } from '../../core/payouts/payout.ts'
import { type IdNoun, printId } from '../../lib/id.ts'
import { newCustomer, testRecipients, unknownUuid, uuidOf } from './test-recipients.ts'
import {
  fromWireBankAccountId,
  fromWireCursor,
  fromWireCustomerId,
  fromWirePayoutId,
  toWireBankAccount,
  toWirePayout,
} from './wire.ts'

const recipients = testRecipients()
/** The last millisecond of its second. */
const time = Date.parse('2026-02-25T12:00:00.999Z')
const shownTime = '2026-02-25T12:00:00Z'

const account: BankAccount = {
  id: unknownUuid,
  customerId: unknownUuid,
  country: 'AR',
  currency: 'ARS',
  rail: 'OTHER',
  accountType: 'savings',
  accountNumberLast4: null,
  holderName: 'Ana Sosa',
  metadata: {},
  createdAt: time,
}

const payout: Payout = {
  id: unknownUuid,
  customerId: null,
  bankAccountId: null,
  amountMinor: 1,
  currency: 'ARS',
  destination: { cbu: null, name: null, cuit: null },
  status: 'pending',
  attempts: 0,
  errorMessage: null,
  createdAt: time,
  submittedAt: null,
  completedAt: null,
}

describe('times', () => {
  test('are cut to the second, never rounded up', () => {
    expect(toWireBankAccount(account).createdAt).toBe(shownTime)
    const done = { ...payout, submittedAt: time, completedAt: time + 1 }
    expect(toWirePayout(done, unknownUuid)).toMatchObject({
      createdAt: shownTime,
      submittedAt: shownTime,
      completedAt: '2026-02-25T12:00:01Z',
    })
  })

  test('that have not come are null', () => {
    const { submittedAt, completedAt } = toWirePayout(payout, unknownUuid)
    expect([submittedAt, completedAt]).toEqual([null, null])
  })
})

describe('amounts', () => {
  test.each([
    [1, '0.01'],
    [10, '0.10'],
    [100, '1.00'],
    [500_000, '5000.00'],
    [999_999_999_999_999, '9999999999999.99'],
  ])('%i minor units are shown as %s', (amountMinor, shown) => {
    expect(toWirePayout({ ...payout, amountMinor }, unknownUuid).amount).toBe(shown)
  })
})

describe('ids', () => {
  const readers: [IdNoun, string, (text: string) => string][] = [
    ['customer', 'cust', fromWireCustomerId],
    ['customer', 'cus', fromWireCustomerId],
    ['bankAccount', 'ba', fromWireBankAccountId],
    ['payout', 'po', fromWirePayoutId],
  ]

  test.each(readers)('a %s is read as %s_…, as a plain UUID, and as nothing else', (...row) => {
    const [noun, prefix, read] = row
    const spelled = printId(noun, unknownUuid, prefix)
    for (const text of [spelled, unknownUuid, unknownUuid.toUpperCase()]) {
      expect(read(text)).toBe(unknownUuid)
    }
    const others = [`mer${spelled.slice(prefix.length)}`, spelled.slice(prefix.length + 1)]
    for (const text of [...others, `${spelled}0`, spelled.toUpperCase(), ` ${spelled}`, '']) {
      expect(() => read(text)).toThrow(AppError)
    }
  })

  test('a cursor that is left out is none; one of another noun is refused by its name', () => {
    const refusal = payoutErrors.payout_cursor_unknown
    expect(fromWireCursor('payout', undefined, refusal)).toBeNull()
    const customer = printId('customer', unknownUuid)
    expect(() => fromWireCursor('payout', customer, refusal)).toThrow(
      expect.objectContaining({ definition: refusal, param: 'startingAfter' }),
    )
  })

  test('every id of a payout is printed with the prefix of its noun', () => {
    const linked = { ...payout, customerId: unknownUuid, bankAccountId: unknownUuid }
    expect(toWirePayout(linked, unknownUuid)).toMatchObject({
      id: printId('payout', unknownUuid, 'po'),
      merchantId: printId('merchant', unknownUuid, 'mer'),
      customerId: printId('customer', unknownUuid, 'cust'),
      bankAccountId: printId('bankAccount', unknownUuid, 'ba'),
    })
  })
})

describe('a customer that another surface wrote', () => {
  test('is shown whole: metadata that is not text as its JSON, no country as null', async () => {
    const context = recipients.server.contextOf(recipients.server.testApp)
    const metadata = { text: 'plain', count: 2, isNew: true, none: null, list: [1, { a: 'b' }] }
    const name = 'Beatriz Prado'
    const written = await createCustomer(context, { kind: 'business', name, metadata })
    const id = printId('customer', written.id)
    const { json } = await recipients.call('GET', `/payouts/customers/${id}`)
    expect(json).toMatchObject({ type: 'business', name, country: null, email: null })
    expect(json.metadata).toEqual({
      text: 'plain',
      count: '2',
      isNew: 'true',
      none: 'null',
      list: '[1,{"a":"b"}]',
    })
  })

  test('shows here what another surface changed on the same record', async () => {
    const { customerId } = await recipients.saveCustomer(newCustomer)
    const context = recipients.server.contextOf(recipients.server.testApp)
    await updateCustomer(context, uuidOf('customer', customerId), { givenName: 'Ana María' })
    const { json } = await recipients.call('GET', `/payouts/customers/${customerId}`)
    expect(json.name).toBe('Ana María')
  })
})
