// Owns the Pagar.me adapter: customers, and recipients as the accounts that hold money.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../core/errors.ts'
import {
  type CredentialField,
  type FileOutcome,
  type Provider,
  type ProviderConnection,
  type ProviderCustomer,
  providerErrors,
  type RemoteBalance,
  type RemoteRecord,
  type RemoteState,
} from '../../core/provider.ts'
import type { Clock } from '../../lib/clock.ts'
import { minorDigits } from '../../lib/money.ts'
import { type ProviderParts, rejected, unusable } from '../http-client.ts'
import {
  fromPagarMeCustomer,
  fromPagarMeRecipient,
  type PagarMeRecipient,
  pagarMeCustomerForm,
  pagarMeRecipientForm,
} from './from-pagar-me.ts'
import {
  type PagarMeClient,
  pagarMeClient,
  pagarMeIdPattern,
  readPagarMe,
  textsOf,
} from './pagar-me-client.ts'
import { pagarMeRequiredFields } from './pagar-me-provider-data.ts'
import { pushToPagarMe } from './pagar-me-push.ts'
import { registerPagarMeCustomer, registerPagarMeRecipient } from './pagar-me-register.ts'
import { parsePagarMeWebhook } from './pagar-me-webhook.ts'

/** A recipient is checked in hours; reading it is limited to some per minute. */
const firstPollMs = 60_000

export function createPagarMe(parts: ProviderParts): Provider {
  const clientOf = (connection: ProviderConnection, personal: readonly string[] = []) =>
    pagarMeClient(parts.egress, connection, personal)
  const withPage = (client: PagarMeClient, recipient: PagarMeRecipient) =>
    stateWithPage(client, parts.clock, recipient)
  return {
    credentials,
    roles: ['customer', 'connected_account'],
    requiredFields: pagarMeRequiredFields,
    modeOf,
    firstPollMs,
    check: (connection) => check(clientOf(connection)),
    register: async (connection, request) => {
      const personal = [...personalOf(request.customer), ...textsOf(request.providerData)]
      const client = clientOf(connection, personal)
      if (request.role === 'customer') return registerPagarMeCustomer(client, request)
      return withPage(client, await registerPagarMeRecipient(client, request))
    },
    push: (connection, record, { customer, fields }) => {
      const client = clientOf(connection, personalOf(customer))
      return pushToPagarMe(client, record, pathOf(record), { customer, fields })
    },
    read: async (connection, record) => {
      const client = clientOf(connection)
      const answer = client.accepted(await client.get(pathOf(record)))
      if (record.role === 'customer') {
        return fromPagarMeCustomer(readPagarMe(pagarMeCustomerForm, answer, 'a customer'), null)
      }
      return withPage(client, readPagarMe(pagarMeRecipientForm, answer, 'a recipient'))
    },
    balance: (connection, record) => readBalance(clientOf(connection), record),
    sendFile: async (_connection, record) => fileOutcome(record),
    parseWebhook: async (connection, delivery) => parsePagarMeWebhook(connection, delivery),
  }
}

const credentials: CredentialField[] = [
  {
    name: 'secret_key',
    description: 'The secret key: sk_test_… for test, sk_… for live.',
    isRequired: true,
  },
  {
    name: 'webhook_user',
    description: 'The user of the webhook in the dashboard. Without it webhooks are refused.',
    isRequired: false,
  },
  {
    name: 'webhook_password',
    description: 'The password of the webhook. Without it webhooks are refused.',
    isRequired: false,
  },
]

function modeOf({ credentials: given }: Pick<ProviderConnection, 'credentials' | 'baseUrl'>) {
  const key = given['secret_key'] ?? ''
  if (key.startsWith('sk_test_')) return 'test'
  return key.startsWith('sk_') ? 'live' : null
}

const listForm = Compile(Type.Object({ data: Type.Array(Type.Unknown()) }))

async function check(client: PagarMeClient): Promise<void> {
  const answer = await client.get('/customers?page=1&size=1')
  if (answer.status === 404) throw rejected('it has no such path: check the base URL')
  readPagarMe(listForm, client.accepted(answer), 'a list of customers')
}

function pathOf({ remoteId, role }: RemoteRecord): string {
  if (!new RegExp(pagarMeIdPattern).test(remoteId)) {
    throw rejected('it does not know this customer')
  }
  return role === 'customer' ? `/customers/${remoteId}` : `/recipients/${remoteId}`
}

function personalOf(customer: ProviderCustomer): string[] {
  const { recordId: _ours, kind: _kind, country: _country, ...personal } = customer
  const names = [customer.givenName, customer.familyName].filter((name) => name !== null)
  return [...names, ...textsOf(personal)]
}

const linkForm = Compile(
  Type.Object({ url: Type.String({ pattern: '^https://', maxLength: 2048 }) }),
)

const minuteMs = 60_000

/** With the page of the liveness check, while it waits for the person. */
async function stateWithPage(
  client: PagarMeClient,
  clock: Clock,
  recipient: PagarMeRecipient,
): Promise<RemoteState> {
  const state = fromPagarMeRecipient(recipient)
  if (state.actionRequired === null) return state
  // A link lives for minutes: the same key for longer would answer with a dead one.
  const key = `${state.remoteId}-kyc-${Math.floor(clock.now() / minuteMs)}`
  try {
    const path = `/recipients/${state.remoteId}/kyc_link`
    const answer = client.accepted(await client.post(path, {}, key))
    return { ...state, actionUrl: readPagarMe(linkForm, answer, 'a link').url }
  } catch (error) {
    // The state is known and must not be lost for want of a link; the next reading asks again.
    if (error instanceof AppError) return state
    throw error
  }
}

const Cents = Type.Integer({
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
})
const balanceForm = Compile(
  Type.Object({
    currency: Type.String({ pattern: '^[A-Za-z]{3}$' }),
    available_amount: Cents,
    waiting_funds_amount: Cents,
  }),
)
/** Amounts are in cents, whatever the currency. */
const centDigits = 2

async function readBalance(client: PagarMeClient, record: RemoteRecord): Promise<RemoteBalance[]> {
  if (record.role === 'customer') throw new AppError(providerErrors.provider_balance_unsupported)
  const answer = client.accepted(await client.get(`${pathOf(record)}/balance`))
  const balance = readPagarMe(balanceForm, answer, 'a balance')
  const currency = balance.currency.toUpperCase()
  if (minorDigits(currency) !== centDigits) throw unusable('it is in no currency that has cents')
  const { available_amount: available, waiting_funds_amount: pending } = balance
  const total = { currency, available, pending, reserved: 0, instantPayouts: 0 }
  return [{ accountId: record.remoteId, totals: [total] }]
}

function fileOutcome({ role }: RemoteRecord): FileOutcome {
  const reason =
    role === 'customer'
      ? 'Pagar.me asks for no files of a customer'
      : 'Pagar.me takes no files: the recipient shows them on the page of the registration'
  return { outcome: 'unsupported', reason }
}
