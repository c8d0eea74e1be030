// Owns the outcomes of POST /payments/intents/{id}/authorize.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import { refusal, refusalOf, unknownIds, unknownUuid, wireTime } from './test-customers.ts'
import { address, authorization, evmHash, solanaHash, testPayments } from './test-payments.ts'

const payments = testPayments()
const authorize = (id: string, fields: object = {}, key?: string) => {
  const body = { ...authorization, ...fields }
  const path = `/payments/intents/${id}/authorize`
  return payments.call('POST', path, key === undefined ? { body } : { body, key })
}
const read = (id: string) => payments.read(`/payments/intents/${id}`)

async function savedPayer() {
  const { id } = await payments.saveCustomer()
  const wallet = { address, authorizationTxHash: null }
  return { id, walletId: await payments.saveWallet(id, wallet) }
}

describe('200', () => {
  test('it becomes AUTHORIZED, with chain, token, amount, wallet and hash', async () => {
    const { id: customerAccountId, walletId } = await savedPayer()
    const intent = await payments.saveIntent({ customerAccountId, captureMode: 'MANUAL' })
    const txHash = evmHash.toUpperCase().replace('0X', '0x')
    const answer = await authorize(intent.id, { walletId, txHash })
    expect(answer.status).toBe(200)
    const { updatedAt } = answer.json.data
    expect(answer.json.data).toEqual({
      ...intent,
      status: 'AUTHORIZED',
      customerWalletId: walletId,
      authorizationMethod: 'PERMIT',
      authorizationChainId: 8453,
      cryptoTokenKey: 'USDC-8453',
      cryptoAmount: '25.000000000000000001',
      authorizationTxHash: evmHash,
      authorizedAt: expect.stringMatching(wireTime),
      updatedAt,
    })
    expect(await read(intent.id)).toEqual(answer.json.data)
    expect(await payments.historyOf(customerAccountId)).toEqual([
      '1 customer.created',
      '2 customer.payment_intent.created',
      '3 customer.payment_intent.authorized',
    ])
    expect(await payments.stored('payment_intents', intent.id)).not.toContain(evmHash)
  })

  test('in automatic mode a hash is the capture as well; without one it waits', async () => {
    const { id: customerAccountId } = await savedPayer()
    const paid = await payments.saveIntent({ customerAccountId })
    const { data } = (await authorize(paid.id, { txHash: evmHash })).json
    expect(data).toMatchObject({
      status: 'CAPTURED',
      authorizationTxHash: evmHash,
      captureTxHash: evmHash,
      authorizedAt: expect.stringMatching(wireTime),
      capturedAt: expect.stringMatching(wireTime),
    })
    expect(await read(paid.id)).toEqual(data)
    const waiting = await payments.saveIntent({ customerAccountId })
    expect((await authorize(waiting.id)).json.data).toMatchObject({
      status: 'AUTHORIZED',
      capturedAt: null,
    })
    expect((await payments.historyOf(customerAccountId)).slice(1)).toEqual([
      '2 customer.payment_intent.created',
      '3 customer.payment_intent.authorized',
      '4 customer.payment_intent.captured',
      '5 customer.payment_intent.created',
      '6 customer.payment_intent.authorized',
    ])
  })

  test('the last payments of the customer show it', async () => {
    const { id: customerAccountId } = await savedPayer()
    const intent = await payments.saveIntent({ customerAccountId })
    const { data } = (await authorize(intent.id, { txHash: evmHash })).json
    const shown = await payments.read(`/customers/${customerAccountId}`)
    expect(shown.paymentIntents).toEqual([
      {
        id: intent.id,
        status: 'CAPTURED',
        amount: '25.00',
        currency: 'USD',
        cryptoAmount: '25.000000000000000001',
        cryptoTokenKey: 'USDC-8453',
        authorizationChainId: 8453,
        createdAt: intent.createdAt,
        capturedAt: data.capturedAt,
      },
    ])
  })

  test('without a customer, and on Solana by its form of a hash', async () => {
    const intent = await payments.saveIntent({ captureMode: 'MANUAL' })
    const fields = { chainId: 101, tokenKey: 'USDC-101', method: 'NATIVE', txHash: solanaHash }
    const { data } = (await authorize(intent.id, fields)).json
    expect(data).toMatchObject({ status: 'AUTHORIZED', authorizationTxHash: solanaHash })
  })

  test('every spelling of the wallet is the wallet', async () => {
    const { id: customerAccountId, walletId } = await savedPayer()
    const intent = await payments.saveIntent({ customerAccountId })
    const answer = await authorize(intent.id, { walletId: printId('wallet', walletId) })
    expect(answer.json.data.customerWalletId).toBe(walletId)
  })
})

