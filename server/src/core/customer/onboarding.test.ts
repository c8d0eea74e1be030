// Owns the proof of the twelve statuses: the contract's table, and walks that keep to it.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { movesTowards, onboardingMachine, onboardingStatuses } from './onboarding.ts'

/** contracts/orchestration.md, row by row. */
const table: Record<string, string> = {
  NOT_STARTED: 'INITIATED',
  INITIATED: 'INCOMPLETE, PENDING',
  INCOMPLETE: 'PENDING',
  PENDING: 'PROCESSING, DOCUMENT_REQUIRED, REJECTED',
  PROCESSING: 'IN_REVIEW, DOCUMENT_REQUIRED, AWAITING_CONFIRMATION, APPROVED, REJECTED',
  IN_REVIEW: 'DOCUMENT_REQUIRED, AWAITING_CONFIRMATION, APPROVED, REJECTED',
  DOCUMENT_REQUIRED: 'DOCUMENT_PENDING, REJECTED',
  DOCUMENT_PENDING: 'DOCUMENT_APPROVED, DOCUMENT_REQUIRED, REJECTED',
  DOCUMENT_APPROVED: 'PROCESSING, IN_REVIEW, APPROVED, REJECTED',
  AWAITING_CONFIRMATION: 'APPROVED, REJECTED',
  APPROVED: 'IN_REVIEW, DOCUMENT_REQUIRED',
  REJECTED: 'INITIATED',
}

test('every pair of states moves as the table says, and a refusal lists what is allowed', () => {
  expect(onboardingStatuses).toHaveLength(12)
  for (const from of onboardingStatuses) {
    const allowed = table[from]?.split(', ') ?? []
    expect(onboardingMachine.movesFrom(from)).toEqual(allowed)
    for (const to of onboardingStatuses) {
      if (allowed.includes(to)) onboardingMachine.checkMove(from, to)
      else
        expect(() => onboardingMachine.checkMove(from, to)).toThrow(
          `it may become: ${table[from]}.`,
        )
    }
  }
})

const anyStatus = fc.constantFrom(...onboardingStatuses)

test('a walk makes only allowed moves, approves nobody on its way, and reaches every target', () => {
  fc.assert(
    fc.property(anyStatus, fc.array(anyStatus, { maxLength: 8 }), (start, targets) => {
      let status = start
      for (const target of targets) {
        const moves = movesTowards(status, target)
        for (const next of moves) {
          expect(onboardingMachine.canMove(status, next)).toBe(true)
          status = next
        }
        expect(moves.slice(0, -1)).not.toContain('APPROVED')
        // Nobody goes back to before the beginning.
        if (target !== 'NOT_STARTED') expect(status).toBe(target)
      }
    }),
    { numRuns: 10_000 },
  )
})

test('a walk begins anew by REJECTED only where there is no other way', () => {
  expect(movesTowards('PENDING', 'APPROVED')).toEqual(['PROCESSING', 'APPROVED'])
  expect(movesTowards('DOCUMENT_REQUIRED', 'PROCESSING')).toEqual([
    'DOCUMENT_PENDING',
    'DOCUMENT_APPROVED',
    'PROCESSING',
  ])
  expect(movesTowards('AWAITING_CONFIRMATION', 'PENDING')).toEqual([
    'REJECTED',
    'INITIATED',
    'PENDING',
  ])
})
