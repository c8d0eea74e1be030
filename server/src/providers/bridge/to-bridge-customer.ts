// Owns how the record becomes a customer of Bridge: names, three-letter countries, tax ids.
import { iso31661Alpha2ToAlpha3, iso31662 } from 'iso-3166'
import type { ProviderCustomer } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import { rejected } from '../http-client.ts'
import type { BridgeBody } from './bridge-client.ts'
import { checkBridgeData } from './bridge-provider-data.ts'

const nameLengthMin = 2
const nameLengthMax = 1024
const streetLengthMin = 4
const idLengthMax = 42

/** The body of a creation. Throws `provider_rejected` for what Bridge would refuse anyway. */
export function toBridgeCustomer(
  customer: ProviderCustomer,
  providerData: Record<string, Json>,
): BridgeBody {
  const { identifying_information: given = [], ...data } = checkBridgeData(
    customer.kind,
    providerData,
  )
  checkTwins(customer, data)
  const identifying = withOwnDocument(customer, Array.isArray(given) ? given : [])
  return {
    ...data,
    ...(customer.kind === 'business' ? toBusiness(customer) : toIndividual(customer)),
    ...present({ email: customer.email, phone: customer.phone }),
    ...(identifying.length === 0 ? {} : { identifying_information: identifying }),
  }
}

function toIndividual(customer: ProviderCustomer): BridgeBody {
  const address = toBridgeAddress(customer)
  return {
    type: 'individual',
    first_name: checkedName('first_name', customer.givenName),
    last_name: checkedName('last_name', customer.familyName),
    ...present({ birth_date: customer.dateOfBirth }),
    ...(address === null ? {} : { residential_address: address }),
  }
}

function toBusiness(customer: ProviderCustomer): BridgeBody {
  const address = toBridgeAddress(customer)
  const name = customer.companyName ?? customer.name
  return {
    type: 'business',
    business_legal_name: checkedName('business_legal_name', name),
    ...(address === null ? {} : { registered_address: address }),
  }
}

function checkedName(member: string, name: string | null): string {
  const fault = bridgeNameFault(member, name ?? '')
  if (name === null || fault !== null) throw rejected(fault ?? `${member} is missing`)
  return name
}

/** What Bridge would refuse a name for, or `null`. */
export function bridgeNameFault(member: string, name: string): string | null {
  const length = [...name].length
  if (length < nameLengthMin) return `${member} has less than ${nameLengthMin} characters`
  return length > nameLengthMax ? `${member} has more than ${nameLengthMax} characters` : null
}

/** Names outside Latin-1 need a twin that the caller gives: we do not transliterate by guessing. */
function checkTwins(customer: ProviderCustomer, data: BridgeBody): void {
  const { kind, givenName, familyName, companyName, name } = customer
  const names: [string, string | null][] =
    kind === 'business'
      ? [['business_legal_name', companyName ?? name]]
      : [
          ['first_name', givenName],
          ['last_name', familyName],
        ]
  for (const [member, value] of names) {
    if (isLatin1(value ?? '') || data[`transliterated_${member}`] !== undefined) continue
    throw rejected(`${member} is not in Latin letters: give provider_data.transliterated_${member}`)
  }
}

const isLatin1 = (text: string) => /^[\u0000-\u00ff]*$/.test(text)

/** `null` while Bridge would refuse it: without an address the customer waits for it there. */
export function toBridgeAddress(customer: ProviderCustomer): Record<string, string> | null {
  const { address, country } = customer
  if (address === null || country === null) return null
  const { streetName, streetNumber, houseNumber, line2, city, postalCode } = address
  const street = [streetName, streetNumber ?? houseNumber].filter(Boolean).join(' ')
  const line1 = address.line1 ?? street
  const alpha3 = iso31661Alpha2ToAlpha3[country]
  const subdivision = toSubdivision(country, address.subdivision ?? address.state)
  if (line1.length < streetLengthMin || !city || alpha3 === undefined) return null
  if (alpha3 === 'USA' && subdivision === null) return null
  return {
    street_line_1: line1,
    ...present({ street_line_2: line2 }),
    city,
    ...present({ subdivision, postal_code: postalCode }),
    country: alpha3,
  }
}

/** `SP`, `BR-SP` or `São Paulo` → `SP`: the end of the ISO 3166-2 code. */
function toSubdivision(country: string, text: string | null): string | null {
  if (text === null) return null
  const wanted = text.trim().toUpperCase()
  const found = iso31662.find(
    ({ code, name }) =>
      code.startsWith(`${country}-`) &&
      [code, code.slice(country.length + 1), name.toUpperCase()].includes(wanted),
  )
  return found?.code.slice(country.length + 1) ?? null
}

/** The record's document, unless the caller gave one of the same type. */
function withOwnDocument(customer: ProviderCustomer, given: Json[]): Json[] {
  const own = toIdentification(customer)
  if (own === null) return given
  const isGiven = given.some(
    (one) =>
      typeof one === 'object' && one !== null && !Array.isArray(one) && one['type'] === own['type'],
  )
  return isGiven ? given : [own, ...given]
}

function toIdentification(customer: ProviderCustomer): Record<string, string> | null {
  const { document } = customer
  const country = document?.country ?? customer.country
  const number = document?.number?.replace(/[^\p{L}\p{N}]/gu, '') ?? ''
  if (!document?.type || !country || number === '' || number.length > idLengthMax) return null
  const type = idTypeOf(document.type.toLowerCase(), country, number)
  const alpha3 = iso31661Alpha2ToAlpha3[country]
  if (type === null || alpha3 === undefined) return null
  return { type, issuing_country: alpha3, number }
}

const ownTypes = new Set(['cpf', 'cnpj', 'ssn', 'itin', 'ein', 'rfc', 'curp', 'cc', 'passport'])
const curpLength = 18

/** The two generic types name no scheme: only where the country has one of that kind. */
function idTypeOf(type: string, country: string, number: string): string | null {
  if (ownTypes.has(type)) return type
  const isPersonal = type === 'personal_tax_id'
  if (!isPersonal && type !== 'company_tax_id') return null
  switch (country) {
    case 'BR':
      return isPersonal ? 'cpf' : 'cnpj'
    case 'US':
      // An ITIN begins with 9, which no SSN does.
      return isPersonal ? (number.startsWith('9') ? 'itin' : 'ssn') : 'ein'
    case 'MX':
      return isPersonal && number.length === curpLength ? 'curp' : 'rfc'
    default:
      return null
  }
}

/** The members that have a value. */
function present(members: Record<string, string | null>): Record<string, string> {
  const entries = Object.entries(members).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, value]],
  )
  return Object.fromEntries(entries)
}
