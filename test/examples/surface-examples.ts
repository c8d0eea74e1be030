// Owns what the example requests of a surface are, and the records that they are about.
import type { Answer } from '../harness.ts'

/** Wire ids of one app's records, by noun. */
export type Ids = Record<string, string>

export type Values = Record<string, unknown>

/** It names every id that the operation can be given, so that each can be exchanged for another. */
export interface ExampleRequest {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: Values
  /** Beside those of the key. */
  headers?: Record<string, string>
  /** In place of a body: the parts of a form. */
  form?: FormPart[]
}

export interface FormPart {
  name: string
  /** A file has a name. */
  fileName?: string
  value: string | Uint8Array
}

export interface SurfaceExamples {
  /** The header that presents a key. */
  credentials(key: string): Record<string, string>
  /** Makes records of the key's app, through the surface itself. */
  prepare(call: Call, app: PreparedApp): Promise<Ids>
  /** Ids that nothing has. */
  missing: Ids
  requests: Record<string, (ids: Ids) => ExampleRequest>
}

export type Call = (operationId: string, example: ExampleRequest) => Promise<Answer>

export interface BankingIds {
  customerId: string
  individualId: string
  accountId: string
}

export interface PayableIds {
  bankAccountId: string
  walletId: string
  paymentIntentId: string
  subscriptionId: string
}

export interface PreparedApp {
  /** The key itself, as what asks for a token names it. */
  credentials: { id: string; secret: string }
  /** Gives the app a connection to Bridge, which accepts everything. */
  connectBridge(): Promise<void>
  /** A customer of the app, made on another surface. */
  makeCustomer(): Promise<string>
  /** One that an application was approved for; a corporation with a person behind it. */
  makeBankingCustomer(kind: 'individual' | 'business'): Promise<BankingIds>
  /** An application of a person that is to be decided. */
  makeSubmittedApplication(): Promise<string>
  /** A payout without a customer, which waits. */
  makePayout(): Promise<string>
  /** What the customer is paid to and pays with. */
  makePayable(customerId: string): Promise<PayableIds>
  /** Of the customer, at a provider that the app has a connection to. */
  makeRegistration(customerId: string): Promise<string>
  /** By the owner of the wallet that examples link. */
  signMessage(message: string): Promise<string>
  /** Lets what the calls have scheduled be done. */
  drainJobs(): Promise<void>
}
