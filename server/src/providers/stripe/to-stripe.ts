// Owns what of a customer goes to Stripe: as one who pays, and as an account that holds money.
import type Stripe from 'stripe'
import { addressLineOf } from '../../core/fields.ts'
import type { ProviderCustomer, Registering } from '../../core/provider.ts'

/** Stripe wants a name, a first line and a country; without one of them nothing is sent. */
export function toShipping(
  customer: ProviderCustomer,
): Stripe.CustomerUpdateParams.Shipping | null {
  const address = toAddress(customer)
  const { name, phone } = customer
  if (name === null || !address) return null
  return { name, address, ...(phone === null ? {} : { phone }) }
}

export function toAddress({ address, country }: ProviderCustomer): Stripe.AddressParam | null {
  const line1 = address === null ? null : addressLineOf(address)
  if (address === null || line1 === null || country === null) return null
  const { line2, city, state, postalCode } = address
  return {
    line1,
    country,
    ...(line2 === null ? {} : { line2 }),
    ...(city === null ? {} : { city }),
    ...(state === null ? {} : { state }),
    ...(postalCode === null ? {} : { postal_code: postalCode }),
  }
}

const taxIdTypes: Readonly<Record<string, Stripe.CustomerCreateParams.TaxIdDatum.Type>> = {
  'BR:personal_tax_id': 'br_cpf',
  'BR:cpf': 'br_cpf',
  'BR:company_tax_id': 'br_cnpj',
  'BR:cnpj': 'br_cnpj',
  'AR:personal_tax_id': 'ar_cuit',
  'AR:company_tax_id': 'ar_cuit',
  'AR:cuit': 'ar_cuit',
  'US:company_tax_id': 'us_ein',
}

export function toStripeCustomer(customer: ProviderCustomer): Stripe.CustomerCreateParams {
  const { name, email, phone, document, recordId } = customer
  const shipping = toShipping(customer)
  const taxId = document ? taxIdTypes[`${document.country}:${document.type}`] : undefined
  return {
    metadata: { record_id: recordId },
    ...(name === null ? {} : { name }),
    ...(email === null ? {} : { email }),
    ...(phone === null ? {} : { phone }),
    ...(shipping === null ? {} : { shipping }),
    ...(taxId && document?.number
      ? { tax_id_data: [{ type: taxId, value: document.number }] }
      : {}),
  }
}

/** The people behind a company, its bank account and its terms go by Stripe's own pages. */
export function toStripeAccount({
  customer,
  providerData,
}: Registering): Stripe.AccountCreateParams {
  const { email, country, kind, recordId } = customer
  const isBusiness = kind === 'business'
  return {
    type: accountTypeOf(providerData['type']),
    business_type: isBusiness ? 'company' : 'individual',
    capabilities: { transfers: { requested: true } },
    metadata: { record_id: recordId },
    ...(country === null ? {} : { country }),
    ...(email === null ? {} : { email }),
    ...(isBusiness ? { company: toCompany(customer) } : { individual: toIndividual(customer) }),
  }
}

/** Custom where nothing is said: its legal fields stay ours to change. */
function accountTypeOf(given: unknown): 'custom' | 'express' | 'standard' {
  return given === 'express' || given === 'standard' ? given : 'custom'
}

function toIndividual(customer: ProviderCustomer): Stripe.AccountCreateParams.Individual {
  const { givenName, familyName, email, phone, dateOfBirth, document } = customer
  const address = toAddress(customer)
  const [year = 0, month = 0, day = 0] = (dateOfBirth ?? '').split('-').map(Number)
  return {
    ...(givenName === null ? {} : { first_name: givenName }),
    ...(familyName === null ? {} : { last_name: familyName }),
    ...(email === null ? {} : { email }),
    ...(phone === null ? {} : { phone }),
    ...(dateOfBirth === null ? {} : { dob: { day, month, year } }),
    ...(address === null ? {} : { address }),
    // A passport's number is none of the numbers that a country gives its people.
    ...(document?.number && document.type !== 'passport' ? { id_number: document.number } : {}),
  }
}

function toCompany(customer: ProviderCustomer): Stripe.AccountCreateParams.Company {
  const { name, phone, document } = customer
  const address = toAddress(customer)
  return {
    ...(name === null ? {} : { name }),
    ...(phone === null ? {} : { phone }),
    ...(address === null ? {} : { address }),
    ...(document?.number ? { tax_id: document.number } : {}),
  }
}

/** Cut out of whatever Stripe says. */
export function personalOf(customer: ProviderCustomer): string[] {
  const { name, givenName, familyName, companyName, email, phone, dateOfBirth } = customer
  const texts = [name, givenName, familyName, companyName, email, phone, dateOfBirth]
  const more = [customer.document?.number, ...Object.values(customer.address ?? {})]
  return [...texts, ...more].filter((text) => typeof text === 'string')
}
