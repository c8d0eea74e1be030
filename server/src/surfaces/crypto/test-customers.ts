// Owns what this surface's tests start from: a server, customers, what they did, their histories.
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
import { sealWallet, type WalletDetails } from '../../core/wallets/wallet-seal.ts'
import { type IdNoun, parseId, printId } from '../../lib/id.ts'
import type { WalletRow } from '../../storage/crypto-tables.ts'

export interface TestCustomers {
  /** The file's server: one for all of its tests. */
  readonly server: TestServer
  /** The path is below `/crypto`; the key goes in `x-api-key`. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Creates a customer and answers its `data`. */
  saveCustomer(fields?: object, key?: string): Promise<Answer['json']>
  /** An app that holds nothing yet, of another merchant, and a key of it. */
  newApp(): Promise<{ app: App; key: string }>
  /** Writes a wallet's row and answers its id. */
  saveWallet(customerId: string, wallet: NewWallet, app?: App): Promise<string>
  /** The customer's events, oldest first, opened. */
  eventsOf(id: string, app?: App): Promise<CustomerEvent[]>
  /** `['1 customer.created', …]`: version and type of every event, and nothing else. */
  historyOf(id: string, app?: App): Promise<string[]>
  /** The rows in each table that this surface writes: equal before and after, nothing written. */
  countRows(): Promise<Record<string, number>>
}

export type NewWallet = WalletDetails &
  Partial<Omit<WalletRow, 'app_id' | 'id' | 'customer_id' | 'address_token' | 'details'>>

/** Call it once at the top of a test file: it starts the server and closes it. */
export function testCustomers(more: Record<string, string> = {}): TestCustomers {
  let started: TestServer | null = null
  const server = () => {
    if (!started) throw new Error('the server starts before the first test')
    return started
  }
  beforeAll(async () => {
    started = await startTestServer(more)
  })
  afterAll(() => started?.close())
  const call = (method: string, path: string, options: CallOptions = {}) => {
    const key = options.key === undefined ? server().key : options.key
    const credentials: Record<string, string> = key === null ? {} : { 'x-api-key': key }
    const headers = { ...credentials, ...options.headers }
    return server().call(method, `/crypto${path}`, { ...options, key: null, headers })
  }
  const eventsOf = async (id: string, app = server().testApp) => {
    const context = server().contextOf(app)
    const dataKey = await requireCustomer(context, id)
    return listEvents(context, { customerId: id, dataKey, afterVersion: 0 })
  }
  return {
    get server() {
      return server()
    },
    call,
    async saveCustomer(fields = {}, key) {
      const options = { body: { ...newCustomer, ...fields } }
      const sent = key === undefined ? options : { ...options, key }
      const answer = await call('POST', '/customers', sent)
      if (answer.status === 201) return answer.json.data
      throw new Error(`create answered ${answer.status}: ${answer.text}`)
    },
    newApp: async () => {
      const { live } = await createMerchant(server().system, 'Another merchant')
      return { app: live, key: await server().createKey(live) }
    },
    saveWallet: (customerId, wallet, app = server().testApp) =>
      insertWallet(server(), { customerId, wallet, app }),
    eventsOf,
    historyOf: async (id, app) =>
      (await eventsOf(id, app)).map(({ version, type }) => `${version} ${type}`),
    countRows: () => countRows(server()),
  }
}

async function insertWallet(
  server: TestServer,
  { customerId, wallet, app }: { customerId: string; wallet: NewWallet; app: App },
): Promise<string> {
  const context = server.contextOf(app)
  const dataKey = await requireCustomer(context, customerId)
  const { address, authorizationTxHash, ...columns } = wallet
  const id = context.ids()
  const owner = { customerId, walletId: id, dataKey }
  const now = context.clock.now()
  const row = {
    app_id: app.id,
    id,
    customer_id: customerId,
    chain_id: 8453,
    address_token: context.vault.blindIndex(app.id, 'wallet.address', address),
    details: sealWallet(context, owner, { address, authorizationTxHash }),
    ownership_verified_at: null,
    authorization_type: null,
    authorized_at: null,
    authorized_until: null,
    created_at: now,
    updated_at: now,
    ...columns,
  }
  await server.system.database.transaction((db) => db.insertInto('wallets').values(row).execute())
  return id
}