describe('400', () => {
  test.each([
    ['no method', { method: undefined }, 'method'],
    ['a method in small letters', { method: 'permit' }, 'method'],
    ['a sentence for a method', { method: 'PERMIT BY ADA' }, 'method'],
    ['an unknown chain', { chainId: 5, tokenKey: 'USDC-5' }, 'chainId'],
    ['a chain as text', { chainId: '8453' }, 'chainId'],
    ['a token on another chain', { tokenKey: 'USDC-1' }, 'tokenKey'],
    ['no token', { tokenKey: 'USDC' }, 'tokenKey'],
    ['19 places', { cryptoAmount: '1.0000000000000000001' }, 'cryptoAmount'],
    ['nothing', { cryptoAmount: '0.0' }, 'cryptoAmount'],
    ['a short hash', { txHash: '0x5a' }, 'txHash'],
    ['a hash of another family', { txHash: solanaHash }, 'txHash'],
    ['an unknown member', { gas: 1 }, 'gas'],
  ])('%s is refused by name, and nothing changes', async (_, fields, path) => {
    const intent = await payments.saveIntent()
    const answer = await authorize(intent.id, fields)
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', path))
    expect(await read(intent.id)).toEqual(intent)
  })

  test('a chain or a token that the intent does not allow', async () => {
    const allowedTokens = ['USDC-8453']
    const byChain = await payments.saveIntent({ allowedChains: [1], allowedTokens })
    expect(refusalOf(await authorize(byChain.id))).toEqual(
      refusal(400, 'VALIDATION_ERROR', 'chainId'),
    )
    const byToken = await payments.saveIntent({ allowedChains: [8453], allowedTokens })
    expect(refusalOf(await authorize(byToken.id, { tokenKey: 'USDT-8453' }))).toEqual(
      refusal(400, 'VALIDATION_ERROR', 'tokenKey'),
    )
    expect((await authorize(byToken.id)).status).toBe(200)
    expect((await read(byChain.id)).status).toBe('CREATED')
  })

  test('a wallet on another chain', async () => {
    const { id: customerAccountId, walletId } = await savedPayer()
    const intent = await payments.saveIntent({ customerAccountId })
    const answer = await authorize(intent.id, { walletId, chainId: 1, tokenKey: 'USDC-1' })
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', 'walletId'))
    expect(await read(intent.id)).toEqual(intent)
  })
})

describe('404', () => {
  test.each(unknownIds('paymentIntent'))('%s is no payment intent', async (id) => {
    expect(refusalOf(await authorize(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test("another app's looks missing", async () => {
    const { key } = await payments.newApp()
    const intent = await payments.saveIntent()
    expect(refusalOf(await authorize(intent.id, {}, key))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test("a wallet that nobody has, another customer's, and one without a customer", async () => {
    const { id: customerAccountId } = await savedPayer()
    const other = await savedPayer()
    const intent = await payments.saveIntent({ customerAccountId })
    const ownerless = await payments.saveIntent()
    const refused = refusal(404, 'NOT_FOUND', 'walletId')
    for (const walletId of [unknownUuid, other.walletId, 'garbage']) {
      expect(refusalOf(await authorize(intent.id, { walletId }))).toEqual(refused)
      expect(refusalOf(await authorize(ownerless.id, { walletId }))).toEqual(refused)
    }
    expect(await read(intent.id)).toEqual(intent)
  })
})

describe('409', () => {
  test('one that is authorized stays so, and the refusal lists what it may become', async () => {
    const intent = await payments.saveIntent()
    const { data } = (await authorize(intent.id)).json
    const answer = await authorize(intent.id, { cryptoAmount: '1' })
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
    expect(answer.json.error.message).toContain(
      'from AUTHORIZED it may become: CAPTURING, CAPTURED, CAPTURE_FAILED, CANCELLED, EXPIRED.',
    )
    expect(await read(intent.id)).toEqual(data)
  })

  test('of ten callers at once one authorizes', async () => {
    const { id: customerAccountId } = await savedPayer()
    const intent = await payments.saveIntent({ customerAccountId })
    const calls = Array.from({ length: 10 }, () => authorize(intent.id))
    const statuses = (await Promise.all(calls)).map(({ status }) => status).toSorted()
    expect(statuses).toEqual([200, ...Array(9).fill(409)])
    expect(await payments.historyOf(customerAccountId)).toHaveLength(3)
  })

  test('a customer whom the bank has frozen', async () => {
    const { id: customerAccountId } = await savedPayer()
    const intent = await payments.saveIntent({ customerAccountId })
    await payments.server.system.database.transaction((db) =>
      db
        .updateTable('customers')
        .set({ banking_status: 'FROZEN' })
        .where('id', '=', customerAccountId)
        .execute(),
    )
    const answer = await authorize(intent.id)
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
    expect(answer.json.error.message).toContain('FROZEN')
    expect(await read(intent.id)).toEqual(intent)
  })
})
