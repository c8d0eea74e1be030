// Owns the outcomes of POST /customers/{customerId}/bank-accounts.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import {
  cbu,
  cuit,
  newBankAccount,
  refusal,
  refusalOf,
  testRecipients,
  unknownIds,
  uuidOf,
  wireTime,
} from './test-recipients.ts'

const recipients = testRecipients()
const add = (customerId: string, body: unknown, key?: string) =>
  recipients.call(
    'POST',
    `/payouts/customers/${customerId}/bank-accounts`,
    key === undefined ? { body } : { body, key },
  )
const newCustomerId = async (): Promise<string> => (await recipients.saveCustomer()).customerId
const customerOf = async (id: string) =>
  (await recipients.call('GET', `/payouts/customers/${id}`)).json

const firstBlock = 'first block'
const secondBlock = 'second block'

describe('201', () => {
  test('the answer shows the last four digits and never the number', async () => {
    const customerId = await newCustomerId()
    const answer = await add(customerId, newBankAccount)
    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      bankAccountId: expect.stringMatching(/^ba_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
      customerId,
      country: 'AR',
      currency: 'ARS',
      rail: 'OTHER',
      accountNumberLast4: '1644',
      accountType: 'checking',
      holderName: 'Ana Sosa',
      metadata: {},
      createdAt: expect.stringMatching(wireTime),
    })
    expect(answer.text).not.toContain(cbu.seller)
  })

  test('the first account becomes the default, the second does not', async () => {
    const customerId = await newCustomerId()
    expect((await customerOf(customerId)).defaultBankAccountId).toBeNull()
    const first = (await add(customerId, newBankAccount)).json.bankAccountId
    await add(customerId, { ...newBankAccount, accountNumber: cbu.second })
    expect((await customerOf(customerId)).defaultBankAccountId).toBe(first)
  })

  test('each account is one event; the first one also sets the default', async () => {
    const customerId = await newCustomerId()
    const first = (await add(customerId, newBankAccount)).json.bankAccountId
    await add(customerId, { ...newBankAccount, accountNumber: cbu.second })
    const events = await recipients.eventsOf(customerId)
    expect(events.map(({ version, type }) => [version, type])).toEqual([
      [1, 'customer.created'],
      [2, 'customer.bank_account.added'],
      [3, 'customer.bank_account.added'],
    ])
    const id = uuidOf('bankAccount', first)
    expect(events[1]?.changes).toMatchObject({ bankAccount: { id }, defaultBankAccountId: id })
    expect(events[2]?.changes).not.toHaveProperty('defaultBankAccountId')
  })

  test.each(Object.entries(cbu))('the %s number %s is accepted', async (_name, accountNumber) => {
    const answer = await add(await newCustomerId(), { ...newBankAccount, accountNumber })
    expect(answer.status).toBe(201)
    expect(answer.json.accountNumberLast4).toBe(accountNumber.slice(-4))
  })

  test.each<[string, object, object?]>([
    ['a savings account', { accountType: 'savings' }],
    ['a bank code that no list knows', { accountNumber: '9990000100000000000000' }],
    ['no number, left out', { accountNumber: undefined }, { accountNumberLast4: null }],
    ['no number, said with null', { accountNumber: null }, { accountNumberLast4: null }],
    ['no metadata, said with null', { metadata: null }, { metadata: {} }],
    ['a right CUIT', { metadata: { cuit: cuit.right } }],
    ['a CUIL with a prefix that is rare', { metadata: { cuit: '25200000075' } }],
    ['a CUIT whose sum leaves no remainder', { metadata: { cuit: '20200000030' } }],
    ['other metadata', { metadata: { note: 'no rule applies', cuil: 'free text' } }],
  ])('%s is accepted', async (_name, fields, shown = fields) => {
    const answer = await add(await newCustomerId(), { ...newBankAccount, ...fields })
    expect(answer.status).toBe(201)
    const { accountNumber: _sealed, ...visible } = shown as Record<string, unknown>
    expect(answer.json).toMatchObject(visible)
  })

  test('cus_ and the plain UUID name the customer as cust_ does', async () => {
    const customerId = await newCustomerId()
    const uuid = uuidOf('customer', customerId)
    const byUuid = await add(uuid, newBankAccount)
    const other = { ...newBankAccount, accountNumber: cbu.second }
    const byCus = await add(printId('customer', uuid, 'cus'), other)
    expect([byUuid.json.customerId, byCus.json.customerId]).toEqual([customerId, customerId])
  })

  test('two customers may have the same number', async () => {
    const [first, second] = [await newCustomerId(), await newCustomerId()]
    expect((await add(first, newBankAccount)).status).toBe(201)
    expect((await add(second, newBankAccount)).status).toBe(201)
  })

  test('two accounts without a number are two accounts', async () => {
    const customerId = await newCustomerId()
    const without = { ...newBankAccount, accountNumber: null }
    const [first, second] = [await add(customerId, without), await add(customerId, without)]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.json.bankAccountId).not.toBe(second.json.bankAccountId)
  })
})

