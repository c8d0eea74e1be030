// Owns the BRLA adapter: the first, legacy version of what is Avenia's API today.
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../core/errors.ts'
import {
  type CredentialField,
  type FileOutcome,
  type IdentityFile,
  type Provider,
  type ProviderConnection,
  type ProviderCustomer,
  providerErrors,
  type Registering,
  type RemoteState,
  type RequiredField,
} from '../../core/provider.ts'
import {
  accepted,
  checkedIdOf,
  idPattern,
  personalOf,
  readForm,
  readPublicKey,
  unsupported,
  uploadFile,
} from '../avenia-brla.ts'
import { type ProviderParts, rejected } from '../http-client.ts'
import { type BrlaClient, type BrlaLogins, brlaClient, brlaModeOf, logIn } from './brla-client.ts'
import { isBrlaKey, parseBrlaWebhook } from './brla-webhook.ts'
import { toBrlaSubAccount } from './to-brla-sub-account.ts'

/** The check of level 1 takes minutes, and webhooks tell of it sooner. */
const firstPollMs = 60_000

export function createBrla({ egress }: ProviderParts): Provider {
  const logins: BrlaLogins = new Map()
  const clientOf = (connection: ProviderConnection, personal: readonly string[] = []) =>
    brlaClient(egress, logins, connection, personal)
  return {
    credentials,
    roles: ['subaccount', 'customer', 'connected_account'],
    requiredFields: (_role, kind) => requiredFields[kind],
    modeOf: brlaModeOf,
    firstPollMs,
    check: async (connection) => {
      checkWebhookKey(connection)
      // A token at hand would say nothing of the credentials.
      await logIn(egress, connection)
    },
    registersAgain: true,
    register: async (connection, request) => {
      const { customer, providerData } = request
      return register(clientOf(connection, personalOf(customer, providerData)), request)
    },
    push: async (_connection, _record, { fields }) =>
      fields.map((field) => unsupported(field, 'BRLA has no call that changes a sub-account')),
    read: async (connection, record) => read(clientOf(connection), checkedIdOf(record)),
    balance: async () => {
      const detail = 'BRLA documents no form for the balance of a sub-account, so none is shown.'
      throw new AppError(providerErrors.provider_balance_unsupported, { detail })
    },
    sendFile: async (connection, record, file) =>
      sendFile(clientOf(connection), checkedIdOf(record), file),
    parseWebhook: async (connection, delivery) => parseBrlaWebhook(connection, delivery),
  }
}

const credentials: CredentialField[] = [
  {
    name: 'email',
    description: 'The e-mail address that the business signs in with.',
    isRequired: true,
  },
  { name: 'password', description: 'The password of the business.', isRequired: true },
  {
    name: 'webhook_public_key',
    description:
      'The public key behind the webhooks, in PEM form: RSA or EC. Without it they are refused.',
    isRequired: false,
  },
]

const both: RequiredField[] = [
  { field: 'phone', description: 'Phone number.' },
  { field: 'country', description: 'Country: BR.' },
  { field: 'address.streetName', description: 'Street.' },
  { field: 'address.neighborhood', description: 'District.' },
  { field: 'address.city', description: 'City.' },
  { field: 'address.state', description: 'State.' },
  { field: 'address.postalCode', description: 'Postal code (CEP).' },
]

const requiredFields: Record<ProviderCustomer['kind'], readonly RequiredField[]> = {
  individual: [
    { field: 'name', description: 'Full name.' },
    { field: 'document.number', description: 'CPF.' },
    { field: 'dateOfBirth', description: 'Date of birth.' },
    ...both,
  ],
  business: [
    { field: 'name', description: 'Legal name.' },
    { field: 'document.number', description: 'CNPJ.' },
    { field: 'providerData.startDate', description: 'When the company began, YYYY-MM-DD.' },
    { field: 'providerData.fullName', description: 'Full name of who represents the company.' },
    { field: 'providerData.cpf', description: 'CPF of who represents the company, 11 digits.' },
    { field: 'providerData.birthdate', description: 'Birth date of who represents the company.' },
    ...both,
  ],
}

function checkWebhookKey({ credentials: { webhook_public_key: pem } }: ProviderConnection): void {
  const key = readPublicKey(pem)
  if (!pem || (key !== null && isBrlaKey(key))) return
  const detail = 'webhook_public_key is not an RSA or EC public key in PEM form.'
  throw new AppError(providerErrors.provider_credentials_refused, { detail })
}

