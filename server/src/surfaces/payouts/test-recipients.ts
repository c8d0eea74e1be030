// Owns what this surface's tests start from: a server, saved recipients, payouts, their histories.
import { afterAll, beforeAll } from 'vitest'
import {
  type Answer,
  type CallOptions,
  startTestServer,
  type TestServer,
} from '../../../../test/harness.ts'
import { createMerchant } from '../../core/apps/app-service.ts'
import type { App } from '../../core/context.ts'
import { requireCustomer } from '../../core/customer/customer-service.ts'
import type { CustomerEvent } from '../../core/events/event.ts'
import { listEvents } from '../../core/events/event-service.ts'
import { type IdNoun, parseId, printId } from '../../lib/id.ts'

export interface TestRecipients {
  /** The file's server: one for all of its tests. */
  readonly server: TestServer
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Creates a customer and answers its body. */
  saveCustomer(fields?: object, key?: string): Promise<Answer['json']>
  /** Adds a bank account and answers its body. */
  saveBankAccount(customerId: string, fields?: object, key?: string): Promise<Answer['json']>
  /** Accepts a payout and answers its body. */
  savePayout(fields: object, key?: string): Promise<Answer['json']>
  /** A key of an app that holds nothing yet, of another merchant. */
  newAppKey(): Promise<string>
  /** The customer's events, oldest first, opened. */
  eventsOf(customerId: string, app?: App): Promise<CustomerEvent[]>
  /** `['1 customer.created', …]`: version and type of every event, and nothing else. */
  historyOf(customerId: string, app?: App): Promise<string[]>
  /** The rows in each table that this surface writes: equal before and after, nothing written. */
  countRows(): Promise<Record<string, number>>
}

/** Call it once at the top of a test file: it starts the server and closes it. */
export function testRecipients(more: Record<string, string> = {}): TestRecipients {
  let started: TestServer | null = null
  const server = () => {
    if (!started) throw new Error('the server starts before the first test')
    return started
  }
  beforeAll(async () => {
    started = await startTestServer(more)
  })
  afterAll(() => started?.close())

  const call = (method: string, path: string, options?: CallOptions) =>
    server().call(method, path, options)
  const create = async (path: string, body: object, key?: string) => {
    const answer = await call('POST', path, key === undefined ? { body } : { body, key })
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${answer.text}`)
    return answer.json
  }
  const eventsOf = async (customerId: string, app = server().testApp) => {
    const context = server().contextOf(app)
    const id = uuidOf('customer', customerId)
    const dataKey = await requireCustomer(context, id)
    return listEvents(context, { customerId: id, dataKey, afterVersion: 0 })
  }
  return {
    get server() {
      return server()
    },
    call,
    saveCustomer: (fields = {}, key) =>
      create('/payouts/customers', { ...newCustomer, ...fields }, key),
    saveBankAccount: (customerId, fields = {}, key) =>
      create(
        `/payouts/customers/${customerId}/bank-accounts`,
        { ...newBankAccount, ...fields },
        key,
      ),
    savePayout: (fields, key) =>
      create('/payouts/payouts', { amount: '5000.00', currency: 'ARS', ...fields }, key),
    newAppKey: async () => {
      const { live } = await createMerchant(server().system, 'Another merchant')
      return server().createKey(live)
    },
    eventsOf,
    historyOf: async (customerId, app) =>
      (await eventsOf(customerId, app)).map(({ version, type }) => `${version} ${type}`),
    countRows: () => countRows(server()),
  }
}

/** A recipient with the required fields only. */
export const newCustomer = { type: 'individual', name: 'Ana Sosa', country: 'AR' }

/** CBUs with right check digits, of two banks, and a CVU; `seller` is the seed document's. */
export const cbu = {
  seller: '0070327530004025541644',
  second: '2850590940090418135201',
  third: '0110123845678901234564',
  virtual: '0000042000000009876545',
}

/** The required fields, with the seller's number. */
export const newBankAccount = {
  country: 'AR',
  currency: 'ARS',
  rail: 'OTHER',
  accountType: 'checking',
  holderName: 'Ana Sosa',
  accountNumber: cbu.seller,
}

/** The seed document's CUIT, and one whose last digit is wrong. */
export const cuit = { right: '20221370075', wrong: '20221370076' }

/** `2026-02-25T12:00:00Z` */
export const wireTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/

export const unknownUuid = '01890a5d-ac96-774b-bcce-b302099a8057'

/** Ids that name nothing here: of this noun but unknown, of another noun, and no id at all. */
export function unknownIds(noun: IdNoun): string[] {
  const otherNoun = noun === 'payout' ? 'customer' : 'payout'
  const spelled = printId(noun, unknownUuid)
  return [spelled, unknownUuid, printId(otherNoun, unknownUuid), `${spelled}x`, 'garbage', '0']
}

export function uuidOf(noun: IdNoun, text: string): string {
  const id = parseId(noun, text)
  if (id === null) throw new Error(`${text} is not the id of a ${noun}`)
  return id
}

/** Queries that every list refuses, with the parameter that the refusal names. */
export const refusedPages: [query: string, param: string][] = [
  ['limit=0', 'limit'],
  ['limit=-1', 'limit'],
  ['limit=201', 'limit'],
  ['limit=1.5', 'limit'],
  ['limit=1e1', 'limit'],
  ['limit=ten', 'limit'],
  ['limit=', 'limit'],
  ['limit=1&limit=2', 'limit'],
  ['startingAfter=', 'startingAfter'],
  ['offset=1', 'offset'],
]

/** Status, code and field of a refusal, and that it carries the request's id and nothing else. */
export function refusalOf(answer: Answer) {
  const { code, param, message, requestId, ...rest } = answer.json.error
  const isWhole = typeof message === 'string' && message !== '' && Object.keys(rest).length === 0
  const isMarked = requestId === answer.headers.get('request-id')
  return { status: answer.status, code, param, isWhole: isWhole && isMarked }
}

/** What `refusalOf` gives for a refusal in the surface's form. */
export function refusal(status: number, code: string, param?: string) {
  return { status, code, param, isWhole: true }
}

const writtenTables = ['customers', 'bank_accounts', 'payouts', 'events', 'jobs'] as const

async function countRows(server: TestServer): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of writtenTables) {
    const row = await server.system.db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    counts[table] = Number(row.count)
  }
  return counts
}
