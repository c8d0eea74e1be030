// Owns one request that succeeds for every operation of every surface, for the promises that all of
// them keep. A surface without an entry here fails the tests that walk over all operations.
import type { TSchema } from 'typebox'
import type { Operation } from '../server/src/http/operation.ts'
import type { Surface } from '../server/src/http/surface.ts'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import type { Answer, CallOptions, TestServer } from './harness.ts'

/** Wire ids of one app's records, by noun. */
export type Ids = Record<string, string>

type Values = Record<string, unknown>

/** It names every id that the operation can be given, so that each can be exchanged for another. */
export interface ExampleRequest {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: Values
}

interface SurfaceExamples {
  /** The header that presents a key. */
  credentials(key: string): Record<string, string>
  /** Makes records of the key's app, through the surface itself. */
  prepare(call: (operationId: string, example: ExampleRequest) => Promise<Answer>): Promise<Ids>
  /** Ids that nothing has. */
  missing: Ids
  requests: Record<string, (ids: Ids) => ExampleRequest>
}

const payouts: SurfaceExamples = {
  credentials: (key) => ({ authorization: `Bearer ${key}` }),
  async prepare(call) {
    const customer = await call('createCustomer', { body: newCustomer })
    const customerId: string = customer.json.customerId
    const account = await call('addBankAccount', {
      params: { customerId },
      body: { ...newBankAccount, accountNumber: '0070327530004025541644' },
    })
    const payout = await call('createPayout', {
      body: { amount: '5000.00', currency: 'ARS', customerId },
    })
    return { customerId, bankAccountId: account.json.bankAccountId, payoutId: payout.json.id }
  },
  missing: {
    customerId: 'cust_01h455vb4pex5vsknk084sn02q',
    bankAccountId: 'ba_01h455vb4pex5vsknk084sn02q',
    payoutId: 'po_01h455vb4pex5vsknk084sn02q',
  },
  requests: {
    createCustomer: () => ({ body: newCustomer }),
    listCustomers: ({ customerId = '' }) => ({ query: { limit: '2', startingAfter: customerId } }),
    getCustomer: ({ customerId = '' }) => ({ params: { customerId } }),
    addBankAccount: ({ customerId = '' }) => ({
      params: { customerId },
      body: { ...newBankAccount, accountNumber: '2850590940090418135201' },
    }),
    listBankAccounts: ({ customerId = '', bankAccountId = '' }) => ({
      params: { customerId },
      query: { limit: '2', startingAfter: bankAccountId },
    }),
    setDefaultBankAccount: ({ customerId = '', bankAccountId = '' }) => ({
      params: { customerId },
      body: { bankAccountId },
    }),
    listCustomerPayouts: ({ customerId = '', payoutId = '' }) => ({
      params: { customerId },
      query: { limit: '2', startingAfter: payoutId },
    }),
    createPayout: ({ customerId = '' }) => ({
      body: {
        amount: '12.50',
        currency: 'ARS',
        destinationCbu: '0110123845678901234564',
        destinationName: 'Gerardo Ratto',
        destinationCuit: '20221370075',
        customerId,
      },
    }),
    listPayouts: ({ customerId = '', payoutId = '' }) => ({
      query: { status: 'pending', customerId, limit: '2', startingAfter: payoutId },
    }),
    getPayout: ({ payoutId = '' }) => ({ params: { id: payoutId } }),
    cancelPayout: ({ payoutId = '' }) => ({ params: { id: payoutId } }),
  },
}

const newCustomer = {
  type: 'individual',
  name: 'Gerardo Ratto',
  email: 'gerardo@example.com',
  country: 'AR',
  metadata: { internalUserId: 'USR-4421' },
}

const newBankAccount = {
  country: 'AR',
  currency: 'ARS',
  rail: 'OTHER',
  accountType: 'checking',
  holderName: 'Gerardo Ratto',
  metadata: { cuit: '20221370075' },
}

export const exampleRequests: Record<string, SurfaceExamples> = { payouts }

/** One row per operation of every surface, to walk over. */
export const everyOperation = surfaces.flatMap((surface) =>
  surface.operations.map((operation) => ({
    name: `${surface.name} ${operation.id}`,
    surface,
    operation,
  })),
)

export function examplesOf(surface: Surface): SurfaceExamples {
  const found = exampleRequests[surface.name]
  if (!found) throw new Error(`test/example-requests.ts has no entry for ${surface.name}`)
  return found
}

/** The request that succeeds with these ids. */
export function exampleOf(surface: Surface, operation: Operation, ids: Ids): ExampleRequest {
  const make = examplesOf(surface).requests[operation.id]
  if (make) return make(ids)
  throw new Error(`test/example-requests.ts has no ${operation.id} of ${surface.name}`)
}

export function pathOf(surface: Surface, operation: Operation, example: ExampleRequest): string {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    return encodeURIComponent(example.params?.[name] ?? '')
  })
  const query = new URLSearchParams(example.query).toString()
  return `${surface.basePath}${path}${query === '' ? '' : `?${query}`}`
}

/** Sends an example; `key: null` sends no credentials. */
export function send(
  server: TestServer,
  target: { surface: Surface; operation: Operation; key: string | null },
  example: ExampleRequest,
  more: CallOptions = {},
): Promise<Answer> {
  const { surface, operation, key } = target
  const credentials = key === null ? {} : examplesOf(surface).credentials(key)
  const headers = { ...credentials, ...more.headers }
  const body = example.body === undefined ? {} : { body: example.body }
  const path = pathOf(surface, operation, example)
  return server.call(operation.method, path, { ...body, ...more, key: null, headers })
}

/** Records of the key's app. */
export function prepareIds(server: TestServer, surface: Surface, key: string): Promise<Ids> {
  return examplesOf(surface).prepare(async (operationId, example) => {
    const operation = surface.operations.find(({ id }) => id === operationId)
    if (!operation) throw new Error(`${surface.name} has no ${operationId}`)
    const answer = await send(server, { surface, operation, key }, example)
    if (answer.status === operation.returns.status) return answer
    throw new Error(`${operationId} answered ${answer.status}: ${answer.text}`)
  })
}

export interface IdPlace {
  part: 'params' | 'query' | 'body'
  name: string
}

/** Wherever an operation takes an id: its path, and what its schemas call an id or a cursor. */
export function idPlacesOf(operation: Operation): IdPlace[] {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match): IdPlace => {
    return { part: 'params', name: match[1] ?? '' }
  })
  const named = (part: 'query' | 'body', schema: TSchema | undefined) =>
    Object.keys(Reflect.get(schema ?? {}, 'properties') ?? {})
      .filter((name) => /(?:Id|_id|startingAfter|starting_after|cursor)$/.test(name))
      .map((name): IdPlace => ({ part, name }))
  return [...inPath, ...named('query', operation.query), ...named('body', operation.body)]
}

/** The example with one id exchanged for the one that stands at the same place in `other`. */
export function exchange(
  own: ExampleRequest,
  place: IdPlace,
  other: ExampleRequest,
): ExampleRequest {
  const value = other[place.part]?.[place.name]
  if (value === undefined || own[place.part]?.[place.name] === undefined) {
    throw new Error(`the example does not name ${place.part} ${place.name}`)
  }
  return { ...own, [place.part]: { ...own[place.part], [place.name]: value } }
}

/** An answer's body without what differs between any two requests. */
export function withoutRequestId(answer: Answer): string {
  return answer.text.replaceAll(/req_\w+/g, 'req_…')
}
