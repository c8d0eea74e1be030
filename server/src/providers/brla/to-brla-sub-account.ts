// Owns what a sub-account of BRLA is made of: identity data and a Brazilian address, at once.
import Type, { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ProviderCustomer } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import { houseNumberOf, subdivisionOf, taxNumberOf } from '../avenia-brla.ts'
import { rejected } from '../http-client.ts'
import type { BrlaBody } from './brla-client.ts'

const Text = Type.String({ minLength: 1, maxLength: 200 })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

/** What a company gives beyond the record, in BRLA's own names: who stands for it, since when. */
const companyMembers: Record<string, TSchema> = {
  cpf: Type.String({ pattern: '^\\d{11}$' }),
  fullName: Text,
  birthdate: Day,
  startDate: Day,
}

const forms = new Map(
  Object.entries(companyMembers).map(([name, schema]) => [name, Compile(schema)]),
)

export interface BrlaSubAccount {
  /** What BRLA looks a sub-account up by. */
  taxId: string
  body: BrlaBody
}

/** Throws `provider_rejected` for what BRLA would refuse anyway. */
export function toBrlaSubAccount(
  customer: ProviderCustomer,
  providerData: Record<string, Json>,
): BrlaSubAccount {
  const isCompany = customer.kind === 'business'
  checkBrlaData(isCompany, providerData)
  const taxId = checkedTaxId(customer)
  const name = isCompany ? (customer.companyName ?? customer.name) : customer.name
  const identity = isCompany
    ? {
        ...{ taxIdType: 'CNPJ', cnpj: taxId, companyName: name },
        startDate: providerData['startDate'],
        cpf: providerData['cpf'],
        fullName: providerData['fullName'],
        birthdate: providerData['birthdate'],
      }
    : { taxIdType: 'CPF', cpf: taxId, fullName: name, birthdate: customer.dateOfBirth }
  const parts = { ...identity, phone: customer.phone }
  const address = toAddress(customer)
  return { taxId, body: { ...complete(parts), address: complete(address, 'address.') } }
}

function checkBrlaData(isCompany: boolean, providerData: Record<string, Json>): void {
  for (const [name, value] of Object.entries(providerData)) {
    const form = isCompany ? forms.get(name) : undefined
    const shown = /^[A-Za-z_]{1,60}$/.test(name)
      ? `provider_data.${name}`
      : 'a provider_data member'
    if (form === undefined) throw rejected(`${shown} is not among what BRLA takes`)
    if (!form.Check(value)) throw rejected(`${shown} does not have the form that BRLA takes`)
  }
}

function checkedTaxId(customer: ProviderCustomer): string {
  const taxId = taxNumberOf(customer) ?? ''
  const country = customer.document?.country ?? customer.country
  const isCompany = customer.kind === 'business'
  const form = isCompany ? /^[0-9A-Z]{12}\d{2}$/ : /^\d{11}$/
  if (country === 'BR' && form.test(taxId)) return taxId
  throw rejected(`BRLA needs a Brazilian ${isCompany ? 'CNPJ' : 'CPF'} of this customer`)
}

function toAddress({ address, country }: ProviderCustomer) {
  const state = address && subdivisionOf(country, address)
  return {
    cep: address?.postalCode?.replace(/\D/g, ''),
    city: address?.city,
    state: state?.slice(state.indexOf('-') + 1),
    street: address?.streetName,
    number: address && houseNumberOf(address),
    district: address?.neighborhood,
  }
}

/** Names everything that is missing, by BRLA's names. */
function complete(members: Record<string, Json | undefined>, prefix = ''): BrlaBody {
  const entries = Object.entries(members)
  const missing = entries.filter(([, value]) => !value).map(([name]) => `${prefix}${name}`)
  if (missing.length > 0) throw rejected(`it needs ${missing.join(', ')}`)
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? null]))
}
