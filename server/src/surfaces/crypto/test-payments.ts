// Owns what tests of payments start from: intents, invoices, subscriptions made by the API.
import type { Answer, CallOptions } from '../../../../test/harness.ts'
import { type TestCustomers, testCustomers } from './test-customers.ts'

export interface TestPayments extends TestCustomers {
  /** Makes one and answers its `data`. */
  saveIntent(fields?: object, key?: string): Promise<Answer['json']>
  saveInvoice(fields: object, key?: string): Promise<Answer['json']>
  saveSubscription(fields: object, key?: string): Promise<Answer['json']>
  /** Makes a move that succeeds and answers its `data`. */
  move(path: string, body?: object, key?: string): Promise<Answer['json']>
  /** Reads one and answers its `data`. */
  read(path: string, key?: string): Promise<Answer['json']>
  /** Stores a state that no operation leads to. */
  force(table: ActivityTable, id: string, status: string): Promise<void>
  /** The bytes and texts of a row, to look for what must not stand in them. */
  stored(table: ActivityTable, id: string): Promise<string>
}

type ActivityTable = 'payment_intents' | 'invoices' | 'subscriptions'

/** Call it once at the top of a test file: it starts the server and closes it. */
export function testPayments(more: Record<string, string> = {}): TestPayments {
  const customers = testCustomers(more)
  const succeed = async (method: string, path: string, options: CallOptions) => {
    const answer = await customers.call(method, path, options)
    if (answer.status === 200 || answer.status === 201) return answer.json.data
    throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`)
  }
  const post = (path: string, body?: object, key?: string) =>
    succeed('POST', path, {
      ...(body === undefined ? {} : { body }),
      ...(key === undefined ? {} : { key }),
    })
  return {
    get server() {
      return customers.server
    },
    call: customers.call,
    saveCustomer: customers.saveCustomer,
    saveWallet: customers.saveWallet,
    newApp: customers.newApp,
    eventsOf: customers.eventsOf,
    historyOf: customers.historyOf,
    countRows: customers.countRows,
    saveIntent: (fields = {}, key) =>
      post('/payments/intents', { amount: '25.00', ...fields }, key),
    saveInvoice: (fields, key) => post('/invoices', { items: oneItem, ...fields }, key),
    saveSubscription: (fields, key) => post('/subscriptions', { ...plan, ...fields }, key),
    move: post,
    read: (path, key) => succeed('GET', path, key === undefined ? {} : { key }),
    force: async (table, id, status) => {
      await customers.server.system.database.transaction((db) =>
        db.updateTable(table).set({ status }).where('id', '=', id).execute(),
      )
    },
    stored: async (table, id) => {
      const { db } = customers.server.system
      const row = await db
        .selectFrom(table)
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      return Object.values(row)
        .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value))
        .join('\n')
    },
  }
}

export const oneItem = [{ description: 'Annual plan', amount: '25.00' }]
export const plan = { productPlanId: 'plan_pro', productPlanPriceId: 'price_25' }

export const evmHash = `0x${'5a'.repeat(32)}`
/** 64 bytes in base58, as a signature on Solana. */
export const solanaHash =
  '2omt37n9Gg1v7dhZnbaxMFyvvYramkgJDwMUWPMb2XsmdppJJqWT5bjH11EeD8kLpTytD1SEpbwY785acJKBQFAZ'

/** On Base, in USDC. */
export const authorization = {
  method: 'PERMIT',
  chainId: 8453,
  tokenKey: 'USDC-8453',
  cryptoAmount: '25.000000000000000001',
}

/** An address that is nobody's. */
export const address = `0x${'ab'.repeat(20)}`

/** The queries that every list refuses, with the parameter that the refusal names. */
export const refusedPages: [query: string, param: string][] = [
  ['page=0', 'page'],
  ['page=-1', 'page'],
  ['page=1000000001', 'page'],
  ['page=x', 'page'],
  ['page=1&page=2', 'page'],
  ['pageSize=0', 'pageSize'],
  ['pageSize=101', 'pageSize'],
  ['pageSize=1.5', 'pageSize'],
  ['pageSize=', 'pageSize'],
  ['status=UNHEARD', 'status'],
  ['status=', 'status'],
  ['limit=1', 'limit'],
]

export function refusalMessage(answer: Answer): string {
  return answer.json.error.message
}
