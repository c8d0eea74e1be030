// Owns the Mercado Pago adapter: customers who pay, and sellers who have linked their account.
import { AppError } from '../../core/errors.ts'
import {
  type CredentialField,
  type FieldOutcome,
  type Provider,
  type ProviderConnection,
  type ProviderCustomer,
  providerErrors,
  type RemoteRecord,
  type SyncField,
} from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import { type ProviderParts, rejected } from '../http-client.ts'
import {
  type MercadoPagoClient,
  mercadoPagoClient,
  mercadoPagoIdPattern,
  readMercadoPago,
  userForm,
} from './mercado-pago-client.ts'
import {
  customerForm,
  type MercadoPagoCustomer,
  registerMercadoPagoCustomer,
  toMercadoPagoAddress,
  toMercadoPagoState,
} from './mercado-pago-customer.ts'
import { readSeller, readSellerBalance, registerSeller } from './mercado-pago-seller.ts'
import { parseMercadoPagoWebhook } from './mercado-pago-webhook.ts'

/** A customer is there at once; a seller's link is made by a person. */
const firstPollMs = 60_000

export function createMercadoPago({ egress }: ProviderParts): Provider {
  const clientOf = (connection: ProviderConnection, personal: readonly string[] = []) =>
    mercadoPagoClient(egress, connection, personal)
  return {
    credentials,
    roles: ['customer', 'connected_account'],
    requiredFields: (role) => (role === 'customer' ? [email] : [redirectUri]),
    modeOf: ({ credentials: given }) =>
      given['access_token']?.startsWith('TEST-') === true ? 'test' : null,
    firstPollMs,
    async check(connection) {
      const client = clientOf(connection)
      readMercadoPago(userForm, client.accepted(await client.get('/users/me')), 'a user')
    },
    async register(connection, request) {
      const personal = personalOf(request.customer)
      if (request.role !== 'customer') return registerSeller(egress, connection, request, personal)
      const client = clientOf(connection, personal)
      const made = await registerMercadoPagoCustomer(client, request)
      return toMercadoPagoState(made, request.customer.recordId)
    },
    async push(connection, record, { customer, fields, idempotencyKey }) {
      if (record.role !== 'customer') return fields.map((field) => unsupported(field, ownUser))
      const client = clientOf(connection, personalOf(customer))
      return pushToCustomer(client, record, { customer, fields, idempotencyKey })
    },
    async read(connection, record) {
      if (record.role === 'customer') {
        return toMercadoPagoState(await readCustomer(clientOf(connection), record))
      }
      return readSeller(record)
    },
    async balance(connection, record) {
      if (record.role !== 'customer') return readSellerBalance(egress, connection, record)
      throw new AppError(providerErrors.provider_balance_unsupported)
    },
    async sendFile() {
      return { outcome: 'unsupported', reason: 'Mercado Pago takes no files of customers' }
    },
    async parseWebhook(connection, delivery) {
      return parseMercadoPagoWebhook(connection, delivery)
    },
  }
}

const credentials: CredentialField[] = [
  {
    name: 'access_token',
    description: 'The access token of the application: TEST-… or APP_USR-….',
    isRequired: true,
  },
  {
    name: 'client_id',
    description: 'The id of the application, for the page where sellers link their account.',
    isRequired: false,
  },
  {
    name: 'webhook_secret',
    description: 'The secret of the webhook signature. Without it webhooks are refused.',
    isRequired: false,
  },
]

const email = { field: 'email', description: 'E-mail address; one is one customer there.' }
const redirectUri = {
  field: 'providerData.redirect_uri',
  description: 'Where Mercado Pago sends the seller after linking the account.',
}
const ownUser = 'a seller is a user of their own there, and only they change their data'

/** Names go to one call; the e-mail only while the record there has none. */
async function pushToCustomer(
  client: MercadoPagoClient,
  record: RemoteRecord,
  push: { customer: ProviderCustomer; fields: readonly SyncField[]; idempotencyKey: string },
): Promise<FieldOutcome[]> {
  const known = await readCustomer(client, record)
  const body: Record<string, Json> = {}
  const outcomes = push.fields.map((field) => outcomeOf(field, push.customer, { known, body }))
  if (Object.keys(body).length > 0) {
    const answer = await client.put(pathOf(record), body, push.idempotencyKey)
    readMercadoPago(customerForm, client.accepted(answer), 'a customer')
  }
  return outcomes
}

function outcomeOf(
  field: SyncField,
  customer: ProviderCustomer,
  { known, body }: { known: MercadoPagoCustomer; body: Record<string, Json> },
): FieldOutcome {
  const set = (name: string, value: Json, now: Json | undefined): FieldOutcome => {
    if (value === null)
      return unsupported(field, 'the record has no value, and none can be cleared')
    if (value === now) return { field, outcome: 'unchanged', reason: null }
    body[name] = value
    return { field, outcome: 'updated', reason: null }
  }
  switch (field) {
    case 'givenName':
      return set('first_name', customer.givenName ?? customer.name, known.first_name)
    case 'familyName':
      return set('last_name', customer.familyName, known.last_name)
    case 'shipping':
      return set('address', toMercadoPagoAddress(customer), undefined)
    case 'email': {
      // It keeps an address in small letters: another case is no other address.
      const isSame = known.email?.toLowerCase() === customer.email?.toLowerCase()
      if (!known.email || isSame)
        return set('email', customer.email, isSame ? customer.email : null)
      return unsupported(field, 'an e-mail is immutable there once it is set')
    }
  }
}

function unsupported(field: SyncField, reason: string): FieldOutcome {
  return { field, outcome: 'unsupported', reason }
}

async function readCustomer(
  client: MercadoPagoClient,
  record: RemoteRecord,
): Promise<MercadoPagoCustomer> {
  const answer = client.accepted(await client.get(pathOf(record)))
  return readMercadoPago(customerForm, answer, 'a customer')
}

function pathOf({ remoteId }: RemoteRecord): string {
  if (!new RegExp(mercadoPagoIdPattern).test(remoteId)) {
    throw rejected('it does not know this customer')
  }
  return `/v1/customers/${remoteId}`
}

function personalOf(customer: ProviderCustomer): string[] {
  const { name, givenName, familyName, companyName, email: address, phone, document } = customer
  const texts = [name, givenName, familyName, companyName, address, phone, document?.number]
  const places = Object.values(customer.address ?? {})
  return [...texts, ...places].filter((text) => typeof text === 'string')
}
