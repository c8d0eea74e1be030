// Owns the Avenia adapter: every role is one and the same sub-account.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../core/errors.ts'
import {
  type CredentialField,
  type Provider,
  type ProviderConnection,
  type ProviderCustomer,
  providerErrors,
  type RequiredField,
} from '../../core/provider.ts'
import { accepted, checkedIdOf, personalOf, readForm, readPublicKey } from '../avenia-brla.ts'
import { type ProviderParts, rejected } from '../http-client.ts'
import { readAveniaBalances } from './avenia-balance.ts'
import { aveniaClient, aveniaModeOf } from './avenia-client.ts'
import { sendAveniaFile } from './avenia-document.ts'
import { pushToAvenia } from './avenia-push.ts'
import { readAtAvenia, registerAtAvenia } from './avenia-register.ts'
import { createAveniaKeys, parseAveniaWebhook } from './avenia-webhook.ts'

/** A check takes minutes to days, and webhooks tell of it sooner. */
const firstPollMs = 60_000

export function createAvenia(parts: ProviderParts): Provider {
  const keys = createAveniaKeys(parts)
  const clientOf = (connection: ProviderConnection, personal: readonly string[] = []) =>
    aveniaClient(parts, connection, personal)
  return {
    credentials,
    roles: ['subaccount', 'customer', 'connected_account'],
    requiredFields: (_role, kind) => requiredFields[kind],
    modeOf: aveniaModeOf,
    firstPollMs,
    check: (connection) => check(parts, connection),
    registersAgain: true,
    register: async (connection, request) => {
      const { customer, providerData } = request
      return registerAtAvenia(clientOf(connection, personalOf(customer, providerData)), request)
    },
    push: async (connection, record, { customer, fields }) => {
      const client = clientOf(connection, personalOf(customer, {}))
      return pushToAvenia(client, connection, checkedIdOf(record), { customer, fields })
    },
    read: async (connection, record) => readAtAvenia(clientOf(connection), checkedIdOf(record)),
    balance: async (connection, record) =>
      readAveniaBalances(clientOf(connection), checkedIdOf(record)),
    sendFile: async (connection, record, file) =>
      sendAveniaFile(clientOf(connection), checkedIdOf(record), file),
    parseWebhook: (connection, delivery) => parseAveniaWebhook(keys, connection, delivery),
  }
}

const credentials: CredentialField[] = [
  { name: 'api_key', description: 'The API key of the main account.', isRequired: true },
  {
    name: 'private_key',
    description: 'The private key that belongs to the API key, in PEM form: RSA, EC or Ed25519.',
    isRequired: true,
  },
  {
    name: 'webhook_public_key',
    description:
      'The public key behind the webhooks, in PEM form. Without it Avenia is asked for it.',
    isRequired: false,
  },
]

const address: RequiredField[] = [
  { field: 'document.number', description: 'Tax id.' },
  { field: 'country', description: 'Country of residence.' },
  { field: 'address.city', description: 'City.' },
  { field: 'address.state', description: 'State.' },
  { field: 'address.postalCode', description: 'Postal code.' },
]

/**
 * A sub-account takes nothing but a name, and stays for ever: it is made once the record has what
 * the identity check needs. Documents can only follow, for they belong to the sub-account.
 */
const requiredFields: Record<ProviderCustomer['kind'], readonly RequiredField[]> = {
  individual: [
    { field: 'name', description: 'Full name.' },
    { field: 'dateOfBirth', description: 'Date of birth.' },
    { field: 'email', description: 'E-mail address.' },
    { field: 'phone', description: 'Phone number.' },
    ...address,
  ],
  business: [{ field: 'name', description: 'Legal name.' }, ...address],
}

const accountForm = Compile(Type.Object({ accountInfo: Type.Object({}) }))

async function check(parts: ProviderParts, connection: ProviderConnection): Promise<void> {
  const pem = connection.credentials['webhook_public_key']
  if (pem && readPublicKey(pem)?.asymmetricKeyType !== 'rsa') {
    const detail = 'webhook_public_key is not an RSA public key in PEM form.'
    throw new AppError(providerErrors.provider_credentials_refused, { detail })
  }
  const client = aveniaClient(parts, connection)
  const answer = await client.send('GET', '/v2/account/account-info')
  if (answer.status === 404) throw rejected('it has no such path: check the base URL')
  readForm(accountForm, accepted(answer, client.personal), 'an account')
}
