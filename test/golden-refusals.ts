// Owns the refusals that every surface's golden file shows: one of each kind that it knows.
import type { Operation } from '../server/src/http/operation.ts'
import type { Surface } from '../server/src/http/surface.ts'
import { present } from '../server/src/lib/assert.ts'
import { exampleOf, examplesOf } from './example-requests.ts'
import type { ExampleRequest, Ids } from './examples/surface-examples.ts'
import type { Recorder } from './golden-recording.ts'

const readerScopes: Record<string, string> = { banking: 'customers:read' }

export async function refusalsOf(recorder: Recorder, surface: Surface, ids: Ids): Promise<void> {
  const { create, read } = chosenOf(surface)
  const example = exampleOf(surface, create, ids)
  const missing = exampleOf(surface, read, examplesOf(surface).missing)
  const written = recorder.request(create, example)
  const reading = recorder.request(read, exampleOf(surface, read, ids))
  const ask = recorder.ask
  await ask('no key', { ...reading, headers: {} })
  await ask('a key that nobody has', {
    ...reading,
    headers: examplesOf(surface).credentials(unknownKey),
  })
  const scope = readerScopes[surface.name] ?? `${surface.name}:read`
  const reader = String(await recorder.give('key', scope))
  await ask('a key without the scope', recorder.request(create, example, reader))
  await ask('a record that is not there', recorder.request(read, missing))
  const path = `${surface.basePath}/nothing`
  await ask('a path that is not there', { ...reading, path })
  await ask('another method', {
    ...written,
    method: 'DELETE',
    path: surface.basePath + create.path,
  })
  await ask('an unknown parameter', {
    ...reading,
    path: `${reading.path.replace(/\?.*/, '')}?unheard_of=1`,
  })
  const { json, ...bare } = written
  const jsonHeaders = { ...bare.headers, 'content-type': 'application/json' }
  await ask('broken JSON', { ...bare, headers: jsonHeaders, text: '{"name":' })
  await ask('no body', { ...bare, headers: jsonHeaders })
  await ask('a body that is too large', { ...bare, text: 'x'.repeat(1024), times: 1025 })
  const plain = { ...bare.headers, 'content-type': 'text/plain' }
  await ask('another type of body', { ...bare, headers: plain, text: 'name' })
  await ask('an unknown member', { ...written, json: { ...Object(json), unheard_of: 1 } })
  await ask('a member of another type', { ...written, json: { ...Object(json), email: 5 } })
  const keyed = (key: string) => ({ ...written.headers, 'idempotency-key': key })
  await ask('a first try', { ...written, headers: keyed('golden') })
  await ask('the same again', { ...written, headers: keyed('golden') })
  const other = { ...Object(json), email: 'other@example.com' }
  await ask('another body with its key', { ...written, headers: keyed('golden'), json: other })
  await ask('a key too long', { ...written, headers: keyed('k'.repeat(256)) })
  for (const [name, operationId, more] of conflicts[surface.name] ?? []) {
    const operation = operationOf(surface, operationId)
    const own = { ...exampleOf(surface, operation, ids), ...more(ids) }
    await ask(name, recorder.request(operation, own))
  }
}

/** Well-formed, to its checksum. */
const unknownKey = 'sk_test_0000000000000000000000000000000000000000000000000'

function chosenOf(surface: Surface): { create: Operation; read: Operation } {
  const readId = surface.name === 'banking' ? 'getApplication' : 'getCustomer'
  const createId = surface.name === 'banking' ? 'createApplication' : 'createCustomer'
  return { create: operationOf(surface, createId), read: operationOf(surface, readId) }
}

function operationOf(surface: Surface, id: string): Operation {
  const found = surface.operations.find((operation) => operation.id === id)
  return present(found, `${surface.name} has ${id}`)
}

type Conflict = [name: string, operationId: string, more: (ids: Ids) => Partial<ExampleRequest>]

/** What the state of a record refuses, and rules that no schema knows. */
const conflicts: Record<string, Conflict[]> = {
  payouts: [
    ['a bank account', 'addBankAccount', () => ({})],
    ['the same bank account', 'addBankAccount', () => ({})],
    ['a payout that is cancelled', 'cancelPayout', () => ({})],
    ['a payout that is cancelled already', 'cancelPayout', () => ({})],
    ['a country that is none', 'createCustomer', () => ({ body: { ...person, country: 'ZZ' } })],
  ],
  crypto: [
    ['a wallet', 'addWallet', () => ({})],
    ['the same wallet', 'addWallet', () => ({})],
    ['a payment that was captured', 'cancelPaymentIntent', capturedIntent],
    ['an address that is none', 'addWallet', () => ({ body: noAddress })],
  ],
  orchestration: [
    ['a registration', 'populatePlatform', () => ({})],
    ['the same registration', 'populatePlatform', () => ({})],
    ['a field that cannot be synced', 'syncCustomer', () => ({ body: { fields: ['dob'] } })],
  ],
  banking: [
    ['an application that lacks much', 'submitApplication', openApplication],
    ['an application', 'submitApplication', () => ({})],
    ['an application that is sent', 'submitApplication', () => ({})],
    ['a currency that no account has', 'createAccount', accountInPoints],
  ],
  platform: [
    ['no version', 'updateCustomer', () => ({ headers: {} })],
    ['another version', 'updateCustomer', () => ({ headers: { 'if-match': '"99"' } })],
    ['a reference', 'createCustomer', () => ({ body: referred })],
    ['the same reference', 'createCustomer', () => ({ body: referred })],
    ['a country that is none', 'createCustomer', () => ({ body: { ...referred, country: 'ZZ' } })],
    ['a move', 'moveCustomerStatus', () => ({})],
    ['the same move', 'moveCustomerStatus', () => ({})],
  ],
}

const person = { type: 'individual', name: 'Gerardo Ratto', country: 'AR' }
const noAddress = { chainId: 1, walletAddress: '0x0' }
const referred = { kind: 'individual', external_id: 'golden' }

function capturedIntent({ capturedIntentId: id = '' }: Ids): Partial<ExampleRequest> {
  return { params: { id } }
}

function openApplication({ applicationId: id = '' }: Ids): Partial<ExampleRequest> {
  return { params: { id } }
}

function accountInPoints({ customerId: customer_id = '' }: Ids): Partial<ExampleRequest> {
  return { body: { customer_id, type: 'DEPOSIT', currency: 'XXX' } }
}
