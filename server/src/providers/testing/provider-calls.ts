// Owns the calls that the shared suite makes, and how it judges what comes back.
import { expect } from 'vitest'
import { AppError } from '../../core/errors.ts'
import {
  type IdentityFile,
  type ProviderCustomer,
  type ProviderRole,
  providerErrors,
  type Registering,
  type RemoteRecord,
  syncFields,
} from '../../core/provider.ts'
import { type PortForm, portForms } from './port-forms.ts'
import type { ProviderBench } from './provider-bench.ts'

export interface PortCall {
  name: 'register' | 'push' | 'read' | 'balance' | 'check' | 'sendFile'
  form: PortForm
  make(bench: ProviderBench, record: RemoteRecord, request: Registering): Promise<unknown>
}

export const portCalls: readonly PortCall[] = [
  {
    name: 'register',
    form: 'state',
    make: ({ provider, connection }, _record, request) => provider.register(connection, request),
  },
  {
    name: 'push',
    form: 'outcomes',
    make: ({ provider, connection }, record, { customer, idempotencyKey }) =>
      provider.push(connection, record, {
        customer: { ...customer, givenName: 'Outra', name: 'Outra Pessoa' },
        fields: syncFields,
        idempotencyKey: `push-${idempotencyKey}`,
      }),
  },
  {
    name: 'read',
    form: 'state',
    make: ({ provider, connection }, record) => provider.read(connection, record),
  },
  {
    name: 'balance',
    form: 'balances',
    make: ({ provider, connection }, record) => provider.balance(connection, record),
  },
  {
    name: 'check',
    form: 'nothing',
    make: ({ provider, connection }) => provider.check(connection),
  },
  {
    name: 'sendFile',
    form: 'file',
    make: ({ provider, connection }, record, { idempotencyKey }) =>
      provider.sendFile(connection, record, fileOf(idempotencyKey)),
  },
]

export function registeringOf(
  bench: ProviderBench,
  role: ProviderRole,
  kind: ProviderCustomer['kind'],
): Registering {
  return {
    role,
    customer: bench.customerOf(kind),
    providerData: bench.providerData(role, kind),
    idempotencyKey: '0199aa00-0000-7000-8000-000000000001',
    isRepeat: false,
  }
}

export function fileOf(idempotencyKey: string): IdentityFile {
  return {
    id: 'file_1',
    name: 'passport.png',
    fileType: 'CPF_DOCUMENT',
    contentType: 'image/png',
    bytes: Buffer.from('89504e470d0a1a0a', 'hex'),
    idempotencyKey,
  }
}

/** What came of a call; anything thrown that is none of the port's errors fails the test. */
export type Outcome =
  | { error: null; value: unknown; message: '' }
  | { error: string; value: undefined; message: string }

const portCodes = Object.keys(providerErrors)

export async function outcomeOf(make: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { error: null, value: await make(), message: '' }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(portCodes).toContain(error.definition.code)
    const issues = error.issues.map(({ message }) => message)
    const message = [error.message, error.param ?? '', ...issues].join(' ')
    return { error: error.definition.code, value: undefined, message }
  }
}

/** The value, when the port allows it. */
export function requireGood<Form extends PortForm>(form: Form, value: unknown): FormsOf[Form] {
  const faults = portForms[form].Errors(value).map((one) => `${one.instancePath} ${one.message}`)
  expect(portForms[form].Check(value), `${faults.join('; ')} in ${print(value)}`).toBe(true)
  return value as FormsOf[Form]
}

type Ports = ProviderBench['provider']
interface FormsOf {
  state: Awaited<ReturnType<Ports['register']>>
  outcomes: Awaited<ReturnType<Ports['push']>>
  balances: Awaited<ReturnType<Ports['balance']>>
  file: Awaited<ReturnType<Ports['sendFile']>>
  notices: Awaited<ReturnType<Ports['parseWebhook']>>
  nothing: undefined
}

const printedMax = 600
export const print = (value: unknown) => (JSON.stringify(value) ?? 'undefined').slice(0, printedMax)

/** Shorter texts, as a state's two letters, appear in sentences by themselves. */
const personalLengthMin = 4

/** The customer's values, as they may come back in what a provider says. */
export function personalTextsOf(customer: ProviderCustomer): string[] {
  const { name, givenName, familyName, companyName, email, phone, dateOfBirth } = customer
  const { document, address, phoneParts } = customer
  const texts = [name, givenName, familyName, companyName, email, phone, dateOfBirth]
  const others = [document?.number, phoneParts?.number, ...Object.values(address ?? {})]
  return [...texts, ...others].filter(
    (text) => typeof text === 'string' && text.length >= personalLengthMin,
  )
}
