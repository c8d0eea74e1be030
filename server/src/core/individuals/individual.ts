// Owns the vocabulary of the people in an application and behind a company.
import { defineErrors } from '../errors.ts'
import type { Address } from '../fields.ts'

export const individualRoles = [
  'INDIVIDUAL',
  'OFFICER',
  'BENEFICIAL_OWNER',
  'CONTROL_PERSON',
  'AUTHORIZED_PERSON',
] as const
export type IndividualRole = (typeof individualRoles)[number]

/** Who may own a part of the company. */
export const ownerRoles: readonly IndividualRole[] = ['BENEFICIAL_OWNER', 'CONTROL_PERSON']

/** In one application, and so behind one company. */
export const individualsMax = 100

/** Sealed. */
export interface IndividualDetails {
  firstName: string | null
  lastName: string | null
  /** `YYYY-MM-DD` */
  dateOfBirth: string | null
  taxId: string | null
  email: string | null
  phone: string | null
  address: Address | null
  /** ISO 3166-1 alpha-2 of the address. */
  country: string | null
}

export interface Individual extends IndividualDetails {
  id: string
  applicationId: string
  customerId: string | null
  role: IndividualRole
  /** Percent of the company, to two decimals; of owners. */
  ownershipPercentage: number | null
  createdAt: number
  updatedAt: number
}

export const individualErrors = defineErrors({
  individual_not_found: {
    kind: 'missing',
    title: 'No such individual',
    detail: 'There is no individual with this id here.',
    fix: 'Check the id against the individuals of the customer or the application.',
  },
  individual_limit_reached: {
    kind: 'conflict',
    title: 'Too many individuals',
    detail: `An application holds at most ${individualsMax} individuals.`,
    fix: 'Remove whoever need not be named.',
  },
})

export const individualEvents = {
  updated: 'customer.individual.updated',
} as const
