// Owns what all registrations of a customer together say of it: status, roles, and being in step.
import type { Context } from '../context.ts'
import type { Customer } from '../customer/customer.ts'
import { movesTowards, type OnboardingStatus } from '../customer/onboarding.ts'
import { type ProviderCustomer, syncFields } from '../provider.ts'
import type { Registration } from './registration.ts'
import { hashPushedValue } from './registration-seal.ts'
import type { StoredPushedField } from './registration-store.ts'

/** Least advanced first: with several registrations the last one in this order decides. */
const advance: readonly OnboardingStatus[] = [
  'REJECTED',
  'INITIATED',
  'INCOMPLETE',
  'PENDING',
  'PROCESSING',
  'IN_REVIEW',
  'DOCUMENT_REQUIRED',
  'DOCUMENT_PENDING',
  'AWAITING_CONFIRMATION',
  'APPROVED',
]

export interface Standing {
  onboardingStatus?: OnboardingStatus
  /** The moves that led there, each allowed by the machine. */
  onboardingMoves?: OnboardingStatus[]
  roles?: string[]
  isSynced?: boolean
  syncedAt?: number
}

/** The members that differ from what the customer says now. */
export function standingOf(
  context: Context,
  customer: Customer & ProviderCustomer,
  registrations: Registration[],
  pushed: StoredPushedField[],
): Standing {
  const moves = movesOf(customer, registrations)
  const roles = [...new Set(registrations.filter(isOpen).map(({ role }) => role))].sort()
  const isSynced = isInStep(context, customer, registrations, pushed)
  const last = moves.at(-1)
  return {
    ...(last === undefined ? {} : { onboardingStatus: last, onboardingMoves: moves }),
    ...(roles.join() === customer.roles.join() ? {} : { roles }),
    ...(isSynced === customer.isSynced ? {} : { isSynced }),
    ...(isSynced && !customer.isSynced ? { syncedAt: context.clock.now() } : {}),
  }
}

function movesOf(customer: Customer, registrations: Registration[]): OnboardingStatus[] {
  const targets = registrations.flatMap((registration) => targetOf(registration) ?? [])
  const rank = (status: OnboardingStatus) => advance.indexOf(status)
  const target = targets.sort((left, right) => rank(right) - rank(left))[0]
  return target === undefined ? [] : movesTowards(customer.onboardingStatus, target)
}

/** What one registration alone would make of the customer; `null`: it has no say. */
function targetOf(registration: Registration): OnboardingStatus | null {
  const { status, actionRequired, missing, hasSentDocuments } = registration
  const asksForDocuments = actionRequired === 'upload_documents'
  const isUnderWay = ['awaiting_confirmation', 'processing', 'restricted'].includes(status)
  if (asksForDocuments && isUnderWay) {
    return hasSentDocuments ? 'DOCUMENT_PENDING' : 'DOCUMENT_REQUIRED'
  }
  switch (status) {
    case 'not_submitted':
      return missing.length > 0 ? 'INCOMPLETE' : 'INITIATED'
    case 'submitted':
      return 'PENDING'
    case 'processing':
      return 'PROCESSING'
    case 'awaiting_confirmation':
      return 'AWAITING_CONFIRMATION'
    case 'restricted':
      return 'IN_REVIEW'
    case 'approved':
      return 'APPROVED'
    case 'rejected':
    // Gone there: as little use to us, and without a word of its own among the twelve.
    case 'cancelled':
      return 'REJECTED'
    default:
      return null
  }
}

const isOpen = ({ status }: Registration) => status !== 'cancelled' && status !== 'error'

/** Every registration that the provider knows has received each field, or cannot take it. */
function isInStep(
  context: Context,
  customer: ProviderCustomer,
  registrations: Registration[],
  pushed: StoredPushedField[],
): boolean {
  const known = registrations.filter(
    (registration) =>
      registration.remoteId !== null && isOpen(registration) && registration.status !== 'rejected',
  )
  return (
    known.length > 0 &&
    known.every(({ id }) =>
      syncFields.every((field) => {
        const last = pushed.find((one) => one.registrationId === id && one.field === field)
        if (!last || last.outcome === 'failed') return false
        if (last.outcome === 'unsupported') return true
        return Buffer.compare(last.valueHash, hashPushedValue(context, field, customer)) === 0
      }),
    )
  )
}