describe('400', () => {
  test('a broken JSON body is refused', async () => {
    const answer = await add(await newCustomerId(), '{"country":')
    expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'body'))
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer to add to', async (id) => {
    expect(refusalOf(await add(id, newBankAccount))).toEqual(refusal(404, 'not_found'))
  })

  test("another app's customer looks missing and gets no account", async () => {
    const key = await recipients.server.createKey(recipients.server.liveApp)
    const customerId = await newCustomerId()
    const answer = await add(customerId, newBankAccount, key)
    expect(refusalOf(answer)).toEqual(refusal(404, 'not_found'))
    expect(await recipients.historyOf(customerId)).toEqual(['1 customer.created'])
  })
})

describe('409', () => {
  test('the same number twice on one customer is refused and leaves one account', async () => {
    const customerId = await newCustomerId()
    await add(customerId, newBankAccount)
    const before = await recipients.countRows()
    const again = await add(customerId, { ...newBankAccount, holderName: 'Other', metadata: {} })
    expect(refusalOf(again)).toEqual(refusal(409, 'conflict', 'accountNumber'))
    expect(await recipients.countRows()).toEqual(before)
  })

  test('the same number from ten callers at once is one account', async () => {
    const customerId = await newCustomerId()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => add(customerId, newBankAccount)),
    )
    const statuses = answers.map((answer) => answer.status).sort()
    expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 409)])
    expect(await recipients.historyOf(customerId)).toEqual([
      '1 customer.created',
      '2 customer.bank_account.added',
    ])
  })
})

describe('422', () => {
  test.each(['country', 'currency', 'rail', 'accountType', 'holderName'])(
    'leaving out %s is refused by its name',
    async (field) => {
      const { [field]: _left, ...rest } = newBankAccount as Record<string, string>
      const answer = await add(await newCustomerId(), rest)
      expect(refusalOf(answer)).toEqual(refusal(422, 'validation_failed', field))
      expect(answer.json.error.message).toContain(`${field}: is missing`)
    },
  )

  test.each<[string, string, object]>([
    ['a country without a rail', 'country', { country: 'BR' }],
    ['a country in lower case', 'country', { country: 'ar' }],
    ['another currency', 'currency', { currency: 'USD' }],
    ['another rail', 'rail', { rail: 'SWIFT' }],
    ['another account type', 'accountType', { accountType: 'current' }],
    ['an empty holder', 'holderName', { holderName: '' }],
    ['a blank holder', 'holderName', { holderName: ' ' }],
    ['a holder of 201 characters', 'holderName', { holderName: 'a'.repeat(201) }],
    ['an unknown member', 'alias', { alias: 'my.alias' }],
    ['metadata that is not text', 'metadata.cuit', { metadata: { cuit: 20221370075 } }],
    ['a wrong CUIT check digit', 'metadata.cuit', { metadata: { cuit: cuit.wrong } }],
    [
      'a CUIT whose check digit would be 10',
      'metadata.cuit',
      { metadata: { cuit: '20200000099' } },
    ],
    ['a CUIT of 10 digits', 'metadata.cuit', { metadata: { cuit: '2022137007' } }],
    ['a CUIT with hyphens', 'metadata.cuit', { metadata: { cuit: '20-22137007-5' } }],
    ['an empty CUIT', 'metadata.cuit', { metadata: { cuit: '' } }],
    ['a number that is not text', 'accountNumber', { accountNumber: 70327530004025 }],
  ])('%s is refused, naming the field, and nothing is written', async (_name, param, fields) => {
    const customerId = await newCustomerId()
    const before = await recipients.countRows()
    const answer = await add(customerId, { ...newBankAccount, ...fields })
    expect(refusalOf(answer)).toEqual(refusal(422, 'validation_failed', param))
    expect(answer.json.error.message).toContain(`${param}: `)
    expect(await recipients.countRows()).toEqual(before)
  })

  test.each<[string, string, string]>([
    ["the contract's invalid number", '0000003100012345678901', secondBlock],
    ['a wrong first check digit', '0070327630004025541644', firstBlock],
    ['a wrong bank', '0080327530004025541644', firstBlock],
    ['a wrong branch', '0070328530004025541644', firstBlock],
    ['a wrong second check digit', '0070327530004025541645', secondBlock],
    ['a wrong account', '0070327530004025541744', secondBlock],
    ['both blocks wrong', '0070327630004025541645', firstBlock],
    ['21 digits', '007032753000402554164', '22 digits'],
    ['23 digits', '00703275300040255416440', '22 digits'],
    ['a space inside', '00703275 30004025541644', '22 digits'],
    ['a letter', '007032753000402554164A', '22 digits'],
    ['digits of another script', '٠٠٧٠٣٢٧٥٣٠٠٠٤٠٢٥٥٤١٦٤٤', '22 digits'],
    ['a line break behind it', `${cbu.seller}\n`, '22 digits'],
    ['nothing', '', '22 digits'],
  ])('an account number with %s is refused, and it says where', async (_name, number, where) => {
    const answer = await add(await newCustomerId(), { ...newBankAccount, accountNumber: number })
    expect(refusalOf(answer)).toEqual(refusal(422, 'validation_failed', 'accountNumber'))
    expect(answer.json.error.message).toContain(where)
    if (number !== '') expect(answer.text).not.toContain(number)
  })
})
