// Owns the vocabulary of registrations: a customer at a provider in a role.
import type { Json } from '../../lib/canonical.ts'
import { defineErrors } from '../errors.ts'
import type { ProviderName, ProviderRole, RequiredAction, SyncField } from '../provider.ts'
import { defineMachine } from '../status.ts'

export interface Registration extends RegistrationDetails {
  id: string
  customerId: string
  provider: ProviderName
  role: ProviderRole
  status: RegistrationStatus
  /** The provider's id of the customer. */
  remoteId: string | null
  actionRequired: RequiredAction | null
  /** The provider's time of the newest state that was taken over. */
  statedAt: number | null
  /** When the creation at the provider was first tried. */
  claimedAt: number | null
  createdAt: number
  updatedAt: number
}

/** Sealed together at rest: a caller may put anything into `providerData`. */
export interface RegistrationDetails {
  providerData: Record<string, Json>
  /** What the provider said: ids, capabilities. */
  facts: Record<string, Json>
  actionUrl: string | null
  rejectionReason: string | null
  failureReasons: string[]
  /** Required fields that the record does not have, in the core's names. */
  missing: string[]
  /** Whether files have gone out since the provider asked for documents. */
  hasSentDocuments: boolean
}

/** What was last pushed of one field. */
export interface PushedField {
  field: SyncField
  /** Keyed hash of our value. */
  valueHash: Uint8Array
  /** `registered`: it went along when the registration was made. */
  outcome: 'registered' | 'updated' | 'unchanged' | 'unsupported' | 'failed'
  reason: string | null
  pushedAt: number
}

export const registrationErrors = defineErrors({
  registration_move_refused: {
    kind: 'conflict',
    title: 'Status does not allow it',
    detail: 'The status of the registration does not allow this.',
    fix: 'Read the registration again, and make one of the moves that are allowed.',
  },
  registration_not_found: {
    kind: 'missing',
    title: 'Not registered',
    detail: 'The customer is not registered at this provider.',
    fix: 'Register the customer there first.',
  },
  role_unsupported: {
    kind: 'invalid',
    title: 'Role not known there',
    detail: 'role: is not a role of this provider.',
    fix: 'Choose one of the roles that the provider has.',
  },
})

/** The provider's word counts: from any state that it has seen, it may move to any of its own. */
const stated = [
  'awaiting_confirmation',
  'processing',
  'approved',
  'rejected',
  'restricted',
  'cancelled',
] as const

export const registrationStatuses = ['not_submitted', 'submitted', ...stated, 'error'] as const
export type RegistrationStatus = (typeof registrationStatuses)[number]

export const registrationMachine = defineMachine<RegistrationStatus>(
  {
    not_submitted: ['submitted', 'cancelled'],
    submitted: [...stated, 'error'],
    awaiting_confirmation: [...stated, 'submitted', 'error'],
    processing: [...stated, 'error'],
    approved: stated,
    rejected: [...stated, 'submitted'],
    restricted: [...stated, 'error'],
    cancelled: [...stated, 'submitted'],
    error: [...stated, 'submitted'],
  },
  registrationErrors.registration_move_refused,
)

export const registrationEvents = {
  opened: 'customer.registration.opened',
  submitted: 'customer.registration.submitted',
  changed: 'customer.registration.changed',
  failed: 'customer.registration.failed',
  moved: 'customer.registration.moved',
  synced: 'customer.registration.synced',
  filesScheduled: 'customer.registration.files.scheduled',
} as const

export const registrationJobs = {
  submit: 'registration.submit',
  poll: 'registration.poll',
  sync: 'registration.sync',
  notice: 'registration.notice',
  file: 'registration.file',
} as const

/** What a job answers: over, once more after its schedule's wait, or after this one. */
export type Progress = 'done' | 'again' | { againAfterMs: number }
