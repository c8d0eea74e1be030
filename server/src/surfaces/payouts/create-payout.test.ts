// Owns the outcomes of POST /payouts.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import {
  cbu,
  cuit,
  refusal,
  refusalOf,
  testRecipients,
  unknownIds,
  uuidOf,
  wireTime,
} from './test-recipients.ts'

const recipients = testRecipients()
const pay = (body: unknown, key?: string) =>
  recipients.call('POST', '/payouts/payouts', key === undefined ? { body } : { body, key })
const payment = { amount: '5000.00', currency: 'ARS', destinationCbu: cbu.seller }

async function savedPayee(): Promise<{ customerId: string; bankAccountId: string }> {
  const { customerId } = await recipients.saveCustomer()
  return { customerId, ...(await recipients.saveBankAccount(customerId)) }
}

describe('201', () => {
  test('a number alone is paid: every member that was not given is null', async () => {
    const answer = await pay(payment)
    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      id: expect.stringMatching(/^po_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
      merchantId: printId('merchant', recipients.server.testApp.merchantId),
      customerId: null,
      bankAccountId: null,
      amount: '5000.00',
      currency: 'ARS',
      destinationCbu: cbu.seller,
      destinationName: null,
      destinationCuit: null,
      status: 'pending',
      attempts: 0,
      submittedAt: null,
      completedAt: null,
      errorMessage: null,
      createdAt: expect.stringMatching(wireTime),
    })
  })

  test('name and CUIT of the receiver come back as given', async () => {
    const more = { destinationName: 'Gerardo Ratto', destinationCuit: cuit.right }
    expect((await pay({ ...payment, ...more })).json).toMatchObject({ ...payment, ...more })
  })

  test("a number that is one of the customer's accounts is linked to it", async () => {
    const { customerId, bankAccountId } = await savedPayee()
    const second = await recipients.saveBankAccount(customerId, { accountNumber: cbu.second })
    const byDefault = await pay({ ...payment, customerId })
    const bySecond = await pay({ ...payment, destinationCbu: cbu.second, customerId })
    expect(byDefault.json).toMatchObject({ customerId, bankAccountId, ...payment })
    expect(bySecond.json).toMatchObject({ bankAccountId: second.bankAccountId })
  })

  test("a number that is not the customer's is paid and stays unlinked", async () => {
    const { customerId } = await savedPayee()
    const answer = await pay({ ...payment, destinationCbu: cbu.second, customerId })
    expect(answer.status).toBe(201)
    expect(answer.json).toMatchObject({
      customerId,
      bankAccountId: null,
      destinationCbu: cbu.second,
    })
  })

  test("another customer's number is not linked", async () => {
    await savedPayee()
    const { customerId } = await recipients.saveCustomer()
    expect((await pay({ ...payment, customerId })).json).toMatchObject({ bankAccountId: null })
  })

  test('the customer alone stands in for the number: its default account is paid', async () => {
    const { customerId, bankAccountId } = await savedPayee()
    const answer = await pay({ amount: '10', currency: 'ARS', customerId })
    expect(answer.status).toBe(201)
    expect(answer.json).toMatchObject({ customerId, bankAccountId, destinationCbu: null })
    expect(answer.text).not.toContain(cbu.seller)
  })

  test('every spelling of the customer is the same customer', async () => {
    const { customerId } = await savedPayee()
    const uuid = uuidOf('customer', customerId)
    for (const spelling of [uuid, uuid.toUpperCase(), printId('customer', uuid, 'cus')]) {
      expect((await pay({ ...payment, customerId: spelling })).json.customerId).toBe(customerId)
    }
  })

  test('null is the same as leaving a member out', async () => {
    const nulls = { destinationName: null, destinationCuit: null, customerId: null }
    const answer = await pay({ ...payment, ...nulls })
    expect(answer.status).toBe(201)
    expect(answer.json).toMatchObject(nulls)
  })

  test('accepting is one event of the customer, with the payout and last_out in it', async () => {
    const { customerId } = await savedPayee()
    const { json } = await pay({ ...payment, customerId })
    expect(await recipients.historyOf(customerId)).toEqual([
      '1 customer.created',
      '2 customer.bank_account.added',
      '3 customer.payout.accepted',
    ])
    const { changes } = (await recipients.eventsOf(customerId)).at(-1) ?? {}
    const lastPayoutAt = Reflect.get(changes ?? {}, 'lastPayoutAt')
    expect(Math.floor(lastPayoutAt / 1000) * 1000).toBe(Date.parse(json.createdAt))
    const createdAt = lastPayoutAt
    const id = uuidOf('payout', json.id)
    expect(changes).toMatchObject({
      payout: { id, amountMinor: 500_000, status: 'pending', createdAt },
    })
  })

  test('a payout without a customer writes one payout and one job, and no event', async () => {
    const before = await recipients.countRows()
    await pay(payment)
    expect(await recipients.countRows()).toEqual({
      ...before,
      payouts: (before['payouts'] ?? 0) + 1,
      jobs: (before['jobs'] ?? 0) + 1,
    })
  })

  test.each([
    ['5000.00', '5000.00'],
    ['5000', '5000.00'],
    ['5000.5', '5000.50'],
    ['0.01', '0.01'],
    ['0.1', '0.10'],
    ['9999999999999.99', '9999999999999.99'],
    ['9999999999999', '9999999999999.00'],
  ])('the amount "%s" is accepted and shown as "%s"', async (amount, shown) => {
    const answer = await pay({ ...payment, amount })
    expect(answer.status).toBe(201)
    expect(answer.json.amount).toBe(shown)
    const read = await recipients.call('GET', `/payouts/payouts/${answer.json.id}`)
    expect(read.json.amount).toBe(shown)
  })
})