/** With an e-mail and a name; every other field is left out. */
export const newCustomer = { email: 'ada@example.com', name: 'Ada Lovelace' }

/** Every field that a caller may give. */
export const whole = {
  externalId: 'USR-4421',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  address: '12 St James’s Square',
  city: 'London',
  state: 'Greater London',
  country: 'GB',
  postalCode: 'SW1Y 4JH',
  metadata: { plan: 'pro', nested: { list: [1, null, true] } },
}

/** Every field of an answer that was not given. */
export const unset = {
  externalId: null,
  email: null,
  name: null,
  address: null,
  city: null,
  state: null,
  country: null,
  postalCode: null,
  metadata: {},
}

/** The plain UUID, of the kind that rises with time. */
export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** `2026-02-25T12:00:00.000Z` */
export const wireTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

export const unknownUuid = '01890a5d-ac96-774b-bcce-b302099a8057'

/** Ids that name nothing here: of this noun but unknown, of another noun, and no id at all. */
export function unknownIds(noun: IdNoun): string[] {
  const otherNoun = noun === 'wallet' ? 'customer' : 'wallet'
  const spelled = printId(noun, unknownUuid)
  return [unknownUuid, spelled, printId(otherNoun, unknownUuid), `${spelled}x`, 'garbage', '0']
}

/** The UUID and the prefixed forms of the other surfaces: every one names the customer. */
export function spellingsOf(id: string): string[] {
  if (parseId('customer', id) === null) throw new Error(`${id} is not the id of a customer`)
  return [id, id.toUpperCase(), printId('customer', id), printId('customer', id, 'cus')]
}

/** Status, code and paths of a refusal, and that it is the envelope and nothing else. */
export function refusalOf(answer: Answer) {
  const { success, error, ...rest } = answer.json
  const { code, message, details, ...others } = error
  const paths = details?.map((detail: { path: string }) => detail.path)
  const isWhole = success === false && typeof message === 'string' && message !== ''
  const isBare = Object.keys({ ...rest, ...others }).length === 0
  return { status: answer.status, code, paths, isWhole: isWhole && isBare }
}

/** What `refusalOf` gives for a refusal in the surface's form; the fields that it names. */
export function refusal(status: number, code: string, ...paths: string[]) {
  return { status, code, paths: paths.length === 0 ? undefined : paths, isWhole: true }
}

/** The body of a refusal that names one field and its rule. */
export function fieldRefusal(path: string, rule: string) {
  const message = `${path}: ${rule}. Correct the field that is named and send the request again.`
  return {
    success: false,
    error: { code: 'VALIDATION_ERROR', message, details: [{ path, message }] },
  }
}

export const notFound = {
  success: false,
  error: {
    code: 'NOT_FOUND',
    message:
      'There is no customer with this id. ' +
      'Check the id, and that the key belongs to the app that holds the customer.',
  },
}

/** The body of the refusal of an external id that a customer has. */
export function takenBy(id: string) {
  const message =
    `externalId: customer ${id} of this app has it. ` +
    'Use the customer that has it, or choose another external id.'
  return {
    success: false,
    error: { code: 'CONFLICT', message, details: [{ path: 'externalId', message }] },
  }
}

const writtenTables = [
  'customers',
  'customer_lookups',
  'customer_words',
  'wallets',
  'wallet_authorizations',
  'wallet_challenges',
  'activity_counts',
  'payment_intents',
  'invoices',
  'subscriptions',
  'events',
  'jobs',
] as const

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
