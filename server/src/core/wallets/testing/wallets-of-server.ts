// Owns what tests of wallets start from: a server, and customers with wallets whose keys are known.
import { startTestServer, type TestServer } from '../../../../../test/harness.ts'
import { present } from '../../../lib/assert.ts'
import type { Context } from '../../context.ts'
import { createCustomer, requireCustomer } from '../../customer/customer-service.ts'
import { listEvents } from '../../events/event-service.ts'
import type { Wallet } from '../wallet.ts'
import { addWallet, checkWallet, type WalletKey, walletsOf } from '../wallet-service.ts'
import { addressOf, baseChain, cow } from './wallet-samples.ts'

export interface WalletBench {
  server: TestServer
  context: Context
  newCustomer(): Promise<string>
  /** A wallet of a new customer, or of the one that is given. */
  newWallet(place?: { chainId?: number; address?: string; customerId?: string }): Promise<WalletKey>
  walletOf(key: WalletKey): Promise<Wallet>
  /** `['1 customer.created', …]` */
  historyOf(customerId: string): Promise<string[]>
  lastChangesOf(customerId: string): Promise<unknown>
  countRows(): Promise<number[]>
}

export async function openWalletBench(more: Record<string, string> = {}): Promise<WalletBench> {
  const server = await startTestServer(more)
  const context = server.contextOf(server.testApp)
  const newCustomer = async () => (await createCustomer(context, { kind: 'individual' })).id
  const eventsOf = async (customerId: string) => {
    const dataKey = await requireCustomer(context, customerId)
    return listEvents(context, { customerId, dataKey, afterVersion: 0 })
  }
  return {
    server,
    context,
    newCustomer,
    async newWallet({ chainId = baseChain, address = addressOf(cow), customerId } = {}) {
      const owner = customerId ?? (await newCustomer())
      const wallet = await addWallet(context, owner, await checkWallet({ chainId, address }))
      return { customerId: owner, walletId: wallet.id }
    },
    async walletOf({ customerId, walletId }) {
      const wallets = (await walletsOf(context, [customerId])).get(customerId) ?? []
      return present(
        wallets.find(({ id }) => id === walletId),
        'the wallet is there',
      )
    },
    historyOf: async (customerId) =>
      (await eventsOf(customerId)).map(({ version, type }) => `${version} ${type}`),
    lastChangesOf: async (customerId) => (await eventsOf(customerId)).at(-1)?.changes,
    countRows: () => countRows(context),
  }
}

const tables = ['wallets', 'wallet_authorizations', 'wallet_challenges', 'events'] as const

function countRows({ db }: Context): Promise<number[]> {
  return Promise.all(
    tables.map(async (table) => {
      const count = db.fn.countAll().as('count')
      return Number((await db.selectFrom(table).select(count).executeTakeFirstOrThrow()).count)
    }),
  )
}
