// Owns the vocabulary of applications: who applies for what, states, moves, refusals, events.
//
// Source: contracts/banking.md.
import type { CustomerKind } from '../customer/customer.ts'
import { defineErrors } from '../errors.ts'
import type { Address } from '../fields.ts'
import type { ContentType } from '../files/file.ts'
import type { Individual, IndividualDetails } from '../individuals/individual.ts'
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
  application_cursor_unknown: {
    kind: 'malformed',
    title: 'Unknown cursor',
    detail: 'cursor: is not the id of an application.',
    fix: 'Pass `next_cursor` of the page before as it is, or leave it out.',
  },
  application_status_refused: {
    kind: 'conflict',
    title: 'Status does not allow it',
    detail: 'The status of the application does not allow this.',
    fix: 'Read the status of the application and decide by it.',
  },
  application_incomplete: {
    kind: 'conflict',
    title: 'Application is incomplete',
    detail: 'Something is missing.',
    fix: 'Add what is named and submit again.',
  },
  application_customer_banks: {
    kind: 'conflict',
    title: 'Already a customer of the bank',
    detail: 'An application has been approved for this customer already.',
    fix: 'Update the customer, or apply for another one.',
  },
  application_people_refused: {
    kind: 'conflict',
    title: 'Application of one person',
    detail: 'Only the application of a corporation has individuals of its own.',
    fix: 'Set the member `individual` of the application instead.',
  },
  document_not_found: {
    kind: 'missing',
    title: 'No such document',
    detail: 'No application asks for a document with this id.',
    fix: 'Take the id from the status of the application.',
  },
  document_not_uploaded: {
    kind: 'missing',
    title: 'No file yet',
    detail: 'The application asks for this document, and nothing was sent for it yet.',
    fix: 'Wait until its status is UPLOADED.',
  },
})

export const applicationEvents = {
  opened: 'customer.application.opened',
  updated: 'customer.application.updated',
  submitted: 'customer.application.submitted',
  approved: 'customer.application.approved',
  rejected: 'customer.application.rejected',
  changesRequested: 'customer.application.changes_requested',
} as const

export const decisions = ['approve', 'reject', 'request_changes'] as const
export type Decision = (typeof decisions)[number]

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

export interface CorporationDetails {
  legalName: string | null
  tradingName: string | null
  registrationNumber: string | null
  taxId: string | null
  address: Address | null
  /** ISO 3166-1 alpha-2 of the address. */
  country: string | null
  /** False: the control person declares that nobody owns 25 % or more. */
  hasBeneficialOwners: boolean | null
}

/** What an operator decided, and why. */
export interface MadeDecision {
  decision: Decision
  reason: string
  actor: string
  at: number
}

/** Sealed. */
export interface ApplicationDetails {
  email: string
  phone: string | null
  /** Of a person: who applies. E-mail and phone stand beside it. */
  individual: IndividualDetails | null
  corporation: CorporationDetails | null
  /** The latest ones, oldest first: at most `decisionsKept`. */
  decisions: MadeDecision[]
}

/** An application may go back and forth for ever; its row stays small. */
export const decisionsKept = 50

export interface Application extends ApplicationDetails {
  id: string
  kind: CustomerKind
  status: ApplicationStatus
  /** The record that it is about: named when it was made, or made by its approval. */
  customerId: string | null
  accountCurrency: string
  termsAcceptedAt: number | null
  submittedAt: number | null
  decidedAt: number | null
  createdAt: number
  updatedAt: number
}

export const documentTypes = ['IDENTITY'] as const
export type DocumentType = (typeof documentTypes)[number]

export const documentStatuses = ['REQUIRED', 'UPLOADED'] as const
export type DocumentStatus = (typeof documentStatuses)[number]

/** A place for a document that the application needs; with the file, once that was sent. */
export interface ApplicationDocument {
  id: string
  applicationId: string
  /** Whose it is, in a corporation. */
  individualId: string | null
  type: DocumentType
  status: DocumentStatus
  file: DocumentFile | null
  createdAt: number
  uploadedAt: number | null
}

/** Sealed. */
export interface DocumentFile {
  /** Safe. */
  name: string
  description: string | null
  contentType: ContentType
  size: number
  /** Hexadecimal. */
  sha256: string
}

/** With everything that belongs to it. */
export interface ApplicationFolder {
  application: Application
  individuals: Individual[]
  documents: ApplicationDocument[]
}
