// Owns the proof of the application's machine: every pair of states, and random histories.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import {
  type ApplicationStatus,
  applicationErrors,
  applicationMachine,
  applicationStatuses,
  changeableStatuses,
} from './application.ts'

const allowed: Record<ApplicationStatus, ApplicationStatus[]> = {
  INCOMPLETE: ['READY_FOR_SUBMISSION'],
  READY_FOR_SUBMISSION: ['INCOMPLETE', 'SUBMITTED'],
  SUBMITTED: ['PROCESSING', 'APPROVED', 'REJECTED', 'CHANGES_REQUESTED'],
  PROCESSING: ['APPROVED', 'REJECTED', 'CHANGES_REQUESTED'],
  APPROVED: [],
  REJECTED: [],
  CHANGES_REQUESTED: ['SUBMITTED'],
}
const pairs = applicationStatuses.flatMap((from) =>
  applicationStatuses.map((to): [ApplicationStatus, ApplicationStatus] => [from, to]),
)

test.each(pairs)('%s to %s moves, or is refused with the moves that are allowed', (from, to) => {
  if (allowed[from].includes(to)) {
    expect(() => applicationMachine.checkMove(from, to)).not.toThrow()
    return
  }
  const may = allowed[from].join(', ') || 'nothing'
  const words = `It is ${from} and cannot become ${to}; from ${from} it may become: ${may}.`
  expect(() => applicationMachine.checkMove(from, to)).toThrow(
    new AppError(applicationErrors.application_status_refused, { detail: words }),
  )
})

const historiesMax = 100_000

test('no history approves what was never submitted, leaves an end, or changes what is decided', () => {
  const move = fc.constantFrom(...applicationStatuses)
  fc.assert(
    fc.property(fc.array(move, { maxLength: 12 }), (moves) => {
      let status: ApplicationStatus = 'INCOMPLETE'
      let isSubmitted = false
      for (const to of moves) {
        if (!applicationMachine.canMove(status, to)) continue
        if (status === 'APPROVED' || status === 'REJECTED') throw new Error('an end was left')
        if (to === 'SUBMITTED') isSubmitted = true
        if (to === 'APPROVED' && !isSubmitted) throw new Error('approved without submission')
        if (to === 'APPROVED' && changeableStatuses.includes(status)) {
          throw new Error('approved while it could be changed')
        }
        status = to
      }
    }),
    { numRuns: historiesMax },
  )
})
