// Owns a customer at Mercado Pago: what is sent, what is read back, and finding the one there is.
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ProviderCustomer, Registering, RemoteState } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import { rejected } from '../http-client.ts'
import {
  causesOf,
  type MercadoPagoClient,
  mercadoPagoIdPattern,
  readMercadoPago,
} from './mercado-pago-client.ts'

const Nullable = <T extends Type.TSchema>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

const CustomerSchema = Type.Object({
  id: Type.String({ pattern: mercadoPagoIdPattern }),
  email: Nullable(Type.String()),
  first_name: Nullable(Type.String()),
  last_name: Nullable(Type.String()),
  description: Nullable(Type.String()),
})
export type MercadoPagoCustomer = Static<typeof CustomerSchema>
export const customerForm = Compile(CustomerSchema)
const searchForm = Compile(Type.Object({ results: Type.Array(CustomerSchema) }))

const existsAlready = '101'

/**
 * One e-mail is one customer there, and a create takes no idempotency key: a repeat looks first,
 * and one that exists already is taken over.
 */
export async function registerMercadoPagoCustomer(
  client: MercadoPagoClient,
  { customer, idempotencyKey, isRepeat }: Registering,
): Promise<MercadoPagoCustomer> {
  const { email } = customer
  if (!email) throw rejected('a customer there needs an e-mail')
  const known = isRepeat ? await findByEmail(client, email) : null
  if (known) return known
  const answer = await client.post('/v1/customers', toMercadoPago(customer), idempotencyKey)
  if (answer.status >= 400 && causesOf(answer).includes(existsAlready)) {
    const found = await findByEmail(client, email)
    if (found) return found
    throw rejected('it says that the customer exists, and does not find it')
  }
  return readMercadoPago(customerForm, client.accepted(answer), 'a customer')
}

async function findByEmail(
  client: MercadoPagoClient,
  email: string,
): Promise<MercadoPagoCustomer | null> {
  const answer = await client.get(`/v1/customers/search?email=${encodeURIComponent(email)}`)
  const { results } = readMercadoPago(searchForm, client.accepted(answer), 'a list of customers')
  const isSame = (one: MercadoPagoCustomer) => one.email?.toLowerCase() === email.toLowerCase()
  return results.find(isSame) ?? null
}

function toMercadoPago(customer: ProviderCustomer): Record<string, Json> {
  const { email, givenName, familyName, name, recordId } = customer
  return {
    ...given({
      email,
      first_name: givenName ?? name,
      last_name: familyName,
      phone: toPhone(customer),
      identification: toIdentification(customer),
      address: toMercadoPagoAddress(customer),
    }),
    description: recordId,
  }
}

/** The country calling code has no place there. */
function toPhone({ phoneParts }: ProviderCustomer): Json {
  if (!phoneParts?.number) return null
  return given({ area_code: phoneParts.areaCode, number: phoneParts.number })
}

const identificationTypes: Readonly<Record<string, string>> = {
  'BR:personal_tax_id': 'CPF',
  'BR:cpf': 'CPF',
  'BR:company_tax_id': 'CNPJ',
  'BR:cnpj': 'CNPJ',
  'AR:personal_tax_id': 'CUIL',
  'AR:company_tax_id': 'CUIT',
  'AR:cuit': 'CUIT',
  'MX:curp': 'CURP',
  'CO:cc': 'CC',
}

function toIdentification({ document }: ProviderCustomer): Json {
  if (!document?.number) return null
  const type = identificationTypes[`${document.country}:${document.type}`]
  return type === undefined ? null : { type, number: document.number.replace(/[ ./-]/g, '') }
}

/** One flat address; the number of the house is a number there, or it is not sent. */
export function toMercadoPagoAddress({ address }: ProviderCustomer): Json {
  const street = address?.streetName ?? address?.line1 ?? null
  if (!address || street === null) return null
  const number = address.houseNumber ?? address.streetNumber ?? ''
  return given({
    zip_code: address.postalCode,
    street_name: street,
    street_number: /^\d{1,9}$/.test(number) ? Number(number) : null,
  })
}

export function given(fields: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

/** There is no review of customers: one that exists can pay. */
export function toMercadoPagoState(customer: MercadoPagoCustomer, recordId?: string): RemoteState {
  const isShared = recordId !== undefined && (customer.description ?? recordId) !== recordId
  return {
    remoteId: customer.id,
    status: 'approved',
    actionRequired: null,
    actionUrl: null,
    rejectionReason: null,
    failureReasons: [],
    facts: isShared ? { shared: true } : {},
  }
}
