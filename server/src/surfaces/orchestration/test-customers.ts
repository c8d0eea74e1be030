// Owns what this surface's tests start from: a server, customers, registrations, their histories.
import { afterAll, beforeAll } from 'vitest'
import { toForm } from '../../../../test/example-requests.ts'
import type { FormPart } from '../../../../test/examples/surface-examples.ts'
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

export interface TestCustomers {
  /** The file's server: one for all of its tests. */
  readonly server: TestServer
  /** The path is below `/orchestration/api/v1`. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Creates a customer and answers its `data`. */
  saveCustomer(fields?: object, key?: string): Promise<Answer['json']>
  /** Creates a customer on the payouts surface and answers its orchestration id. */
  savePayoutsCustomer(fields: object): Promise<string>
  /** Uploads files and answers the whole answer. */
  upload(id: string, parts: FormPart[], more?: CallOptions): Promise<Answer>
  /** Registers the customer in the sandbox, and drains the jobs. */
  register(id: string, provider?: string, role?: string): Promise<void>
  /** A key of an app that holds nothing yet, of another merchant. */
  newAppKey(): Promise<string>
  /** The customer's events, oldest first, opened. */
  eventsOf(id: string, app?: App): Promise<CustomerEvent[]>
  /** `['1 customer.created', …]`: version and type of every event, and nothing else. */
  historyOf(id: string, app?: App): Promise<string[]>
  /** The rows in each table that this surface writes: equal before and after, nothing written. */
  countRows(): Promise<Record<string, number>>
}

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
  const call = (method: string, path: string, options?: CallOptions) =>
    server().call(method, `/orchestration/api/v1${path}`, options)
  const succeed = async (answer: Answer, what: string) => {
    if (answer.status < 300) return answer.json
    throw new Error(`${what} answered ${answer.status}: ${answer.text}`)
  }
  const eventsOf = async (id: string, app = server().testApp) => {
    const context = server().contextOf(app)
    const customerId = uuidOf('customer', id)
    const dataKey = await requireCustomer(context, customerId)
    return listEvents(context, { customerId, dataKey, afterVersion: 0 })
  }
  return {
    get server() {
      return server()
    },
    call,
    async saveCustomer(fields = {}, key) {
      const body = { ...newCustomer, ...fields }
      const options = key === undefined ? { body } : { body, key }
      return (await succeed(await call('POST', '/customers', options), 'create')).data
    },
    async savePayoutsCustomer(fields) {
      const answer = await server().call('POST', '/payouts/customers', { body: fields })
      const { customerId } = await succeed(answer, 'create')
      return printId('customer', uuidOf('customer', customerId), 'cus')
    },
    upload: (id, parts, more = {}) => {
      const { headers, body } = toForm(parts)
      const options = { ...more, body, headers: { ...headers, ...more.headers } }
      return call('POST', `/customers/${id}/files`, options)
    },
    async register(id, provider = 'stripe', role = 'customer') {
      const body = { provider, target_role: role }
      await succeed(await call('POST', `/customers/${id}/platforms`, { body }), 'populate')
      await server().drainJobs()
    },
    newAppKey: async () => {
      const { live } = await createMerchant(server().system, 'Another merchant')
      return server().createKey(live)
    },
    eventsOf,
    historyOf: async (id, app) =>
      (await eventsOf(id, app)).map(({ version, type }) => `${version} ${type}`),
    countRows: () => countRows(server()),
  }
}

/** The example of the seed document. */
export const newCustomer = {
  email: 'alice@example.com',
  first_name: 'Alice',
  last_name: 'Smith',
  country_code: 'US',
}

/** Every field of an answer that was not given. */
export const unset = {
  first_name: null,
  last_name: null,
  company_name: null,
  document_number: null,
  document_type: null,
  dob: null,
  phone_country_code: null,
  phone_area_code: null,
  phone_number: null,
  country_code: null,
  house_number: null,
  street_number: null,
  street_name: null,
  postal_code: null,
  city: null,
  state: null,
  subdivision: null,
  neighborhood: null,
  mother_name: null,
  monthly_net_income: null,
  gender: null,
  owner_legal_name: null,
  owner_document_number: null,
  owner_document_type: null,
  company_start_date: null,
  social_name: null,
  tax_id: null,
  account_type: null,
  additional_info: null,
  customer_wallet: null,
  trading_wallet: null,
}

/** What a customer is as long as no provider knows of it. */
export const unregistered = { status: 'NOT_STARTED', synced: false, synced_at: null, roles: [] }

/** Numbers with right check digits, and one that differs in the last. */
export const documents = {
  cpf: '529.982.247-25',
  wrongCpf: '529.982.247-26',
  cnpj: '11.222.333/0001-81',
  /** Of the form that July 2026 brings: letters and digits. */
  newCnpj: '12.ABC.345/01DE-35',
  wrongCnpj: '11.222.333/0001-82',
  ssn: '536-90-4399',
  itin: '912-70-1234',
  cuit: '20-22137007-5',
}

/** `2026-02-25T12:00:00.000Z` */
export const wireTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

export const unknownUuid = '01890a5d-ac96-774b-bcce-b302099a8057'

/** Ids that name nothing here: of this noun but unknown, of another noun, and no id at all. */
export function unknownIds(noun: IdNoun): string[] {
  const otherNoun = noun === 'file' ? 'customer' : 'file'
  const spelled = printId(noun, unknownUuid)
  return [spelled, unknownUuid, printId(otherNoun, unknownUuid), `${spelled}x`, 'cus_abc123', '0']
}

export function uuidOf(noun: IdNoun, text: string): string {
  const id = parseId(noun, text)
  if (id === null) throw new Error(`${text} is not the id of a ${noun}`)
  return id
}

/** Status and fields of a refusal, and that it is the envelope and nothing else. */
export function refusalOf(answer: Answer) {
  const { msg, data, errors, ...rest } = answer.json
  const fields = errors?.map((error: { field: string }) => error.field)
  const isWhole = typeof msg === 'string' && msg !== '' && data === null
  return { status: answer.status, fields, isWhole: isWhole && Object.keys(rest).length === 0 }
}

/** What `refusalOf` gives for a refusal in the surface's form; the fields that it names. */
export function refusal(status: number, ...fields: string[]) {
  return { status, fields: fields.length === 0 ? undefined : fields, isWhole: true }
}

export const notFound = {
  msg:
    'There is no customer with this id. ' +
    'Check the id, and that the key belongs to the app that holds the customer.',
  data: null,
}

/** The body of a refusal that names one field and its rule. */
export function fieldRefusal(field: string, rule: string) {
  const fix = 'Correct the field that is named and send the request again.'
  const message = `${field}: ${rule}. ${fix}`
  return { msg: message, data: null, errors: [{ field, message }] }
}

const writtenTables = [
  'customers',
  'customer_lookups',
  'registrations',
  'syncs',
  'files',
  'blobs',
  'file_deliveries',
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
