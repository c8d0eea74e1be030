// Owns one request that succeeds for every operation of every surface, for the promises that all of
// them keep. A surface without an entry here fails the tests that walk over all operations.
import type { TSchema } from 'typebox'
import { applicationAs } from '../server/src/core/applications/testing/application-samples.ts'
import { findCaller } from '../server/src/core/apps/app-service.ts'
import { saveConnection } from '../server/src/core/connections/connection-service.ts'
import type { Context } from '../server/src/core/context.ts'
import { createCustomer } from '../server/src/core/customer/customer-service.ts'
import { createPayout } from '../server/src/core/payouts/payout-service.ts'
import {
  listRegistrations,
  submitRegistration,
} from '../server/src/core/registrations/registration-service.ts'
import { cow } from '../server/src/core/wallets/testing/wallet-samples.ts'
import type { Operation } from '../server/src/http/operation.ts'
import type { Surface } from '../server/src/http/surface.ts'
import { parseId, printId } from '../server/src/lib/id.ts'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import { makeBankingCustomer } from './banking-customers.ts'
import { acceptingProviderUrl } from './examples/accepting-provider.ts'
import { banking } from './examples/banking.ts'
import { crypto } from './examples/crypto.ts'
import { orchestration } from './examples/orchestration.ts'
import { payouts } from './examples/payouts.ts'
import { platform } from './examples/platform.ts'
import type {
  ExampleRequest,
  FormPart,
  Ids,
  PreparedApp,
  SurfaceExamples,
} from './examples/surface-examples.ts'
import type { Answer, CallOptions, TestServer } from './harness.ts'
import { makePayable } from './payable-customers.ts'

export type { ExampleRequest, Ids } from './examples/surface-examples.ts'

export const exampleRequests: Record<string, SurfaceExamples> = {
  orchestration,
  crypto,
  payouts,
  banking,
  platform,
}

/** One row per operation of every surface, to walk over. */
export const everyOperation = surfaces.flatMap((surface) =>
  surface.operations.map((operation) => ({
    name: `${surface.name} ${operation.id}`,
    surface,
    operation,
  })),
)

/** Those that need a key: all but what stands before one. */
export const keyedOperations = everyOperation.filter(({ operation }) => operation.scope !== null)

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
  const form = example.form ? toForm(example.form) : null
  const headers = { ...credentials, ...form?.headers, ...example.headers, ...more.headers }
  const sent = form?.body ?? example.body
  const body = sent === undefined ? {} : { body: sent }
  const path = pathOf(surface, operation, example)
  return server.call(operation.method, path, { ...body, ...more, key: null, headers })
}

/** The bytes of a form, with the header that names its boundary. */
export function toForm(parts: FormPart[]): { headers: Record<string, string>; body: Buffer } {
  const boundary = 'example-boundary'
  const chunks = parts.flatMap(({ name, fileName, value }) => {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`
    const type = fileName === undefined ? '' : 'Content-Type: application/octet-stream\r\n'
    const disposition = `Content-Disposition: form-data; name="${name}"${file}\r\n`
    const head = `--${boundary}\r\n${disposition}${type}\r\n`
    return [Buffer.from(head), Buffer.from(value), Buffer.from('\r\n')]
  })
  const body = Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)])
  return { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }, body }
}

/** Records of the key's app. */
export async function prepareIds(server: TestServer, surface: Surface, key: string): Promise<Ids> {
  return examplesOf(surface).prepare(
    async (operationId, example) => {
      const operation = surface.operations.find(({ id }) => id === operationId)
      if (!operation) throw new Error(`${surface.name} has no ${operationId}`)
      const answer = await send(server, { surface, operation, key }, example)
      if (answer.status === operation.returns.status) return answer
      throw new Error(`${operationId} answered ${answer.status}: ${answer.text}`)
    },
    await prepareApp(server, key),
  )
}

/** What examples need of the key's app, and no surface makes. */
export async function prepareApp(server: TestServer, key: string): Promise<PreparedApp> {
  const caller = await findCaller(server.system, key)
  if (!caller) throw new Error('an example needs a key that works')
  const context = server.contextOf(caller.app)
  return {
    connectBridge: async () => {
      await saveConnection(context, {
        provider: 'bridge',
        credentials: { api_key: `sk-${caller.app.mode}-example` },
        baseUrl: await acceptingProviderUrl(),
        mayReplaceLegalAddress: false,
        checkedAt: 0,
      })
    },
    credentials: { id: printId('key', caller.key.id), secret: key },
    makeCustomer: async () => {
      const made = await createCustomer(context, { kind: 'individual', name: 'Alice Smith' })
      return printId('customer', made.id)
    },
    makeBankingCustomer: (kind) => makeBankingCustomer(context, { kind }),
    makeSubmittedApplication: async () => {
      const { application } = await applicationAs(context, 'SUBMITTED')
      return printId('application', application.id)
    },
    makePayout: () => makePayout(context),
    makePayable: (customerId) => makePayable(context, customerId),
    makeRegistration: (customerId) => makeRegistration(context, customerId),
    signMessage: (message) => cow.signMessage({ message }),
    drainJobs: () => server.drainJobs(),
  }
}

async function makePayout(context: Context): Promise<string> {
  const target = { cbu: '0070327530004025541644', name: null, cuit: null, customerId: null }
  const made = await createPayout(context, { amount: '1.00', currency: 'ARS', ...target })
  return printId('payout', made.id)
}

async function makeRegistration(context: Context, customerId: string): Promise<string> {
  const id = parseId('customer', customerId) ?? ''
  await submitRegistration(context, id, { provider: 'mercado_pago', role: 'customer' })
  const [made] = await listRegistrations(context, id)
  return printId('registration', made?.id ?? '')
}

export interface IdPlace {
  part: 'params' | 'query' | 'body'
  name: string
}

/** Named like an id, or in a path, and no record of one app alone. */
const namesNoRecord = new Set([
  'provider',
  'client_id',
  'chainId',
  'tax_id',
  'externalId',
  'external_id',
  'provider_customer_id',
  'productPlanId',
  'productPlanPriceId',
])

/** Those of a path that stand for a record. */
export function pathParametersOf(operation: Operation): string[] {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  return names.filter((name) => !namesNoRecord.has(name))
}

/** Wherever an operation takes an id: its path, and what its schemas call an id or a cursor. */
export function idPlacesOf(operation: Operation): IdPlace[] {
  const inPath = pathParametersOf(operation).map((name): IdPlace => ({ part: 'params', name }))
  const named = (part: 'query' | 'body', schema: TSchema | undefined) =>
    Object.keys(Reflect.get(schema ?? {}, 'properties') ?? {})
      .filter((name) => /(?:Id|_id|startingAfter|starting_after|cursor)$/.test(name))
      .filter((name) => !namesNoRecord.has(name))
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
