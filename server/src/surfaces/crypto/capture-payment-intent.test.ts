// Owns the outcomes of POST /payments/intents/{id}/capture.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf, unknownIds, wireTime } from './test-customers.ts'
import { authorization, evmHash, solanaHash, testPayments } from './test-payments.ts'

const payments = testPayments()
const capture = (id: string, options = {}) =>
  payments.call('POST', `/payments/intents/${id}/capture`, options)
const read = (id: string) => payments.read(`/payments/intents/${id}`)

async function savedAuthorized(fields = {}) {
  const { id } = await payments.saveIntent({ captureMode: 'MANUAL', ...fields })
  return payments.move(`/payments/intents/${id}/authorize`, authorization)
}

describe('200', () => {
  test('it becomes CAPTURED, with the time and the hash in small letters', async () => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const intent = await savedAuthorized({ customerAccountId })
    const answer = await capture(intent.id, { body: { txHash: `0x${'5A'.repeat(32)}` } })
    expect(answer.status).toBe(200)
    const { updatedAt } = answer.json.data
    expect(answer.json.data).toEqual({
      ...intent,
      status: 'CAPTURED',
      captureTxHash: evmHash,
      capturedAt: expect.stringMatching(wireTime),
      updatedAt,
    })
    expect(await read(intent.id)).toEqual(answer.json.data)
    expect((await payments.historyOf(customerAccountId)).at(-1)).toBe(
      '4 customer.payment_intent.captured',
    )
    expect(await payments.stored('payment_intents', intent.id)).not.toContain(evmHash)
  })

  test.each([
    ['no body', {}],
    ['an empty body', { body: {} }],
    ['null', { body: { txHash: null } }],
  ])('%s: captured without a hash, in either mode', async (_, options) => {
    for (const captureMode of ['MANUAL', 'AUTOMATIC']) {
      const intent = await savedAuthorized({ captureMode })
      const { data } = (await capture(intent.id, options)).json
      expect(data).toMatchObject({ status: 'CAPTURED', captureTxHash: null })
    }
  })

  test('one whose capture failed, or is going on, is captured as well', async () => {
    for (const status of ['CAPTURING', 'CAPTURE_FAILED']) {
      const intent = await savedAuthorized()
      await payments.force('payment_intents', intent.id, status)
      expect((await capture(intent.id)).json.data.status).toBe('CAPTURED')
    }
  })
})

describe('400', () => {
  test.each([['0x5a'], [solanaHash], [''], ['x'.repeat(129)]])(
    'the hash "%s" is of another form than the chain of the authorization',
    async (txHash) => {
      const intent = await savedAuthorized()
      const answer = await capture(intent.id, { body: { txHash } })
      expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', 'txHash'))
      expect(await read(intent.id)).toEqual(intent)
    },
  )
})

describe('404', () => {
  test.each(unknownIds('paymentIntent'))('%s is no payment intent', async (id) => {
    expect(refusalOf(await capture(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })
})

describe('409', () => {
  test('one that nobody authorized, and one that is captured', async () => {
    const created = await payments.saveIntent()
    const early = await capture(created.id)
    expect(refusalOf(early)).toEqual(refusal(409, 'CONFLICT'))
    expect(early.json.error.message).toContain(
      'from CREATED it may become: AUTHORIZED, CANCELLED, EXPIRED, PAST_DUE.',
    )
    const intent = await savedAuthorized()
    const { data } = (await capture(intent.id)).json
    expect(refusalOf(await capture(intent.id))).toEqual(refusal(409, 'CONFLICT'))
    expect(await read(intent.id)).toEqual(data)
  })
})
