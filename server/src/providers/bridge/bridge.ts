// Owns the Bridge adapter: the port's calls over one customer object that serves both roles.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../core/errors.ts'
import {
  type CredentialField,
  type IdentityFile,
  type Provider,
  type ProviderConnection,
  type ProviderCustomer,
  providerErrors,
  type RemoteRecord,
  type RemoteState,
  type RequiredField,
} from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import { type ProviderParts, rejected } from '../http-client.ts'
import { readBridgeBalances } from './bridge-balance.ts'
import {
  type BridgeClient,
  bridgeClient,
  bridgeIdPattern,
  readBridge,
  textsOf,
} from './bridge-client.ts'
import { pushToBridge } from './bridge-push.ts'
import { registerAtBridge } from './bridge-register.ts'
import { parseBridgeWebhook, readPublicKey } from './bridge-webhook.ts'
import {
  type BridgeCustomer,
  bridgeCustomerForm,
  fromBridgeCustomer,
} from './from-bridge-customer.ts'
import { toBridgeCustomer } from './to-bridge-customer.ts'

/** Reviews take minutes to days, and webhooks tell of them sooner. */
const firstPollMs = 60_000

export function createBridge(parts: ProviderParts): Provider {
  const clientOf = (connection: ProviderConnection, personal: readonly string[] = []) =>
    bridgeClient(parts.egress, connection, personal)
  return {
    credentials,
    roles: ['customer', 'connected_account'],
    requiredFields: (_role, kind) => requiredFields[kind],
    modeOf,
    firstPollMs,
    check: (connection) => check(clientOf(connection), connection),
    register: async (connection, { customer, providerData, ...request }) => {
      const body = toBridgeCustomer(customer, providerData)
      const client = clientOf(connection, personalOf(customer, providerData))
      return withPage(client, await registerAtBridge(client, body, request))
    },
    push: (connection, record, { customer, fields }) => {
      const client = clientOf(connection, personalOf(customer, {}))
      return pushToBridge(client, connection, pathOf(record), { customer, fields })
    },
    read: async (connection, record) => {
      const client = clientOf(connection)
      const answer = client.accepted(await client.get(pathOf(record)))
      return withPage(client, readBridge(bridgeCustomerForm, answer, 'a customer'))
    },
    balance: (connection, record) => readBridgeBalances(clientOf(connection), pathOf(record)),
    sendFile: async (connection, record, file) => {
      const client = clientOf(connection)
      const answer = await client.put(pathOf(record), { documents: [toBridgeDocument(file)] })
      readBridge(bridgeCustomerForm, client.accepted(answer), 'a customer')
      // Bridge gives a document no id.
      return { outcome: 'sent', remoteFileId: null }
    },
    parseWebhook: async (connection, delivery) => parseBridgeWebhook(connection, delivery),
  }
}

const credentials: CredentialField[] = [
  {
    name: 'api_key',
    description: 'The API key of the developer account: sk-live-… or sk-test-….',
    isRequired: true,
  },
  {
    name: 'webhook_public_key',
    description:
      'The public key of the webhook endpoint, in PEM form. Without it webhooks are refused.',
    isRequired: false,
  },
]

const email = { field: 'email', description: 'E-mail address.' }

/** Bridge itself asks for nothing but the kind; without these it can never approve anybody. */
const requiredFields: Record<ProviderCustomer['kind'], readonly RequiredField[]> = {
  individual: [
    email,
    { field: 'givenName', description: 'First name, two characters or more.' },
    { field: 'familyName', description: 'Last name, two characters or more.' },
  ],
  business: [email, { field: 'name', description: 'Legal name, two characters or more.' }],
}

const modesOfHosts = new Map<string, 'live' | 'test'>([
  ['api.bridge.xyz', 'live'],
  ['api.sandbox.bridge.xyz', 'test'],
])

function modeOf({
  credentials: given,
  baseUrl,
}: Pick<ProviderConnection, 'credentials' | 'baseUrl'>): 'test' | 'live' | null {
  const key = given['api_key'] ?? ''
  if (key.startsWith('sk-live-')) return 'live'
  if (key.startsWith('sk-test-')) return 'test'
  if (baseUrl === null || !URL.canParse(baseUrl)) return null
  return modesOfHosts.get(new URL(baseUrl).hostname) ?? null
}

const listForm = Compile(Type.Object({ data: Type.Array(Type.Unknown()) }))

async function check(client: BridgeClient, connection: ProviderConnection): Promise<void> {
  const pem = connection.credentials['webhook_public_key']
  if (pem && readPublicKey(pem) === null) {
    const detail = 'webhook_public_key is not an RSA public key in PEM form.'
    throw new AppError(providerErrors.provider_credentials_refused, { detail })
  }
  const answer = await client.get('/customers?limit=1')
  if (answer.status === 404) throw rejected('it has no such path: check the base URL')
  readBridge(listForm, client.accepted(answer), 'a list of customers')
}

function pathOf({ remoteId }: RemoteRecord): string {
  if (!new RegExp(bridgeIdPattern).test(remoteId)) {
    throw rejected('it does not know this customer')
  }
  return `/customers/${remoteId}`
}

function personalOf(customer: ProviderCustomer, providerData: Record<string, Json>): string[] {
  const { recordId: _ours, kind: _kind, country: _country, ...personal } = customer
  const names = [customer.givenName, customer.familyName].filter((name) => name !== null)
  return [...names, ...textsOf(personal), ...textsOf(providerData)]
}

const linkForm = Compile(
  Type.Object({ url: Type.String({ pattern: '^https://', maxLength: 2048 }) }),
)

/** With the page where the customer acts, when Bridge gives one. */
async function withPage(client: BridgeClient, customer: BridgeCustomer): Promise<RemoteState> {
  const state = fromBridgeCustomer(customer)
  if (state.actionRequired === null) return state
  const page = state.actionRequired === 'accept_terms' ? 'tos_acceptance_link' : 'kyc_link'
  try {
    const answer = client.accepted(await client.get(`/customers/${state.remoteId}/${page}`))
    return { ...state, actionUrl: readBridge(linkForm, answer, 'a link').url }
  } catch (error) {
    // The state is known and must not be lost for want of a link; the next reading asks again.
    if (error instanceof AppError) return state
    throw error
  }
}

/** The names of our file types; another word for one is a document like any other. */
const purposes = new Map([
  ['SSN_FRONT', 'proof_of_tax_identification'],
  ['SSN_BACK', 'proof_of_tax_identification'],
  ['CPF_DOCUMENT', 'proof_of_tax_identification'],
  ['ADDRESS_PROOF', 'proof_of_address'],
])

/** Never the file's own name: a person may be called in it. */
function toBridgeDocument({ fileType, contentType, bytes }: IdentityFile) {
  return {
    purposes: [purposes.get(fileType) ?? 'other'],
    description: fileType.toLowerCase().replaceAll('_', ' '),
    file: `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`,
  }
}
