// Owns the proof of asking a chain about a transaction: each answer, and each bad day.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { refused } from '../../../../test/refused.ts'
import { createEgress, type Egress, EgressFailed } from '../../lib/egress.ts'
import type { BadDay } from '../../providers/testing/stand-in.ts'
import { fieldErrors } from '../fields.ts'
import { checkApproval } from './approval.ts'
import { type RpcStandIn, startRpcStandIn } from './testing/rpc-stand-in.ts'
import { addressOf, baseChain, cow, hashOf, other } from './testing/wallet-samples.ts'
import { walletErrors } from './wallet.ts'

let rpc: RpcStandIn
let egress: Egress
beforeAll(async () => {
  rpc = await startRpcStandIn(baseChain)
  egress = createEgress({ allowedNetworks: ['127.0.0.0/8'] })
})
afterEach(() => {
  rpc.badDay = null
  rpc.rewrite = null
  rpc.chainId = baseChain
  expect(rpc.violations).toEqual([])
})
afterAll(async () => {
  await egress.close()
  await rpc.close()
})

const wallet = { chainId: baseChain, address: addressOf(cow) }
const txHash = hashOf('an approval')
const check = (hash: string, of = wallet, urls = new Map([[baseChain, rpc.url]])) =>
  checkApproval({ egress, rpcUrls: urls }, of, hash)

test('a transaction of the wallet that succeeded is taken', async () => {
  rpc.receipts.set(txHash, { status: '0x1', from: cow.address })
  await check(txHash)
  expect(rpc.requests.map((request) => Object(request.json()).method).sort()).toEqual([
    'eth_chainId',
    'eth_getTransactionReceipt',
  ])
})

test('nobody is asked where no endpoint is set, or of Solana', async () => {
  const asked = rpc.requests.length
  await check(hashOf('unknown'), wallet, new Map())
  await check(hashOf('unknown'), { ...wallet, chainId: 1 })
  await check('1'.repeat(64), { ...wallet, chainId: 101 }, new Map([[101, rpc.url]]))
  expect(rpc.requests.length).toBe(asked)
})

test.each([
  ['is not known to the chain yet', hashOf('nothing'), null],
  ['is of a transaction that failed', hashOf('failed'), { status: '0x0', from: cow.address }],
  ['that another wallet sent', hashOf('theirs'), { status: '0x1', from: other.address }],
] as const)('what %s is refused, and says so', async (rule, hash, receipt) => {
  if (receipt) rpc.receipts.set(hash, receipt)
  const error = await refused(() => check(hash))
  expect([error.definition, error.param]).toEqual([fieldErrors.field_invalid, 'txHash'])
  expect(error.message).toContain(rule)
})

describe('what cannot be relied on is upstream’s, and nothing is learnt', () => {
  const saidOf = async (hash = txHash) => {
    const error = await refused(() => check(hash))
    expect(error.definition).toBe(walletErrors.chain_unavailable)
    // The path of an endpoint often is its key.
    expect(error.message).not.toContain(rpc.url)
    return error.message
  }

  test.each<[BadDay, string]>([
    ['error_500', 'It answered 500.'],
    ['limited_429', 'It answered 429.'],
    ['html', 'is not JSON-RPC'],
    ['empty', 'is not JSON-RPC'],
    ['reset', 'The connection failed.'],
    ['huge', 'The answer is over'],
  ])('on a bad day: %s', async (badDay, what) => {
    rpc.badDay = badDay
    expect(await saidOf()).toContain(what)
  })

  test('no answer in time, and an address that may not be called', async () => {
    for (const [reason, message] of [
      ['timeout', 'no answer in time'],
      ['refused', 'the address is not a public one'],
    ] as const) {
      const failing = { ...egress, send: () => Promise.reject(new EgressFailed(reason, message)) }
      const rpcUrls = new Map([[baseChain, rpc.url]])
      const error = await refused(() => checkApproval({ egress: failing, rpcUrls }, wallet, txHash))
      expect(error.definition).toBe(walletErrors.chain_unavailable)
      expect(error.message.toLowerCase()).toContain(`usable answer. ${message}.`)
    }
  })

  test('an endpoint of another chain', async () => {
    rpc.chainId = 1
    expect(await saidOf()).toContain('It serves another chain.')
  })

  test('a receipt of another transaction, or in another form', async () => {
    const receipt = { transactionHash: txHash, status: '0x1', from: cow.address }
    for (const [result, what] of [
      [{ ...receipt, transactionHash: hashOf('another') }, 'another transaction'],
      [{ ...receipt, status: '0x2' }, 'did not answer eth_getTransactionReceipt'],
      [{ ...receipt, status: 1 }, 'did not answer eth_getTransactionReceipt'],
      [{ ...receipt, from: null }, 'did not answer eth_getTransactionReceipt'],
      ['0x1', 'did not answer eth_getTransactionReceipt'],
    ] as const) {
      rpc.rewrite = (reply, request) => {
        const isReceipt = Object(request.json()).method === 'eth_getTransactionReceipt'
        return isReceipt ? { ...reply, body: { jsonrpc: '2.0', id: 1, result } } : reply
      }
      expect(await saidOf()).toContain(what)
    }
  })

  test('an error of JSON-RPC, an id that is not the call’s, a body that is a list', async () => {
    for (const body of [
      { jsonrpc: '2.0', id: 1, error: { code: -32000, message: cow.address } },
      { jsonrpc: '2.0', id: 2, result: '0x2105' },
      [],
    ]) {
      rpc.rewrite = (reply) => ({ ...reply, body })
      const said = await saidOf()
      expect(said).toContain('is not JSON-RPC 2.0')
      expect(said).not.toContain(cow.address)
    }
  })
})
