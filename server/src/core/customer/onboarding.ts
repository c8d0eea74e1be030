// Owns the twelve statuses of a customer on the way to being usable at providers.
//
// Names: the orchestration product's public list. Moves: contracts/orchestration.md, ours.
import { defineErrors } from '../errors.ts'
import { defineMachine } from '../status.ts'

export const onboardingErrors = defineErrors({
  onboarding_move_refused: {
    kind: 'conflict',
    title: 'Status does not allow it',
    detail: 'The status of the customer does not allow this move.',
    fix: 'Read the customer again, and make one of the moves that are allowed.',
  },
})

export const onboardingStatuses = [
  'NOT_STARTED',
  'INITIATED',
  'INCOMPLETE',
  'PENDING',
  'PROCESSING',
  'IN_REVIEW',
  'DOCUMENT_REQUIRED',
  'DOCUMENT_PENDING',
  'DOCUMENT_APPROVED',
  'AWAITING_CONFIRMATION',
  'APPROVED',
  'REJECTED',
] as const
export type OnboardingStatus = (typeof onboardingStatuses)[number]

export const onboardingMachine = defineMachine<OnboardingStatus>(
  {
    NOT_STARTED: ['INITIATED'],
    INITIATED: ['INCOMPLETE', 'PENDING'],
    INCOMPLETE: ['PENDING'],
    PENDING: ['PROCESSING', 'DOCUMENT_REQUIRED', 'REJECTED'],
    PROCESSING: ['IN_REVIEW', 'DOCUMENT_REQUIRED', 'AWAITING_CONFIRMATION', 'APPROVED', 'REJECTED'],
    IN_REVIEW: ['DOCUMENT_REQUIRED', 'AWAITING_CONFIRMATION', 'APPROVED', 'REJECTED'],
    DOCUMENT_REQUIRED: ['DOCUMENT_PENDING', 'REJECTED'],
    DOCUMENT_PENDING: ['DOCUMENT_APPROVED', 'DOCUMENT_REQUIRED', 'REJECTED'],
    DOCUMENT_APPROVED: ['PROCESSING', 'IN_REVIEW', 'APPROVED', 'REJECTED'],
    AWAITING_CONFIRMATION: ['APPROVED', 'REJECTED'],
    APPROVED: ['IN_REVIEW', 'DOCUMENT_REQUIRED'],
    REJECTED: ['INITIATED'],
  },
  onboardingErrors.onboarding_move_refused,
)

/**
 * The moves that lead from one status to another, each allowed by the machine: the shortest run
 * that does not pass through APPROVED, and through REJECTED (a new beginning) only where there is
 * no other. Empty when the status is there already.
 */
export function movesTowards(from: OnboardingStatus, to: OnboardingStatus): OnboardingStatus[] {
  if (from === to) return []
  return shortest(from, to, ['APPROVED', 'REJECTED']) ?? shortest(from, to, ['APPROVED']) ?? []
}

function shortest(
  from: OnboardingStatus,
  to: OnboardingStatus,
  avoided: OnboardingStatus[],
): OnboardingStatus[] | null {
  let runs: OnboardingStatus[][] = [[from]]
  const seen = new Set<OnboardingStatus>([from, ...avoided.filter((status) => status !== to)])
  while (runs.length > 0) {
    const longer: OnboardingStatus[][] = []
    for (const run of runs) {
      for (const next of onboardingMachine.movesFrom(run.at(-1) ?? from)) {
        if (next === to) return [...run.slice(1), next]
        if (seen.has(next)) continue
        seen.add(next)
        longer.push([...run, next])
      }
    }
    runs = longer
  }
  return null
}
