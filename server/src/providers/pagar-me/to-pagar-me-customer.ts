// Owns how the record becomes a customer of Pagar.me: one name, digits, "number, street, district".
import { iso31662 } from 'iso-3166'
import type { ProviderCustomer } from '../../core/provider.ts'
import { rejected } from '../http-client.ts'
import type { PagarMeBody } from './pagar-me-client.ts'

/** The body of a creation, which is an update where the e-mail is known already. */
export function toPagarMeCustomer(customer: ProviderCustomer): PagarMeBody {
  const { recordId, email } = customer
  const name = pagarMeNameOf(customer)
  if (name === null) throw rejected('name is missing')
  if (email === null) throw rejected('email is missing')
  const address = toPagarMeAddress(customer)
  const phone = toPhoneParts(customer)
  return {
    name,
    email,
    code: recordId,
    type: customer.kind === 'business' ? 'company' : 'individual',
    metadata: { record_id: recordId },
    ...toPagarMeDocument(customer),
    ...(phone === null ? {} : { phones: { mobile_phone: phone } }),
    ...(address === null ? {} : { address }),
  }
}

/** Pagar.me has one name, and does not part it. */
export function pagarMeNameOf(customer: ProviderCustomer): string | null {
  const { kind, name, givenName, familyName, companyName } = customer
  if (kind === 'business') return companyName ?? name
  const joined = [givenName, familyName].filter(Boolean).join(' ')
  return joined || name
}

export interface PagarMeDocument {
  document: string
  document_type: 'CPF' | 'CNPJ' | 'PASSPORT'
}

/** Nothing where the record's document is none of the three that Pagar.me knows. */
export function toPagarMeDocument(customer: ProviderCustomer): PagarMeDocument | null {
  const { document } = customer
  const number = document?.number?.replace(/[^0-9A-Za-z]/g, '').toUpperCase() ?? ''
  const type = documentTypeOf(document?.type ?? null, document?.country ?? customer.country)
  return number === '' || type === null ? null : { document: number, document_type: type }
}

function documentTypeOf(
  type: string | null,
  country: string | null,
): PagarMeDocument['document_type'] | null {
  if (type === 'passport') return 'PASSPORT'
  if (type === 'cpf' || (type === 'personal_tax_id' && country === 'BR')) return 'CPF'
  return type === 'cnpj' || (type === 'company_tax_id' && country === 'BR') ? 'CNPJ' : null
}

type PhoneParts = Record<'country_code' | 'area_code' | 'number', string>

/** `null` where the area code is not known: only Brazil's can be told from the number. */
export function toPhoneParts(customer: ProviderCustomer): PhoneParts | null {
  const [, area, local] = /^\+55(\d{2})(\d{8,9})$/.exec(customer.phone ?? '') ?? []
  if (area && local) return { country_code: '55', area_code: area, number: local }
  const { countryCode, areaCode, number } = customer.phoneParts ?? {}
  if (!countryCode || !areaCode || !number) return null
  const digits = (text: string) => text.replace(/\D/g, '')
  return {
    country_code: digits(countryCode),
    area_code: digits(areaCode),
    number: digits(number),
  }
}

/** `null` while Pagar.me would refuse it. */
export function toPagarMeAddress(customer: ProviderCustomer): Record<string, string> | null {
  const { address, country } = customer
  if (address === null || country === null) return null
  const { line1, line2, houseNumber, streetNumber, streetName, neighborhood, city } = address
  const parts = [streetNumber ?? houseNumber, streetName ?? line1, neighborhood]
  const line = parts.filter(Boolean).join(', ')
  const state = toPagarMeState(country, address.state ?? address.subdivision)
  const zipCode = address.postalCode?.replace(/[^0-9A-Za-z]/g, '')
  if (!(streetName ?? line1) || !city || !state || !zipCode) return null
  return { line_1: line, line_2: line2 ?? '', zip_code: zipCode, city, state, country }
}

/** `SP`, `BR-SP` or `São Paulo` → `SP`; a state that no list has stays as it is. */
export function toPagarMeState(country: string, state: string | null): string | null {
  if (state === null) return null
  const wanted = state.trim().toUpperCase()
  const found = iso31662.find(
    ({ code, name }) =>
      code.startsWith(`${country}-`) &&
      [code, code.slice(country.length + 1), name.toUpperCase()].includes(wanted),
  )
  return found?.code.slice(country.length + 1) ?? state
}
