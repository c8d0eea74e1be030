// Owns what an application still lacks: everything at once, from what it says and nothing else.
//
// Source: contracts/banking.md. The threshold of 25 % is that of 31 CFR 1010.230 and of the EU's
// anti-money-laundering directives.
import type { Address } from '../fields.ts'
import type { Individual, IndividualDetails } from '../individuals/individual.ts'
import type { ApplicationDocument, ApplicationFolder, CorporationDetails } from './application.ts'

export const applicationGaps = {
  MISSING_CONTROL_PERSON: 'A corporation names at least one person who controls it.',
  MISSING_BENEFICIAL_OWNER:
    'A corporation names who owns 25 % or more of it, or its control person declares that nobody ' +
    'does.',
  MISSING_DOCUMENT: 'A document was not uploaded yet.',
  TERMS_AND_CONDITIONS_NOT_ACCEPTED: 'The terms and conditions were not accepted yet.',
} as const
export type ApplicationGap = keyof typeof applicationGaps

export interface FieldGap {
  /** Whose field, in a corporation; `null`: the application's own. */
  individualId: string | null
  /** In the core's words, from the application or from the individual: `individual.firstName`. */
  field: string
  message: string
}

export interface Missing {
  gaps: ApplicationGap[]
  fields: FieldGap[]
  documents: ApplicationDocument[]
}

export const adultYears = 18
const ownerPercentageMin = 25

export function findMissing(folder: ApplicationFolder, now: number): Missing {
  const documents = folder.documents.filter(({ status }) => status !== 'UPLOADED')
  const isCorporation = folder.application.kind === 'business'
  const gaps = isCorporation ? gapsOfPeople(folder) : []
  if (documents.length > 0) gaps.push('MISSING_DOCUMENT')
  if (folder.application.termsAcceptedAt === null) gaps.push('TERMS_AND_CONDITIONS_NOT_ACCEPTED')
  return { gaps, fields: fieldsOf(folder, now), documents }
}

export function isComplete({ gaps, fields, documents }: Missing): boolean {
  return gaps.length === 0 && fields.length === 0 && documents.length === 0
}

function gapsOfPeople({ application, individuals }: ApplicationFolder): ApplicationGap[] {
  const gaps: ApplicationGap[] = []
  const isControlled = individuals.some(({ role }) => role === 'CONTROL_PERSON')
  if (!isControlled) gaps.push('MISSING_CONTROL_PERSON')
  const isDeclared = isControlled && application.corporation?.hasBeneficialOwners === false
  if (!isDeclared && !individuals.some(isLargeOwner) && leavesRoom(individuals)) {
    gaps.push('MISSING_BENEFICIAL_OWNER')
  }
  return gaps
}

function isLargeOwner({ ownershipPercentage }: Individual): boolean {
  return ownershipPercentage !== null && ownershipPercentage >= ownerPercentageMin
}

/** Ten owners of 10 % each are all there is: nobody with 25 % can be missing. */
function leavesRoom(individuals: Individual[]): boolean {
  const hundredths = individuals.map((one) => Math.round((one.ownershipPercentage ?? 0) * 100))
  const declared = hundredths.reduce((sum, one) => sum + one, 0)
  return 100 * 100 - declared >= ownerPercentageMin * 100
}

function fieldsOf({ application, individuals }: ApplicationFolder, now: number): FieldGap[] {
  const { individual, corporation } = application
  const own = [
    ...(individual ? personGaps(individual, 'individual.', now) : []),
    ...(corporation ? corporationGaps(corporation, individuals) : []),
  ].map((gap) => ({ individualId: null, ...gap }))
  const others = individuals.flatMap((one) =>
    [...personGaps(one, '', now), ...ownershipGaps(one)].map((gap) => ({
      individualId: one.id,
      ...gap,
    })),
  )
  return [...own, ...others]
}

type Gap = Omit<FieldGap, 'individualId'>

const needed = (field: string): Gap => ({ field, message: 'is missing' })

function personGaps(person: IndividualDetails, prefix: string, now: number): Gap[] {
  const gaps = (['firstName', 'lastName', 'dateOfBirth'] as const)
    .filter((member) => person[member] === null)
    .map((member) => needed(prefix + member))
  if (person.dateOfBirth !== null && !isAdult(person.dateOfBirth, now)) {
    gaps.push({ field: `${prefix}dateOfBirth`, message: `is less than ${adultYears} years ago` })
  }
  return [...gaps, ...addressGaps(person, prefix)]
}

function corporationGaps(corporation: CorporationDetails, individuals: Individual[]): Gap[] {
  const prefix = 'corporation.'
  const gaps = (['legalName', 'registrationNumber', 'taxId'] as const)
    .filter((member) => corporation[member] === null)
    .map((member) => needed(prefix + member))
  if (corporation.hasBeneficialOwners === false && individuals.some(isLargeOwner)) {
    const message = `is false, and an individual owns ${ownerPercentageMin} % or more`
    gaps.push({ field: `${prefix}hasBeneficialOwners`, message })
  }
  return [...gaps, ...addressGaps(corporation, prefix)]
}

function ownershipGaps({ role, ownershipPercentage }: Individual): Gap[] {
  const isUnsaid = role === 'BENEFICIAL_OWNER' && ownershipPercentage === null
  return isUnsaid ? [needed('ownershipPercentage')] : []
}

/** Not every country has states or postal codes. */
function addressGaps(
  { address, country }: { address: Address | null; country: string | null },
  prefix: string,
): Gap[] {
  if (address === null && country === null) return [needed(`${prefix}address`)]
  const parts = { line1: address?.line1, city: address?.city, country }
  return Object.entries(parts)
    .filter(([, text]) => !text)
    .map(([part]) => needed(`${prefix}address.${part}`))
}

/** Whole years by the calendar, in UTC: who was born on 29 February is older on 1 March. */
export function isAdult(dateOfBirth: string, now: number): boolean {
  const today = new Date(now).toISOString().slice(0, 10)
  const year = String(Number(dateOfBirth.slice(0, 4)) + adultYears).padStart(4, '0')
  return today >= year + dateOfBirth.slice(4)
}
