// Owns the outcomes of POST /subscriptions.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf, spellingsOf, unknownIds, uuid, wireTime } from './test-customers.ts'
import { plan, testPayments } from './test-payments.ts'

const payments = testPayments()
const create = (body: unknown) => payments.call('POST', '/subscriptions', { body })

describe('201', () => {
  test('it is CREATED, of a plan and a price that are the caller’s, with no period', async () => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const metadata = { seats: 3 }
    const answer = await create({ customerAccountId, ...plan, metadata })
    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      success: true,
      data: {
        id: expect.stringMatching(uuid),
        appId: payments.server.testApp.id,
        customerAccountId,
        ...plan,
        status: 'CREATED',
        customerWalletId: null,
        currentPeriodStart: null,
        currentPeriodEnd: null,
        cancelAtPeriodEnd: false,
        cancelAt: null,
        cancelledAt: null,
        pausedAt: null,
        metadata,
        createdAt: expect.stringMatching(wireTime),
        updatedAt: answer.json.data.createdAt,
      },
    })
    expect(await payments.read(`/subscriptions/${answer.json.data.id}`)).toEqual(answer.json.data)
  })

  test('it is counted and stands in the history; its metadata is sealed', async () => {
    const { id } = await payments.saveCustomer({ name: 'Sol Subscribed' })
    for (const customerAccountId of spellingsOf(id)) {
      const { data } = (
        await create({ customerAccountId, ...plan, metadata: { note: 'unmistakable' } })
      ).json
      expect(data.customerAccountId).toBe(id)
      expect(await payments.stored('subscriptions', data.id)).not.toContain('unmistakable')
    }
    const [listed] = await payments.read('/customers?search=sol')
    expect(listed['_count']).toEqual({ paymentIntents: 0, subscriptions: 4, invoices: 0 })
    expect((await payments.historyOf(id)).at(-1)).toBe('5 customer.subscription.created')
  })
})

describe('400', () => {
  test.each([
    ['no plan', { productPlanId: undefined }, 'productPlanId'],
    ['a blank plan', { productPlanId: ' ' }, 'productPlanId'],
    ['a plan of 256', { productPlanId: 'x'.repeat(256) }, 'productPlanId'],
    ['no price', { productPlanPriceId: undefined }, 'productPlanPriceId'],
    ['a control character', { productPlanPriceId: 'a\u0000' }, 'productPlanPriceId'],
    ['a long value', { metadata: { note: 'x'.repeat(501) } }, 'metadata.note'],
    ['an unknown member', { trial: true }, 'trial'],
  ])('%s is refused by name, and nothing is written', async (_, fields, path) => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const answer = await create({ customerAccountId, ...plan, ...fields })
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', path))
    expect(await payments.historyOf(customerAccountId)).toEqual(['1 customer.created'])
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (customerAccountId) => {
    const answer = await create({ customerAccountId, ...plan })
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND', 'customerAccountId'))
  })
})
