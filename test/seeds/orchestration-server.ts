// Owns what the proofs of the orchestration pages start from: a server, and its calls on the wire.
import { afterAll, beforeAll } from 'vitest'
import { createKey, everyScope } from '../../server/src/core/apps/app-service.ts'
import { printId } from '../../server/src/lib/id.ts'
import { toForm } from '../example-requests.ts'
import type { FormPart } from '../examples/surface-examples.ts'
import { type Answer, startTestServer, type TestServer } from '../harness.ts'

export interface OrchestrationServer {
  readonly server: TestServer
  /** The page's methods, each as the request that it stands for. */
  create(customer: unknown): Promise<Answer>
  get(id: string): Promise<Answer>
  list(params?: Record<string, string | number>): Promise<Answer>
  update(id: string, customer: unknown): Promise<Answer>
  sync(id: string, sync: unknown): Promise<Answer>
  balance(id: string, filter: Record<string, string>): Promise<Answer>
  uploadFiles(id: string, parts: FormPart[]): Promise<Answer>
  getFiles(id: string): Promise<Answer>
  populatePlatform(id: string, data?: object): Promise<Answer>
  /** A customer whose registration at the provider is approved. */
  register(provider?: string, role?: string, fields?: object): Promise<string>
}

/** Call it once at the top of a file. The access token is asked for as `createOakClient` does. */
export function orchestrationServer(): OrchestrationServer {
  let server: TestServer | null = null
  let token = ''
  const started = () => {
    if (!server) throw new Error('the server starts before the first test')
    return server
  }
  beforeAll(async () => {
    server = await startTestServer()
    const input = { app: server.testApp, name: 'seed', scopes: [everyScope] }
    const { key, secret } = await createKey(server.system, input)
    const client = { client_id: printId('key', key.id), client_secret: secret }
    const body = { ...client, grant_type: 'client_credentials' }
    const path = '/orchestration/api/v1/merchant/token/grant'
    token = (await server.call('POST', path, { key: null, body })).json.access_token
  })
  afterAll(() => server?.close())
  const call: Send = (method, path, body, headers) =>
    started().call(method, `/orchestration/api/v1/customers${path}`, {
      key: token,
      ...(body === undefined ? {} : { body }),
      ...(headers === undefined ? {} : { headers }),
    })
  const methods = methodsOver(call)
  return {
    get server() {
      return started()
    },
    ...methods,
    async register(provider = 'stripe', role = 'customer', fields = {}) {
      const created = await methods.create({ ...exampleCustomer, ...fields })
      const { id } = created.json.data
      await methods.populatePlatform(id, { provider, target_role: role })
      await started().drainJobs()
      return id
    },
  }
}

type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>

function methodsOver(call: Send): Omit<OrchestrationServer, 'server' | 'register'> {
  const query = (params: Record<string, string | number>) => {
    const pairs = Object.entries(params).map(([name, value]) => [name, String(value)])
    return new URLSearchParams(Object.fromEntries(pairs)).toString()
  }
  return {
    create: (customer) => call('POST', '', customer),
    get: (id) => call('GET', `/${id}`),
    list: (params = {}) => call('GET', `?${query(params)}`),
    update: (id, customer) => call('PUT', `/${id}`, customer),
    sync: (id, sync) => call('POST', `/${id}/sync`, sync),
    balance: (id, filter) => call('GET', `/${id}/balances?${query(filter)}`),
    uploadFiles(id, parts) {
      const { headers, body } = toForm(parts)
      return call('POST', `/${id}/files`, body, headers)
    },
    getFiles: (id) => call('GET', `/${id}/files`),
    populatePlatform: (id, data) => call('POST', `/${id}/platforms`, data),
  }
}

export const exampleCustomer = {
  email: 'alice@example.com',
  first_name: 'Alice',
  last_name: 'Smith',
  country_code: 'US',
}

/** The object that a code block of the page passes to a method, as JSON text. */
export function argumentOf(block: string): string {
  const [, text] = /customers\.\w+\((?:'[^']*', )?(\{[\s\S]*?\n\})\);/.exec(block) ?? []
  if (text === undefined) throw new Error(`no object is passed in: ${block}`)
  return text
    .replace(/^(\w+):/gm, '"$1":')
    .replaceAll("'", '"')
    .replace(/,\n\}$/, '\n}')
}

/** As the page has it: what `result.ok` and `result.value.data` are made of. */
export function isOk(answer: Answer): boolean {
  return answer.status < 300 && typeof answer.json.msg === 'string' && 'data' in answer.json
}

export const pdf = {
  name: 'file',
  fileName: 'passport.pdf',
  value: '%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n',
}

/** The page's table of request fields, each with a value. */
export const requestFields: [name: string, value: string, description: string][] = [
  ['email', 'bob@example.com', 'Customer email address'],
  ['first_name', 'Bob', 'First name'],
  ['last_name', 'Jones', 'Last name'],
  ['document_number', '536-90-4399', 'Tax ID or document number'],
  ['document_type', 'personal_tax_id', 'Document type'],
  ['dob', '1990-12-31', 'Date of birth'],
  ['phone_country_code', '1', 'Phone country code'],
  ['phone_area_code', '415', 'Phone area code'],
  ['phone_number', '5551234', 'Phone number'],
  ['country_code', 'BR', 'Country code'],
  ['company_name', 'Acme Inc.', 'Company name'],
]

export const twelveStatuses = [
  'NOT_STARTED',
  'INITIATED',
  'INCOMPLETE',
  'PENDING',
  'PROCESSING',
  'IN_REVIEW',
  'DOCUMENT_REQUIRED',
  'DOCUMENT_PENDING',
  'DOCUMENT_APPROVED',
  'AWAITING_CONFIRMATION',
  'APPROVED',
  'REJECTED',
]
