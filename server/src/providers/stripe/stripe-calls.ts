// Owns what Stripe is asked: customers who pay, and connected accounts that hold money.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../core/errors.ts'
import {
  type FileOutcome,
  type IdentityFile,
  type Provider,
  type ProviderConnection,
  providerErrors,
  type RemoteBalance,
  type RemoteRecord,
} from '../../core/provider.ts'
import type { Egress } from '../../lib/egress.ts'
import { rejected, unusable } from '../http-client.ts'
import { readAccount, readCustomer, toAccountState, toCustomerState } from './from-stripe.ts'
import { askStripe, stripeClient, stripeIdForm } from './stripe-client.ts'
import { pushToAccount, pushToCustomer } from './stripe-push.ts'
import { registerAtStripe } from './stripe-register.ts'
import { parseStripeWebhook } from './stripe-webhook.ts'
import { personalOf } from './to-stripe.ts'

type Calls = Pick<
  Provider,
  'check' | 'register' | 'push' | 'read' | 'balance' | 'sendFile' | 'parseWebhook'
>

/** What needs the library: it is loaded with this file. */
export function createStripeCalls(egress: Egress): Calls {
  return {
    async check(connection) {
      const stripe = stripeClient(egress, connection)
      readBalance(await askStripe(connection, [], () => stripe.balance.retrieve()))
    },
    register: (connection, request) =>
      askStripe(connection, personalOf(request.customer), () =>
        registerAtStripe(stripeClient(egress, connection), request),
      ),
    push: (connection, record, { customer, fields }) =>
      askStripe(connection, personalOf(customer), async () => {
        const stripe = stripeClient(egress, connection)
        const push = { remoteId: idOf(record), customer, fields }
        return record.role === 'customer'
          ? pushToCustomer(stripe, push)
          : pushToAccount(stripe, connection, push)
      }),
    read: (connection, record) =>
      askStripe(connection, [], async () => {
        const stripe = stripeClient(egress, connection)
        return record.role === 'customer'
          ? toCustomerState(readCustomer(await stripe.customers.retrieve(idOf(record))))
          : toAccountState(readAccount(await stripe.accounts.retrieve(idOf(record))))
      }),
    balance: (connection, record) =>
      askStripe(connection, [], () => balanceOf(egress, connection, record)),
    sendFile: (connection, record, file) =>
      askStripe(connection, [], () => sendFile(egress, connection, { record, file })),
    parseWebhook: async (connection, delivery) => parseStripeWebhook(connection, delivery),
  }
}

const Amounts = Type.Array(
  Type.Object({
    amount: Type.Integer({
      minimum: Number.MIN_SAFE_INTEGER,
      maximum: Number.MAX_SAFE_INTEGER,
    }),
    currency: Type.String({ pattern: '^[a-z]{3}$' }),
  }),
  { maxItems: 200 },
)
const balanceForm = Compile(
  Type.Object({
    object: Type.Literal('balance'),
    available: Amounts,
    pending: Amounts,
    connect_reserved: Type.Optional(Amounts),
    instant_available: Type.Optional(Amounts),
  }),
)

function readBalance(value: unknown) {
  if (!balanceForm.Check(value)) throw unusable('it is not a balance')
  return value
}

/** A customer's own balance there is an invoice credit, and no money held. */
async function balanceOf(
  egress: Egress,
  connection: ProviderConnection,
  record: RemoteRecord,
): Promise<RemoteBalance[]> {
  if (record.role === 'customer') throw new AppError(providerErrors.provider_balance_unsupported)
  const accountId = idOf(record)
  const stripe = stripeClient(egress, connection)
  const balance = readBalance(await stripe.balance.retrieve({}, { stripeAccount: accountId }))
  const {
    available,
    pending,
    connect_reserved: reserved = [],
    instant_available: instant = [],
  } = balance
  const sum = (amounts: typeof available, currency: string) => {
    const total = amounts.reduce(
      (sum, one) => sum + (one.currency === currency ? one.amount : 0),
      0,
    )
    if (!Number.isSafeInteger(total)) throw unusable('its amounts are beyond what is exact')
    return total
  }
  const every = [...available, ...pending, ...reserved, ...instant]
  const currencies = new Set(every.map(({ currency }) => currency))
  const totals = [...currencies].sort().map((currency) => ({
    currency: currency.toUpperCase(),
    available: sum(available, currency),
    pending: sum(pending, currency),
    reserved: sum(reserved, currency),
    instantPayouts: sum(instant, currency),
  }))
  return [{ accountId, totals }]
}

const fileForm = Compile(Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_]{1,64}$' }) }))

/** First the file, on the host that takes files; then its id, on the person it is about. */
async function sendFile(
  egress: Egress,
  connection: ProviderConnection,
  { record, file }: { record: RemoteRecord; file: IdentityFile },
): Promise<FileOutcome> {
  if (record.role === 'customer') {
    return { outcome: 'unsupported', reason: 'Stripe takes files of connected accounts only' }
  }
  const place = Object.hasOwn(filePlaces, file.fileType) ? filePlaces[file.fileType] : undefined
  if (!place) {
    const reason = 'Stripe takes documents that prove who a person is or where they live'
    return { outcome: 'unsupported', reason }
  }
  const stripe = stripeClient(egress, connection)
  const { idempotencyKey, bytes, contentType: type } = file
  const account = readAccount(await stripe.accounts.retrieve(idOf(record)))
  if (account.business_type === 'company') {
    const reason = "a company's files belong to its people, who are added on Stripe's own pages"
    return { outcome: 'unsupported', reason }
  }
  // Never the file's own name: a person may be called in it.
  const sent = { data: Buffer.from(bytes), name: `document.${extensions[type]}`, type }
  const options = { idempotencyKey, stripeAccount: account.id }
  const created = await stripe.files.create({ purpose: place.purpose, file: sent }, options)
  if (!fileForm.Check(created)) throw unusable('it is not a file')
  const verification = { [place.proof]: { [place.side]: created.id } }
  readAccount(await stripe.accounts.update(account.id, { individual: { verification } }))
  return { outcome: 'sent', remoteFileId: created.id }
}

interface FilePlace {
  purpose: 'identity_document' | 'additional_verification'
  proof: 'document' | 'additional_document'
  side: 'front' | 'back'
}
const identity = { purpose: 'identity_document', proof: 'document', side: 'front' } as const
const filePlaces: Readonly<Record<string, FilePlace>> = {
  SSN_FRONT: identity,
  SSN_BACK: { ...identity, side: 'back' },
  CPF_DOCUMENT: identity,
  PASSPORT: identity,
  ADDRESS_PROOF: { ...identity, purpose: 'additional_verification', proof: 'additional_document' },
}

const extensions = { 'application/pdf': 'pdf', 'image/png': 'png', 'image/jpeg': 'jpg' } as const

function idOf({ remoteId }: RemoteRecord): string {
  if (stripeIdForm.test(remoteId)) return remoteId
  throw rejected('it does not know this customer')
}
