// Owns asking a chain whether a transaction is the wallet's and has succeeded.
import Type, { type Static, type TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { EgressFailed } from '../../lib/egress.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { refuseField } from '../fields.ts'
import { findChain } from './chains.ts'
import { walletErrors } from './wallet.ts'

export const rpcTimeoutMs = 10_000
/** The receipt of a full block's worth of logs takes a few MiB. */
const answerBytesMax = 8 * 1024 * 1024

const hex = (digits: string) => Type.String({ pattern: `^0x[0-9a-fA-F]${digits}$` })

const ChainId = Compile(hex('{1,16}'))
const Receipt = Compile(
  Type.Union([
    Type.Null(),
    Type.Object({
      transactionHash: hex('{64}'),
      from: hex('{40}'),
      status: Type.Enum(['0x0', '0x1']),
    }),
  ]),
)

/**
 * Asks the RPC endpoint of the wallet's chain, if one is set; to be called outside a transaction.
 * Errors: `field_invalid`, which says what is wrong with the transaction; `chain_unavailable`.
 */
export async function checkApproval(
  context: Pick<Context, 'egress' | 'rpcUrls'>,
  wallet: { chainId: number; address: string },
  txHash: string,
): Promise<void> {
  const { chainId, address } = wallet
  const url = context.rpcUrls.get(chainId)
  if (url === undefined || findChain(chainId)?.family !== 'evm') return
  const ask = <T extends TSchema>(
    method: string,
    params: string[],
    answer: Validator<Record<never, never>, T>,
  ) => askChain(context, { url, method, params }, answer)
  const [servedChainId, receipt] = await Promise.all([
    ask('eth_chainId', [], ChainId),
    ask('eth_getTransactionReceipt', [txHash], Receipt),
  ])
  // The receipt of another chain would be a proof of nothing.
  if (BigInt(servedChainId) !== BigInt(chainId)) throw unavailable('It serves another chain.')
  if (receipt === null) {
    refuseField('txHash', 'is not known to the chain yet; send it again when it is mined')
  }
  if (receipt.transactionHash.toLowerCase() !== txHash) {
    throw unavailable('It answered another transaction.')
  }
  if (receipt.status !== '0x1') refuseField('txHash', 'is of a transaction that failed')
  if (receipt.from.toLowerCase() !== address) {
    refuseField('txHash', 'is of a transaction that another wallet sent')
  }
}

async function askChain<T extends TSchema>(
  context: Pick<Context, 'egress'>,
  call: { url: string; method: string; params: string[] },
  answer: Validator<Record<never, never>, T>,
): Promise<Static<T>> {
  const { url, method, params } = call
  const response = await context.egress
    .send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: requestId, method, params }),
      timeoutMs: rpcTimeoutMs,
      responseBytesMax: answerBytesMax,
    })
    .catch((error: unknown) => {
      if (!(error instanceof EgressFailed)) throw error
      throw unavailable(`${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`)
    })
  if (response.status !== 200) throw unavailable(`It answered ${response.status}.`)
  const reply = parseJson(response.body.toString('utf8'))
  if (!Reply.Check(reply)) throw unavailable('Its answer is not JSON-RPC 2.0.')
  if (!answer.Check(reply.result)) throw unavailable(`It did not answer ${method}.`)
  return reply.result
}

const requestId = 1

const Reply = Compile(
  Type.Object({
    jsonrpc: Type.Literal('2.0'),
    id: Type.Literal(requestId),
    result: Type.Unknown(),
  }),
)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unavailable(what: string): AppError {
  const detail = `${walletErrors.chain_unavailable.detail} ${what}`
  return new AppError(walletErrors.chain_unavailable, { detail })
}
