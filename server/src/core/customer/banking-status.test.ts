// Owns the tests of the table of statuses: every move, every permission, any number of histories.
import { describe, expect, test } from 'vitest'
import { refused } from '../../../../test/refused.ts'
import { type ApplicationStatus, applicationMachine } from '../applications/application.ts'
import {
  type BankingStatus,
  bankingMachine,
  bankingPermissions,
  bankingStatuses,
  permits,
  requirePermission,
} from './banking-status.ts'

/** The product's public table: read, update, transact, and what a status may become. */
const table: Record<BankingStatus, [boolean, boolean, boolean, BankingStatus[]]> = {
  ACTIVE: [true, true, true, ['EDD', 'DORMANT', 'CLOSED', 'FROZEN']],
  EDD: [true, true, true, ['ACTIVE', 'CLOSED', 'FROZEN']],
  PENDING: [true, true, false, ['ACTIVE', 'CLOSED']],
  FROZEN: [true, true, false, ['ACTIVE', 'CLOSED', 'EDD']],
  DORMANT: [true, true, true, ['ACTIVE', 'CLOSED', 'EDD']],
  CLOSED: [true, false, false, []],
}

test.each(bankingStatuses)('%s permits and may become what the public table says', (status) => {
  const [read, update, transact, moves] = table[status]
  expect(bankingPermissions[status]).toEqual({ read, update, transact })
  expect(bankingMachine.movesFrom(status)).toEqual(moves)
  expect(bankingMachine.states).toContain(status)
})

describe('requirePermission', () => {
  const cases = bankingStatuses.flatMap((bankingStatus) =>
    (['update', 'transact'] as const).map((act) => ({ bankingStatus, act })),
  )

  test.each(cases)('$bankingStatus, $act', async ({ bankingStatus, act }) => {
    const isPermitted = table[bankingStatus][act === 'update' ? 1 : 2]
    expect(permits(bankingStatus, act)).toBe(isPermitted)
    const work = async () => requirePermission({ bankingStatus }, act)
    if (isPermitted) {
      await work()
      return
    }
    const error = await refused(work)
    expect(error.definition.code).toBe('customer_status_forbids')
    expect(error.message).toContain(`is ${bankingStatus}; it may `)
    const permitting = act === 'update' ? 'ACTIVE, PENDING, EDD, FROZEN' : 'ACTIVE, EDD, DORMANT'
    expect(error.message).toContain(permitting)
  })

  test('whoever is no customer of the bank may do everything', () => {
    for (const act of ['update', 'transact'] as const) {
      expect(() => requirePermission({ bankingStatus: null }, act)).not.toThrow()
    }
  })
})

/** mulberry32: a seed makes the same history again. */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

interface Walked {
  application: ApplicationStatus
  customer: BankingStatus | null
}

/** One try at any move of either machine; an approval makes the customer, and nothing else does. */
function step(at: Walked, pick: (below: number) => number): Walked {
  if (pick(2) === 0 || at.customer === null) {
    const to = applicationMachine.states[pick(applicationMachine.states.length)] ?? 'INCOMPLETE'
    if (!applicationMachine.canMove(at.application, to)) return at
    return { application: to, customer: to === 'APPROVED' ? 'ACTIVE' : at.customer }
  }
  const to = bankingStatuses[pick(bankingStatuses.length)] ?? 'ACTIVE'
  return bankingMachine.canMove(at.customer, to) ? { ...at, customer: to } : at
}

test('in 100,000 random histories nothing transacts without approval, and CLOSED is the end', () => {
  const reached = new Set<string>()
  let moves = 0
  for (let seed = 1; seed <= 100_000; seed += 1) {
    const pick = randomOf(seed)
    let at: Walked = { application: 'INCOMPLETE', customer: null }
    for (let count = 0; count < 30; count += 1) {
      const before = at
      at = step(at, pick)
      if (at === before) continue
      moves += 1
      const isOver = before.customer === 'CLOSED' || before.application === 'REJECTED'
      const transacts = at.customer !== null && permits(at.customer, 'transact')
      const isWrong =
        (before.customer === 'CLOSED' && at.customer !== 'CLOSED') ||
        (isOver && permits(before.customer ?? 'CLOSED', 'update') && at !== before) ||
        (transacts && at.application !== 'APPROVED') ||
        (at.customer !== null && at.application !== 'APPROVED')
      if (isWrong) throw new Error(`seed ${seed}: ${JSON.stringify([before, at])}`)
    }
    reached.add(`${at.application} ${at.customer}`)
  }
  expect(moves).toBeGreaterThan(100_000)
  // The walk is worth something only where it comes to every status.
  for (const status of bankingStatuses.filter((one) => one !== 'PENDING')) {
    expect(reached).toContain(`APPROVED ${status}`)
  }
  expect(reached).toContain('REJECTED null')
})
