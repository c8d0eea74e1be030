// Owns the rules of what is said of a person: each value at once, and how a change merges.
import { isDeepStrictEqual } from 'node:util'
import {
  type Address,
  checkCountry,
  checkDateOfBirth,
  checkEmail,
  checkPhone,
  checkText,
  nameLengthMax,
  refuseField,
} from '../fields.ts'
import { type IndividualDetails, type IndividualRole, ownerRoles } from './individual.ts'

const taxIdLengthMax = 50
const addressLineLengthMax = 500
const ownershipHundredthsMax = 10_000

/** Members that are left out stay; `null` clears. Of an address, given parts merge. */
export type PersonChanges = {
  [Member in Exclude<keyof IndividualDetails, 'address'>]?: IndividualDetails[Member] | undefined
} & { address?: Partial<Address> | null | undefined }

export const noPerson: IndividualDetails = {
  firstName: null,
  lastName: null,
  dateOfBirth: null,
  taxId: null,
  email: null,
  phone: null,
  address: null,
  country: null,
}

export interface RuleOptions {
  /** Before the name of each field that is refused: `individual.`. */
  prefix: string
  now: number
}

/** The members that really change, checked. Error: `field_invalid`. */
export function applyPersonChanges(
  current: IndividualDetails,
  changes: PersonChanges,
  options: RuleOptions,
): Partial<IndividualDetails> {
  const { address, ...others } = changes
  const set: Partial<IndividualDetails> = {
    ...onlyGiven(others),
    ...(address === undefined ? {} : { address: mergeAddress(current.address, address) }),
  }
  return onlyDifferent(current, checkPerson(set, options))
}

/** What differs from what is there. */
export function onlyDifferent<T extends object>(current: T, set: Partial<T>): Partial<T> {
  const entries = Object.entries(set).filter(
    ([member, value]) => !isDeepStrictEqual(value, Reflect.get(current, member)),
  )
  return Object.fromEntries(entries) as Partial<T>
}

type Given<T> = { [Member in keyof T]?: Exclude<T[Member], undefined> }

export function onlyGiven<T extends object>(changes: T): Given<T> {
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Given<T>
}

/** Given parts take the place of those that are there; without any part there is no address. */
export function mergeAddress(
  current: Address | null,
  given: Partial<Address> | null,
): Address | null {
  if (given === null) return null
  const merged = { ...noAddress, ...current, ...onlyGiven(given) }
  return Object.values(merged).some((part) => part !== null) ? merged : null
}

export function checkAddress(address: Address | null, prefix: string): void {
  for (const [part, text] of Object.entries(address ?? {})) {
    if (text !== null) checkText(`${prefix}address.${part}`, text, addressLineLengthMax)
  }
}

export function checkTaxId(param: string, taxId: string): void {
  checkText(param, taxId, taxIdLengthMax)
}

/** In hundredths of a percent. Error: `field_invalid`. */
export function checkOwnership(role: IndividualRole, percentage: number | null): number | null {
  if (percentage === null) return null
  if (!ownerRoles.includes(role)) {
    refuseField('ownershipPercentage', `is only said of ${ownerRoles.join(' or ')}`)
  }
  const hundredths = Math.round(percentage * 100)
  if (!(percentage > 0 && hundredths > 0 && hundredths <= ownershipHundredthsMax)) {
    refuseField('ownershipPercentage', 'is not above 0 and at most 100')
  }
  if (hundredths / 100 !== percentage) {
    refuseField('ownershipPercentage', 'has more than two decimals')
  }
  return hundredths
}

/** Nobody owns what somebody else owns. Error: `field_invalid`. */
export function checkSumOfOwnership(hundredths: (number | null)[]): void {
  const sum = hundredths.reduce<number>((total, one) => total + (one ?? 0), 0)
  if (sum > ownershipHundredthsMax) {
    refuseField(
      'ownershipPercentage',
      `makes ${sum / 100} % with that of the other individuals; together at most 100 %`,
    )
  }
}

function checkPerson(
  set: Partial<IndividualDetails>,
  { prefix, now }: RuleOptions,
): Partial<IndividualDetails> {
  const { firstName, lastName, dateOfBirth, taxId, email, phone, address, country } = set
  if (firstName) checkText(`${prefix}firstName`, firstName, nameLengthMax)
  if (lastName) checkText(`${prefix}lastName`, lastName, nameLengthMax)
  if (dateOfBirth) checkDateOfBirth(`${prefix}dateOfBirth`, dateOfBirth, now)
  if (taxId) checkTaxId(`${prefix}taxId`, taxId)
  if (email) checkEmail(`${prefix}email`, email)
  if (address) checkAddress(address, prefix)
  if (country) checkCountry(`${prefix}address.country`, country)
  for (const [member, text] of Object.entries(set)) {
    if (text === '')
      refuseField(`${prefix}${member === 'country' ? 'address.country' : member}`, 'is blank')
  }
  return phone ? { ...set, phone: checkPhone(`${prefix}phone`, phone) } : set
}

const noAddress: Address = {
  line1: null,
  line2: null,
  houseNumber: null,
  streetNumber: null,
  streetName: null,
  neighborhood: null,
  city: null,
  state: null,
  subdivision: null,
  postalCode: null,
}
