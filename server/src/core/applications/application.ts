// Owns the vocabulary of applications: who applies for what, states, moves, refusals, events.
//
// Source: contracts/banking.md.
import type { CustomerKind } from '../customer/customer.ts'
import { defineErrors } from '../errors.ts'
import type { Address } from '../fields.ts'
import { defineMachine } from '../status.ts'

export const applicationStatuses = [
  'INCOMPLETE',
  'READY_FOR_SUBMISSION',
  'SUBMITTED',
  'PROCESSING',
  'APPROVED',
  'REJECTED',
  'CHANGES_REQUESTED',
] as const
export type ApplicationStatus = (typeof applicationStatuses)[number]

export const applicationErrors = defineErrors({
  application_not_found: {
    kind: 'missing',
    title: 'No such application',
    detail: 'There is no application with this id.',
    fix: 'Check the id, and that the key belongs to the app that made the application.',
  },
  application_status_refused: {
    kind: 'conflict',
    title: 'Status does not allow it',
    detail: 'The status of the application does not allow this.',
    fix: 'Read the status of the application and decide by it.',
  },
})

export const applicationMachine = defineMachine<ApplicationStatus>(
  {
    INCOMPLETE: ['READY_FOR_SUBMISSION'],
    READY_FOR_SUBMISSION: ['INCOMPLETE', 'SUBMITTED'],
    SUBMITTED: ['PROCESSING', 'APPROVED', 'REJECTED', 'CHANGES_REQUESTED'],
    PROCESSING: ['APPROVED', 'REJECTED', 'CHANGES_REQUESTED'],
    CHANGES_REQUESTED: ['SUBMITTED'],
    APPROVED: [],
    REJECTED: [],
  },
  applicationErrors.application_status_refused,
)

/** While it is in one of these, what it says can still be changed. */
export const changeableStatuses: readonly ApplicationStatus[] = [
  'INCOMPLETE',
  'READY_FOR_SUBMISSION',
  'CHANGES_REQUESTED',
]

/** What an applicant says of a person. */
export interface PersonDetails {
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

export interface CorporationDetails {
  legalName: string | null
  tradingName: string | null
  registrationNumber: string | null
  taxId: string | null
  address: Address | null
  country: string | null
}

/** Sealed. */
export interface ApplicationDetails {
  email: string
  phone: string | null
  individual: PersonDetails | null
  corporation: CorporationDetails | null
  /** What the operator said with the latest decision. */
  decisionReason: string | null
}

export interface Application extends ApplicationDetails {
  id: string
  kind: CustomerKind
  status: ApplicationStatus
  customerId: string | null
  accountCurrency: string
  termsAcceptedAt: number | null
  submittedAt: number | null
  decidedAt: number | null
  createdAt: number
  updatedAt: number
}
