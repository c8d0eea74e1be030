// Owns a local JSON-RPC endpoint of one chain, as strict as the specification, for tests.
import { expectThat, type StandIn, startStandIn } from '../../../providers/testing/stand-in.ts'

export interface Receipt {
  status: '0x0' | '0x1'
  from: string
}

export interface RpcStandIn extends StandIn {
  /** By transaction hash; any other is not known. */
  receipts: Map<string, Receipt>
  /** What the chain says of itself. */
  chainId: number
}

export async function startRpcStandIn(chainId: number): Promise<RpcStandIn> {
  const receipts = new Map<string, Receipt>()
  const standIn: StandIn = await startStandIn(({ method, path, headers, json }) => {
    expectThat(method === 'POST' && path === '/', 'a call is a POST')
    expectThat(headers['content-type'] === 'application/json', 'a call is JSON')
    const call = Object(json())
    expectThat(
      Object.keys(call).sort().join() === 'id,jsonrpc,method,params',
      'a call has id, jsonrpc, method and params',
    )
    expectThat(call.jsonrpc === '2.0' && Number.isInteger(call.id), 'it is JSON-RPC 2.0')
    const result = resultOf(call.method, call.params)
    return { status: 200, body: { jsonrpc: '2.0', id: call.id, result } }
  })
  const rpc: RpcStandIn = Object.assign(standIn, { receipts, chainId })
  const resultOf = (method: unknown, params: unknown): unknown => {
    expectThat(Array.isArray(params), 'params is a list')
    if (method === 'eth_chainId') {
      expectThat(params.length === 0, 'eth_chainId takes nothing')
      return `0x${rpc.chainId.toString(16)}`
    }
    expectThat(method === 'eth_getTransactionReceipt', `the method ${method} is not known`)
    const [hash] = params
    expectThat(params.length === 1 && /^0x[0-9a-f]{64}$/.test(hash), 'it takes one hash')
    const receipt = receipts.get(hash)
    // Some of what real receipts carry beside what is read.
    return receipt ? { transactionHash: hash, type: '0x2', to: null, logs: [], ...receipt } : null
  }
  return rpc
}
