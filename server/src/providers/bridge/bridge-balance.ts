// Owns what a customer of Bridge holds: its wallets, asked one by one, summed without floats.
import { Big } from 'big.js'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { RemoteBalance } from '../../core/provider.ts'
import { toMinorUnits } from '../../lib/money.ts'
import { unavailable, unusable } from '../http-client.ts'
import { type BridgeClient, bridgeIdPattern, readBridge } from './bridge-client.ts'

const Id = Type.String({ pattern: bridgeIdPattern })
const walletsForm = Compile(Type.Object({ data: Type.Array(Type.Object({ id: Id })) }))
const walletForm = Compile(
  Type.Object({
    id: Id,
    balances: Type.Array(
      Type.Object({
        balance: Type.String({ pattern: '^\\d{1,30}(\\.\\d{1,30})?$' }),
        currency: Type.String({ pattern: '^[A-Za-z]{3,10}$' }),
      }),
    ),
  }),
)

export const walletsMax = 50
const pageSize = 100
/** Requests at the same moment for one customer: Bridge publishes no limit. */
const requestsAtOnce = 4

/** One entry a wallet; the list that Bridge gives shows no amounts, so each is asked for. */
export async function readBridgeBalances(
  client: BridgeClient,
  customerPath: string,
): Promise<RemoteBalance[]> {
  const ids = await readWalletIds(client, customerPath)
  const balances: RemoteBalance[] = []
  for (let start = 0; start < ids.length; start += requestsAtOnce) {
    const batch = ids.slice(start, start + requestsAtOnce)
    balances.push(...(await Promise.all(batch.map((id) => readWallet(client, customerPath, id)))))
  }
  return balances
}

/** Throws above `walletsMax`: a part of the wallets would pass for the whole balance. */
async function readWalletIds(client: BridgeClient, customerPath: string): Promise<string[]> {
  const path = `${customerPath}/wallets?limit=${pageSize}`
  const answer = client.accepted(await client.get(path))
  const { data } = readBridge(walletsForm, answer, 'a list of wallets')
  if (data.length > walletsMax) throw unavailable(`It has more than ${walletsMax} wallets.`)
  return data.map(({ id }) => id)
}

async function readWallet(
  client: BridgeClient,
  customerPath: string,
  id: string,
): Promise<RemoteBalance> {
  const answer = client.accepted(await client.get(`${customerPath}/wallets/${id}`))
  const wallet = readBridge(walletForm, answer, 'a wallet')
  if (wallet.id !== id) throw unusable('it is another wallet')
  const sums = new Map<string, Big>()
  for (const { balance, currency } of wallet.balances) {
    const code = currency.toUpperCase()
    sums.set(code, (sums.get(code) ?? new Big(0)).plus(balance))
  }
  return { accountId: id, totals: [...sums].map(([code, sum]) => totalOf(code, sum)) }
}

function totalOf(currency: string, sum: Big): RemoteBalance['totals'][number] {
  const available = toMinorUnits(sum.toFixed(), currency)
  if (available === null) throw unusable('it holds a currency or an amount that is not known here')
  return { currency, available, pending: 0, reserved: 0, instantPayouts: 0 }
}
