// Owns a customer whom every surface knows, for the tests of what holds on all of them.
import { afterAll, beforeAll } from 'vitest'
import type { Context } from '../server/src/core/context.ts'
import { parseId, printId } from '../server/src/lib/id.ts'
import { makeBankingCustomer } from './banking-customers.ts'
import { type Answer, type CallOptions, startTestServer, type TestServer } from './harness.ts'

export interface Known {
  /** The UUID; every surface spells it its own way. */
  id: string
  walletId: string
  bankAccountId: string
}

export const bankAccount = (accountNumber: string) => ({
  country: 'AR',
  currency: 'ARS',
  rail: 'OTHER',
  accountType: 'checking',
  holderName: 'John Doe',
  accountNumber,
})
export const wallet = (chainId: number) => ({
  chainId,
  walletAddress: '0x71C7656EC7ab88b098defB751B7401B5f6d8976F',
})

export const payoutsOf = (id: string) => `/payouts/customers/${printId('customer', id)}`
export const cryptoOf = (id: string) => `/crypto/customers/${id}`
export const orchestrationOf = (id: string) =>
  `/orchestration/api/v1/customers/${printId('customer', id, 'cus')}`
export const bankingOf = (id: string) => `/banking/v1/customers/${printId('customer', id)}`

export const payoutTo = (id: string) => ({
  amount: '12.50',
  currency: 'ARS',
  customerId: printId('customer', id),
})

export interface KnownCustomers {
  /** The file's server: one for all of its tests. */
  readonly server: TestServer
  readonly context: Context
  call(base: string, method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Known on every surface: an account, a bank account, a wallet, a registration. */
  make(): Promise<Known>
}

/** Call it once at the top of a test file: it starts the server and closes it. */
export function knownCustomers(): KnownCustomers {
  let started: TestServer | null = null
  const server = () => {
    if (!started) throw new Error('the server starts before the first test')
    return started
  }
  beforeAll(async () => {
    started = await startTestServer()
  })
  afterAll(() => started?.close())
  const context = () => server().contextOf(server().testApp)
  const call = (base: string, method: string, path: string, options: CallOptions = {}) => {
    const credentials = base.startsWith('/crypto') ? { 'x-api-key': server().key } : {}
    const headers = { ...credentials, ...options.headers }
    return server().call(method, base + path, { ...options, headers })
  }
  return {
    get server() {
      return server()
    },
    get context() {
      return context()
    },
    call,
    async make() {
      const { customerId } = await makeBankingCustomer(context())
      const id = parseId('customer', customerId) ?? ''
      const account = await call(payoutsOf(id), 'POST', '/bank-accounts', {
        body: bankAccount('0070327530004025541644'),
      })
      const linked = await call(cryptoOf(id), 'POST', '/wallets', { body: wallet(8453) })
      const body = { provider: 'stripe', target_role: 'customer' }
      await call(orchestrationOf(id), 'POST', '/platforms', { body })
      await server().drainJobs()
      return { id, walletId: linked.json.data.id, bankAccountId: account.json.bankAccountId }
    },
  }
}
