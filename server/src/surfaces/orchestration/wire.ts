// Owns what all wire schemas of the orchestration surface share: the envelope, its words, its ids.
// Source: the product's public page "Customers" and contracts/orchestration.md.
import Type, { type Static, type TSchema } from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import { AppError } from '../../core/errors.ts'
import { providerNames, providerRoles, type SyncField } from '../../core/provider.ts'
import { registrationStatuses } from '../../core/registrations/registration.ts'
import { parseId } from '../../lib/id.ts'
import { printTime } from '../../lib/time.ts'

export const closed = { additionalProperties: false }
/** The title is its name in OpenAPI, in the reference and in the SDK. */
export const named = (title: string) => ({ title, ...closed })

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const Text = (description: string, example: string) =>
  Type.String({ description, examples: [example] })
export const LaterText = (description: string) => Nullable(Type.String({ description }))
export const Time = (description: string) => Text(description, '2026-02-25T12:00:00.000Z')

/** Every answer of this surface: what happened, and the data. */
export const Enveloped = <T extends TSchema>(data: T) =>
  Type.Object({ msg: Type.String({ description: 'What happened' }), data }, closed)

export const WireProvider = Type.Enum([...providerNames], {
  description: 'A payment provider',
  examples: ['stripe'],
})
export const WireRole = Type.Enum([...providerRoles], {
  description: 'What the customer is there',
  examples: ['customer'],
})
export const WireRegistrationStatus = Type.Enum([...registrationStatuses], {
  description: 'How far the registration is',
})

/** The names of `sync`, and what they are in the core. */
export const syncFieldNames = {
  shipping: 'shipping',
  email: 'email',
  first_name: 'givenName',
  last_name: 'familyName',
} as const satisfies Record<string, SyncField>
export type WireSyncField = keyof typeof syncFieldNames
export const wireSyncFields = Object.keys(syncFieldNames) as WireSyncField[]

const exampleId = 'cus_01h455vb4pex5vsknk084sn02q'
export const CustomerParams = Type.Object({ id: Text('The customer', exampleId) }, closed)
export const RegistrationParams = Type.Object(
  { customer_id: Text('The customer', exampleId) },
  closed,
)

export function fromWireCustomerId(text: string): string {
  const id = parseId('customer', text)
  if (id === null) throw new AppError(customerErrors.customer_not_found)
  return id
}

export function toWireTime(time: number): string {
  return printTime(time)
}

export type Envelope<T extends TSchema> = { msg: string; data: Static<T> }

/** The core's names of fields in this surface's words, for refusals and readiness. */
export const fieldNames: Readonly<Record<string, string>> = {
  givenName: 'first_name',
  familyName: 'last_name',
  companyName: 'company_name',
  name: 'first_name',
  'document.type': 'document_type',
  'document.number': 'document_number',
  'document.country': 'country_code',
  document: 'document_number',
  dateOfBirth: 'dob',
  'phoneParts.countryCode': 'phone_country_code',
  'phoneParts.areaCode': 'phone_area_code',
  'phoneParts.number': 'phone_number',
  phone: 'phone_number',
  country: 'country_code',
  'address.houseNumber': 'house_number',
  'address.streetNumber': 'street_number',
  'address.streetName': 'street_name',
  'address.line1': 'street_name',
  'address.postalCode': 'postal_code',
  'address.city': 'city',
  'address.state': 'state',
  'address.subdivision': 'subdivision',
  'address.neighborhood': 'neighborhood',
  address: 'street_name',
  'background.motherName': 'mother_name',
  'background.monthlyNetIncome': 'monthly_net_income',
  'background.gender': 'gender',
  'background.socialName': 'social_name',
  'background.taxId': 'tax_id',
  'background.accountType': 'account_type',
  'background.companyStartDate': 'company_start_date',
  'background.ownerLegalName': 'owner_legal_name',
  'background.ownerDocumentNumber': 'owner_document_number',
  'background.ownerDocumentType': 'owner_document_type',
  'background.customerWallet': 'customer_wallet',
  'background.tradingWallet': 'trading_wallet',
  metadata: 'additional_info',
  providerData: 'provider_data',
  fileId: 'file_id',
  role: 'target_role',
  fileType: 'file_type',
}

/** `providerData.monthly_income` → `provider_data.monthly_income`. */
export function toWireFieldName(field: string): string {
  const [known] = Object.keys(fieldNames)
    .filter((name) => field === name || field.startsWith(`${name}.`))
    .sort((left, right) => right.length - left.length)
  return known === undefined ? field : (fieldNames[known] ?? known) + field.slice(known.length)
}
