// Owns how the record and the caller's data become a recipient of Pagar.me.
import type { ProviderCustomer } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import { rejected } from '../http-client.ts'
import type { PagarMeBody } from './pagar-me-client.ts'
import {
  type CompanyData,
  checkCompanyData,
  checkPersonData,
  type PersonData,
} from './pagar-me-provider-data.ts'
import {
  pagarMeNameOf,
  toPagarMeDocument,
  toPagarMeState,
  toPhoneParts,
} from './to-pagar-me-customer.ts'

/** The body of a creation. Throws `provider_rejected` for what Pagar.me would refuse anyway. */
export function toPagarMeRecipient(
  customer: ProviderCustomer,
  providerData: Record<string, Json>,
): PagarMeBody {
  const own = {
    code: customer.recordId,
    metadata: { record_id: customer.recordId },
    payment_mode: 'bank_transfer',
  }
  if (customer.kind === 'business') {
    const data = checkCompanyData(providerData)
    return { ...own, ...toTransfers(data), register_information: toCompany(customer, data) }
  }
  const data = checkPersonData(providerData)
  return { ...own, ...toTransfers(data), register_information: toPerson(customer, data) }
}

function toTransfers(data: PersonData | CompanyData) {
  const { default_bank_account, transfer_settings } = data
  const settings = transfer_settings === undefined ? {} : { transfer_settings }
  return { default_bank_account, ...settings }
}

function toPerson(customer: ProviderCustomer, data: PersonData) {
  return {
    type: 'individual',
    name: needed('name', pagarMeNameOf(customer)),
    birthdate: toBrazilianDay(needed('date of birth', customer.dateOfBirth)),
    monthly_income: data.monthly_income,
    professional_occupation: data.professional_occupation,
    ...given({ mother_name: data.mother_name, site_url: data.site_url }),
    ...toContact(customer, 'CPF'),
    address: toRegisteredAddress(customer, data.reference_point),
  }
}

function toCompany(customer: ProviderCustomer, data: CompanyData) {
  const founded = data.founding_date
  return {
    type: 'corporation',
    company_name: needed('name', pagarMeNameOf(customer)),
    trading_name: data.trading_name,
    annual_revenue: data.annual_revenue,
    ...given({
      corporation_type: data.corporation_type,
      founding_date: founded === undefined ? undefined : toBrazilianDay(founded),
      cnae: data.cnae,
      site_url: data.site_url,
    }),
    ...toContact(customer, 'CNPJ'),
    main_address: toRegisteredAddress(customer, data.reference_point),
    managing_partners: data.managing_partners.map((partner) => ({
      ...partner,
      birthdate: toBrazilianDay(partner.birthdate),
    })),
  }
}

function toContact(customer: ProviderCustomer, documentType: 'CPF' | 'CNPJ') {
  const document = toPagarMeDocument(customer)
  if (document?.document_type !== documentType) throw rejected(`document is not a ${documentType}`)
  const phone = toPhoneParts(customer)
  if (phone?.country_code !== '55') throw rejected('phone is not a Brazilian number')
  return {
    document: document.document,
    email: needed('email', customer.email),
    phone_numbers: [{ ddd: phone.area_code, number: phone.number, type: 'mobile' }],
  }
}

function toRegisteredAddress(customer: ProviderCustomer, point: string): Record<string, string> {
  const { address } = customer
  return {
    street: needed('street', address?.streetName),
    complementary: address?.line2 ?? '',
    street_number: needed('street number', address?.streetNumber ?? address?.houseNumber),
    neighborhood: needed('neighborhood', address?.neighborhood),
    city: needed('city', address?.city),
    state: needed('state', toPagarMeState('BR', address?.state ?? address?.subdivision ?? null)),
    zip_code: needed('postal code', address?.postalCode).replace(/\D/g, ''),
    reference_point: point,
  }
}

function needed(what: string, value: string | null | undefined): string {
  if (!value) throw rejected(`${what} is missing`)
  return value
}

/** `1990-12-31` → `31/12/1990`: the form that recipients are refused without. */
function toBrazilianDay(day: string): string {
  return day.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$3/$2/$1')
}

function given(members: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return Object.fromEntries(entries)
}