describe('400', () => {
  test('a broken JSON body is refused and nothing is written', async () => {
    const before = await recipients.countRows()
    const answer = await pay('{"amount": "5000.00",}')
    expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'body'))
    expect(await recipients.countRows()).toEqual(before)
  })
})

describe('404', () => {
  test.each([...unknownIds('customer'), ''])('"%s" is no customer to pay', async (customerId) => {
    const before = await recipients.countRows()
    const answer = await pay({ ...payment, customerId })
    expect(refusalOf(answer)).toEqual(refusal(404, 'not_found', 'customerId'))
    expect(await recipients.countRows()).toEqual(before)
  })

  test("another app's customer looks missing and is not paid", async () => {
    const key = await recipients.server.createKey(recipients.server.liveApp)
    const { customerId } = await savedPayee()
    const answer = await pay({ ...payment, customerId }, key)
    expect(refusalOf(answer)).toEqual(refusal(404, 'not_found', 'customerId'))
    expect((await recipients.historyOf(customerId)).length).toBe(2)
  })
})

describe('422', () => {
  test.each([
    ...['1e3', '-1', '0.001', '0', '0.00', '+1', '1,5', ' 1', '1 ', '1.', '', '.5', '00.5'],
    ...['10000000000000', '9999999999999.991', '0x10', 'NaN', 'Infinity', '١', '1\n', '-0.01'],
  ])('the amount "%s" is refused by its name and nothing is written', async (amount) => {
    const before = await recipients.countRows()
    const answer = await pay({ ...payment, amount })
    expect(refusalOf(answer)).toEqual(refusal(422, 'validation_failed', 'amount'))
    expect(await recipients.countRows()).toEqual(before)
  })

  test.each(['amount', 'currency'])('leaving out %s is refused by its name', async (field) => {
    const { [field]: _left, ...rest } = payment as Record<string, string>
    expect(refusalOf(await pay(rest))).toEqual(refusal(422, 'validation_failed', field))
  })

  test.each<[string, string, object]>([
    ['an amount that is a number', 'amount', { amount: 5000 }],
    ['another currency', 'currency', { currency: 'USD' }],
    ['a currency in lower case', 'currency', { currency: 'ars' }],
    ['a wrong first block', 'destinationCbu', { destinationCbu: '0070327630004025541644' }],
    ['a wrong second block', 'destinationCbu', { destinationCbu: '0070327530004025541645' }],
    ['the invalid CVU', 'destinationCbu', { destinationCbu: '0000003100012345678901' }],
    ['23 digits', 'destinationCbu', { destinationCbu: `${cbu.seller}0` }],
    ['an empty number', 'destinationCbu', { destinationCbu: '' }],
    ['a wrong CUIT', 'destinationCuit', { destinationCuit: cuit.wrong }],
    ['a CUIT whose check digit would be 10', 'destinationCuit', { destinationCuit: '20200000099' }],
    ['an empty name', 'destinationName', { destinationName: '' }],
    ['a name of 201 characters', 'destinationName', { destinationName: 'a'.repeat(201) }],
    ['a control character', 'destinationName', { destinationName: 'a\u001bb' }],
    ['a customer that is not text', 'customerId', { customerId: 1 }],
    ['an unknown member', 'status', { status: 'completed' }],
  ])('%s is refused, naming the field, and nothing is written', async (_name, param, fields) => {
    const before = await recipients.countRows()
    const answer = await pay({ ...payment, ...fields })
    expect(refusalOf(answer)).toEqual(refusal(422, 'validation_failed', param))
    expect(await recipients.countRows()).toEqual(before)
  })

  test('a wrong number says which block fails', async () => {
    const message = async (destinationCbu: string) =>
      (await pay({ ...payment, destinationCbu })).json.error.message
    expect(await message('0070327630004025541644')).toContain('first block')
    expect(await message('0070327530004025541645')).toContain('second block')
  })

  test('neither a number nor a customer is refused by destinationCbu', async () => {
    const answer = await pay({ amount: '1', currency: 'ARS' })
    expect(refusalOf(answer)).toEqual(refusal(422, 'validation_failed', 'destinationCbu'))
  })

  test('a customer without an account, or without a number on it, is no destination', async () => {
    const { customerId } = await recipients.saveCustomer()
    const body = { amount: '1', currency: 'ARS', customerId }
    const missing = refusal(422, 'validation_failed', 'destinationCbu')
    expect(refusalOf(await pay(body))).toEqual(missing)
    await recipients.saveBankAccount(customerId, { accountNumber: null })
    expect(refusalOf(await pay(body))).toEqual(missing)
    const { json } = await recipients.call('GET', `/payouts/customers/${customerId}`)
    expect(json.last_out).toBeNull()
  })
})