const SubAccount = Type.Object({
  id: Type.String({ pattern: idPattern }),
  kyc: Type.Object({ level: Type.Integer({ minimum: 0, maximum: 9 }) }),
})
const listForm = Compile(Type.Object({ subaccounts: Type.Array(SubAccount) }))
const createdForm = Compile(Type.Object({ id: Type.String({ pattern: idPattern }) }))

/**
 * BRLA knows no idempotency key: the tax id is always looked up first, so that a repeat, or a
 * second role of the record, finds the sub-account that is there.
 */
async function register(
  client: BrlaClient,
  { customer, providerData }: Pick<Registering, 'customer' | 'providerData'>,
): Promise<RemoteState> {
  const { taxId, body } = toBrlaSubAccount(customer, providerData)
  const path = `/business/subaccounts?taxId=${encodeURIComponent(taxId)}`
  const answer = await client.send('GET', path)
  if (answer.status !== 404) {
    const known = accepted(answer, client.personal)
    const list = readForm(listForm, known, 'a list of sub-accounts')
    const [found, another] = list.subaccounts
    if (another) throw rejected('it shows several sub-accounts for one tax id')
    if (found) return toState(found)
  }
  const created = await client.ask('POST', '/business/subaccounts', body)
  return toState({ ...readForm(createdForm, created, 'a sub-account'), kyc: { level: 0 } })
}

/** Only a tax id narrows the list down, and that must not be kept beside the remote id. */
async function read(client: BrlaClient, id: string): Promise<RemoteState> {
  const answer = await client.ask('GET', '/business/subaccounts')
  const list = readForm(listForm, answer, 'a list of sub-accounts')
  const found = list.subaccounts.find((one) => one.id === id)
  if (!found) throw rejected('it does not know this customer')
  return toState(found)
}

/** The identity data goes along with the creation: level 1 says that it has been accepted. */
function toState({ id, kyc }: Static<typeof SubAccount>): RemoteState {
  const status = kyc.level >= 1 ? 'approved' : 'processing'
  return {
    ...{ remoteId: id, status, actionRequired: null, actionUrl: null },
    ...{ rejectionReason: null, failureReasons: [], facts: { kycLevel: kyc.level } },
  }
}

const Url = Type.Optional(Type.String({ maxLength: 4096 }))
const placesForm = Compile(
  Type.Object({
    id: Type.String({ pattern: idPattern }),
    ...{ selfieUploadUrl: Url, RGFrontUploadUrl: Url, RGBackUploadUrl: Url, CNHUploadUrl: Url },
  }),
)

interface Place {
  documentType: 'RG' | 'CNH'
  member: 'selfieUploadUrl' | 'RGFrontUploadUrl' | 'RGBackUploadUrl' | 'CNHUploadUrl'
}

const places = new Map<string, Place>([
  ['CPF_DOCUMENT', { documentType: 'RG', member: 'RGFrontUploadUrl' }],
  ['RG_FRONT', { documentType: 'RG', member: 'RGFrontUploadUrl' }],
  ['RG_BACK', { documentType: 'RG', member: 'RGBackUploadUrl' }],
  ['CNH', { documentType: 'CNH', member: 'CNHUploadUrl' }],
  ['DRIVERS_LICENSE', { documentType: 'CNH', member: 'CNHUploadUrl' }],
  ['SELFIE', { documentType: 'RG', member: 'selfieUploadUrl' }],
])

async function sendFile(client: BrlaClient, id: string, file: IdentityFile): Promise<FileOutcome> {
  const place = places.get(file.fileType.toUpperCase().replaceAll('-', '_'))
  if (place === undefined) {
    return { outcome: 'unsupported', reason: 'BRLA takes a CNH, an RG and a selfie alone' }
  }
  const { documentType, member } = place
  const path = `/business/kyc/level2?subaccountId=${id}`
  const answer = await client.ask('POST', path, { documentType })
  const shown = readForm(placesForm, answer, 'a list of upload URLs')
  const url = shown[member]
  if (!url) throw rejected('it names no place for this file')
  await uploadFile(client.egress, url, file)
  return { outcome: 'sent', remoteFileId: shown.id }
}
