// Owns the outcomes of POST /payments/intents.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf, spellingsOf, unknownIds, uuid, wireTime } from './test-customers.ts'
import { testPayments } from './test-payments.ts'

const payments = testPayments()
const create = (body: unknown, key?: string) =>
  payments.call('POST', '/payments/intents', key === undefined ? { body } : { body, key })

describe('201', () => {
  test('an amount is enough: the rest has its default, and what is to come is null', async () => {
    const answer = await create({ amount: '25' })
    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      success: true,
      data: {
        id: expect.stringMatching(uuid),
        appId: payments.server.testApp.id,
        customerAccountId: null,
        externalId: null,
        status: 'CREATED',
        amount: '25.00',
        currency: 'USD',
        allowedChains: 'ALL',
        allowedTokens: 'ALL',
        captureMode: 'AUTOMATIC',
        successUrl: null,
        cancelUrl: null,
        metadata: {},
        customerWalletId: null,
        authorizationMethod: null,
        authorizationChainId: null,
        cryptoTokenKey: null,
        cryptoAmount: null,
        authorizationTxHash: null,
        captureTxHash: null,
        refundReason: null,
        authorizedAt: null,
        capturedAt: null,
        refundedAt: null,
        cancelledAt: null,
        createdAt: expect.stringMatching(wireTime),
        updatedAt: answer.json.data.createdAt,
      },
    })
  })

  test('every member comes back as it was given, and reads the same', async () => {
    const customer = await payments.saveCustomer()
    const given = {
      customerAccountId: customer.id,
      externalId: 'ORDER-4421',
      amount: '9999999999999.99',
      currency: 'EUR',
      allowedChains: [8453, 101],
      allowedTokens: ['USDC-8453', 'USDC-101'],
      captureMode: 'MANUAL',
      successUrl: 'https://example.com/thanks',
      cancelUrl: 'http://localhost:3000/cart',
      metadata: { order: 4421, nested: { list: [1, null] } },
    }
    const { data } = (await create(given)).json
    expect(data).toMatchObject(given)
    expect(await payments.read(`/payments/intents/${data.id}`)).toEqual(data)
  })

  test('null says of each member what leaving it out says', async () => {
    const unsaid = ['customerAccountId', 'externalId', 'successUrl', 'cancelUrl', 'metadata']
    const nulls = Object.fromEntries(unsaid.map((name) => [name, null]))
    const { data } = (await create({ amount: '1.5', ...nulls })).json
    expect(data).toMatchObject({ ...nulls, amount: '1.50', metadata: {} })
  })

  test('it stands in the history of the customer, in the counts and among the last', async () => {
    const customer = await payments.saveCustomer({ name: 'Zoe Intent' })
    const spellings = spellingsOf(customer.id)
    for (const customerAccountId of spellings) {
      const { data } = (await create({ amount: '1.00', customerAccountId })).json
      expect(data.customerAccountId).toBe(customer.id)
    }
    const created = spellings.map((_, index) => `${index + 2} customer.payment_intent.created`)
    expect(await payments.historyOf(customer.id)).toEqual(['1 customer.created', ...created])
    const shown = await payments.read(`/customers/${customer.id}`)
    expect(shown.paymentIntents).toHaveLength(spellings.length)
    const [listed] = await payments.read('/customers?search=zoe')
    expect(listed['_count']).toEqual({
      paymentIntents: spellings.length,
      subscriptions: 0,
      invoices: 0,
    })
  })

  test('what people wrote is sealed, with a customer and without one', async () => {
    const { id } = await payments.saveCustomer()
    for (const customerAccountId of [id, null]) {
      const successUrl = 'https://unmistakable.example/thanks'
      const metadata = { note: 'unmistakable' }
      const { data } = (await create({ amount: '1.00', customerAccountId, successUrl, metadata }))
        .json
      expect(await payments.stored('payment_intents', data.id)).not.toContain('unmistakable')
    }
  })
})

describe('400', () => {
  test.each([
    ['no amount', {}, 'amount'],
    ['a number for an amount', { amount: 25 }, 'amount'],
    ['three places', { amount: '25.001' }, 'amount'],
    ['nothing', { amount: '0.00' }, 'amount'],
    ['less than nothing', { amount: '-1.00' }, 'amount'],
    ['14 digits', { amount: '10000000000000.00' }, 'amount'],
    ['a currency of small letters', { currency: 'usd' }, 'currency'],
    ['a currency that is none', { currency: 'ZZZ' }, 'currency'],
    ['an unknown chain', { allowedChains: [8453, 5] }, 'allowedChains.1'],
    ['a chain as text', { allowedChains: ['8453'] }, 'allowedChains.0'],
    ['no chain', { allowedChains: [] }, 'allowedChains'],
    ['one chain twice', { allowedChains: [1, 1] }, 'allowedChains'],
    ['another word than ALL', { allowedChains: 'all' }, 'allowedChains'],
    ['a token without a chain', { allowedTokens: ['USDC'] }, 'allowedTokens.0'],
    ['a token on an unknown chain', { allowedTokens: ['USDC-5'] }, 'allowedTokens.0'],
    ['no token', { allowedTokens: [] }, 'allowedTokens'],
    ['another capture mode', { captureMode: 'LATER' }, 'captureMode'],
    ['a script for a URL', { successUrl: 'javascript:alert(1)' }, 'successUrl'],
    ['a path for a URL', { cancelUrl: '/cart' }, 'cancelUrl'],
    ['a URL of 2049', { cancelUrl: `https://a.example/${'x'.repeat(2_031)}` }, 'cancelUrl'],
    ['a blank external id', { externalId: ' ' }, 'externalId'],
    ['an external id of 256', { externalId: 'x'.repeat(256) }, 'externalId'],
    ['a long value', { metadata: { note: 'x'.repeat(501) } }, 'metadata.note'],
    ['an unknown member', { price: '1.00' }, 'price'],
  ])('%s is refused by name, and nothing is written', async (name, fields, path) => {
    const before = await payments.read('/payments/intents?pageSize=1')
    const amount = name === 'no amount' ? {} : { amount: '25.00' }
    const answer = await create({ ...amount, ...fields })
    expect(refusalOf(answer)).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' })
    expect(refusalOf(answer).paths.join()).toContain(path.split('.')[0])
    expect(await payments.read('/payments/intents?pageSize=1')).toEqual(before)
  })

  test('http is for test mode alone', async () => {
    const key = await payments.server.createKey(payments.server.liveApp)
    const answer = await create({ amount: '1.00', cancelUrl: 'http://localhost:3000/' }, key)
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', 'cancelUrl'))
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (customerAccountId) => {
    const answer = await create({ amount: '1.00', customerAccountId })
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND', 'customerAccountId'))
  })

  test("another app's customer looks missing", async () => {
    const { key } = await payments.newApp()
    const { id } = await payments.saveCustomer()
    const answer = await create({ amount: '1.00', customerAccountId: id }, key)
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND', 'customerAccountId'))
    expect(await payments.historyOf(id)).toEqual(['1 customer.created'])
  })
})
