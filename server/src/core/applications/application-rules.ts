// Owns the rules of what an application says: each value at once; what is missing stands elsewhere.
import { checkCurrency } from '../accounts/account-service.ts'
import type { CustomerKind } from '../customer/customer.ts'
import {
  type Address,
  checkCountry,
  checkEmail,
  checkPhone,
  checkText,
  nameLengthMax,
  refuseField,
} from '../fields.ts'
import {
  applyPersonChanges,
  checkAddress,
  checkTaxId,
  mergeAddress,
  noPerson,
  onlyDifferent,
  onlyGiven,
  type PersonChanges,
} from '../individuals/individual-rules.ts'
import type { Application, CorporationDetails } from './application.ts'

export type CorporationChanges = {
  [Member in Exclude<keyof CorporationDetails, 'address'>]?: CorporationDetails[Member] | undefined
} & { address?: Partial<Address> | null | undefined }

/** Members that are left out stay; `null` clears; given members of a part merge. */
export interface ApplicationChanges {
  email?: string | undefined
  phone?: string | null | undefined
  individual?: PersonChanges | undefined
  corporation?: CorporationChanges | undefined
  accountCurrency?: string | undefined
  isTermsAccepted?: boolean | undefined
}

export interface NewApplication extends ApplicationChanges {
  kind: CustomerKind
  email: string
  /** An existing record that becomes a customer of the bank. */
  customerId?: string | null | undefined
}

type StatedFields = Pick<
  Application,
  'email' | 'phone' | 'individual' | 'corporation' | 'accountCurrency' | 'termsAcceptedAt'
>

const defaultCurrency = 'USD'
const registrationNumberLengthMax = 200

const noCorporation: CorporationDetails = {
  legalName: null,
  tradingName: null,
  registrationNumber: null,
  taxId: null,
  address: null,
  country: null,
  hasBeneficialOwners: null,
}

/** Every field checked and filled. Error: `field_invalid`. */
export function checkNewApplication(input: NewApplication, now: number): StatedFields {
  const isPerson = input.kind === 'individual'
  const blank: StatedFields & Pick<Application, 'kind'> = {
    kind: input.kind,
    email: '',
    phone: null,
    individual: isPerson ? noPerson : null,
    corporation: isPerson ? null : noCorporation,
    accountCurrency: defaultCurrency,
    termsAcceptedAt: null,
  }
  const { kind, ...fields } = { ...blank, ...applyApplicationChanges(blank, input, now) }
  return fields
}

/** The members that really change, checked. Error: `field_invalid`. */
export function applyApplicationChanges(
  current: StatedFields & Pick<Application, 'kind'>,
  changes: ApplicationChanges,
  now: number,
): Partial<StatedFields> {
  const { email, phone, accountCurrency } = changes
  if (email !== undefined) checkEmail('email', email)
  if (accountCurrency !== undefined) checkCurrency('accountCurrency', accountCurrency)
  const set = onlyGiven({
    email,
    phone: phone ? checkPhone('phone', phone) : phone,
    accountCurrency,
    individual: changePerson(current, changes, now),
    corporation: changeCorporation(current, changes),
    termsAcceptedAt: termsOf(current, changes, now),
  })
  return onlyDifferent<StatedFields>(current, set)
}

function changePerson(
  { kind, individual }: Pick<Application, 'kind' | 'individual'>,
  changes: ApplicationChanges,
  now: number,
): Application['individual'] | undefined {
  if (changes.individual === undefined) return undefined
  if (kind !== 'individual') refuseField('individual', 'is only said of a person')
  const current = individual ?? noPerson
  const options = { prefix: 'individual.', now }
  return { ...current, ...applyPersonChanges(current, changes.individual, options) }
}

function changeCorporation(
  { kind, corporation }: Pick<Application, 'kind' | 'corporation'>,
  changes: ApplicationChanges,
): Application['corporation'] | undefined {
  if (changes.corporation === undefined) return undefined
  if (kind !== 'business') refuseField('corporation', 'is only said of a corporation')
  const current = corporation ?? noCorporation
  const { address, ...others } = changes.corporation
  const next = { ...current, ...onlyGiven(others) }
  if (address !== undefined) next.address = mergeAddress(current.address, address)
  return checkCorporation(next)
}

function checkCorporation(corporation: CorporationDetails): CorporationDetails {
  const { legalName, tradingName, registrationNumber, taxId, address, country } = corporation
  const prefix = 'corporation.'
  if (legalName !== null) checkText(`${prefix}legalName`, legalName, nameLengthMax)
  if (tradingName !== null) checkText(`${prefix}tradingName`, tradingName, nameLengthMax)
  if (registrationNumber !== null) {
    checkText(`${prefix}registrationNumber`, registrationNumber, registrationNumberLengthMax)
  }
  if (taxId !== null) checkTaxId(`${prefix}taxId`, taxId)
  checkAddress(address, prefix)
  if (country !== null) checkCountry(`${prefix}address.country`, country)
  return corporation
}

function termsOf(
  { termsAcceptedAt }: Pick<Application, 'termsAcceptedAt'>,
  { isTermsAccepted }: ApplicationChanges,
  now: number,
): number | null | undefined {
  if (isTermsAccepted === undefined) return undefined
  // Accepted again is accepted since the first time.
  return isTermsAccepted ? (termsAcceptedAt ?? now) : null
}
