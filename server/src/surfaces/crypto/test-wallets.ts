// Owns what tests of this surface's wallets start from: customers with wallets whose keys we hold.
import type { Answer } from '../../../../test/harness.ts'
import { addressOf, baseChain, cow } from '../../core/wallets/testing/wallet-samples.ts'
import { type TestCustomers, testCustomers, unknownUuid } from './test-customers.ts'

export interface TestWallets extends TestCustomers {
  /** Adds a wallet of a new customer, and answers its `data` and the path to it. */
  openWallet(body?: object, customerId?: string): Promise<OpenWallet>
  /** The customer's wallets, as `retrieve` shows them. */
  shownWallets(customerId: string): Promise<unknown[]>
}

export interface OpenWallet {
  customerId: string
  walletId: string
  /** `/customers/{id}/wallets/{walletId}` */
  path: string
  data: Answer['json']
}

export const newWallet = { chainId: baseChain, walletAddress: addressOf(cow) }

/** Call it once at the top of a test file: it starts the server and closes it. */
export function testWallets(more: Record<string, string> = {}): TestWallets {
  const customers = testCustomers(more)
  return Object.assign(Object.create(customers), {
    async openWallet(body = {}, customerId?: string): Promise<OpenWallet> {
      const owner = customerId ?? (await customers.saveCustomer()).id
      const sent = { body: { ...newWallet, ...body } }
      const { status, text, json } = await customers.call(
        'POST',
        `/customers/${owner}/wallets`,
        sent,
      )
      if (status !== 201) throw new Error(`addWallet answered ${status}: ${text}`)
      const walletId = json.data.id
      const path = `/customers/${owner}/wallets/${walletId}`
      return { customerId: owner, walletId, path, data: json.data }
    },
    shownWallets: async (customerId: string) =>
      (await customers.call('GET', `/customers/${customerId}`)).json.data.wallets,
  })
}

/** The envelope of a refusal that names what there is not. */
export function missing(noun: 'customer' | 'wallet' | 'authorization') {
  const rest: Record<typeof noun, string> = {
    customer:
      'There is no customer with this id. ' +
      'Check the id, and that the key belongs to the app that holds the customer.',
    wallet:
      'There is no wallet with this id on this customer. ' +
      "Check the id against the customer's wallets.",
    authorization:
      'There is no authorization with this id on this wallet. ' +
      "Check the id against the wallet's authorizations.",
  }
  return { success: false, error: { code: 'NOT_FOUND', message: rest[noun] } }
}

/** Paths in which one id names nothing, with the body of the answer. */
export function lostPaths(
  { customerId, walletId }: OpenWallet,
  rest = '',
): [path: string, answer: object][] {
  const of = (customer: string, wallet: string) => `/customers/${customer}/wallets/${wallet}${rest}`
  return [
    [of(unknownUuid, walletId), missing('customer')],
    [of('garbage', walletId), missing('customer')],
    [of(customerId, unknownUuid), missing('wallet')],
    [of(customerId, customerId), missing('wallet')],
    [of(customerId, 'garbage'), missing('wallet')],
  ]
}
