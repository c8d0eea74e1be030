// Owns the proof that payment intents, invoices and subscriptions move only as their tables say.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import type { Machine } from '../status.ts'
import { invoiceMachine, invoiceStatusAt, invoiceStatuses } from './invoice.ts'
import { intentMachine, intentStatuses } from './payment-intent.ts'
import { checkBecomesActive, subscriptionMachine, subscriptionStatuses } from './subscription.ts'

/** The tables, written down a second time. */
const intentMoves = `
  CREATED AUTHORIZED CANCELLED EXPIRED PAST_DUE
  PAST_DUE AUTHORIZED CANCELLED EXPIRED
  AUTHORIZED CAPTURING CAPTURED CAPTURE_FAILED CANCELLED EXPIRED
  CAPTURING CAPTURED CAPTURE_FAILED
  CAPTURE_FAILED CAPTURING CAPTURED CANCELLED EXPIRED
  CAPTURED SETTLED PARTIALLY_REFUNDED REFUNDED DISPUTED
  PARTIALLY_REFUNDED REFUNDED SETTLED DISPUTED
  SETTLED PARTIALLY_REFUNDED REFUNDED DISPUTED
  DISPUTED DISPUTE_RESOLVED DISPUTE_LOST
  DISPUTE_RESOLVED SETTLED REFUNDED`
const invoiceMoves = `
  DRAFT OPEN VOID
  OPEN PAID PAST_DUE VOID UNCOLLECTIBLE
  PAST_DUE PAID VOID UNCOLLECTIBLE
  UNCOLLECTIBLE PAID VOID`
const subscriptionMoves = `
  CREATED TRIALING ACTIVE CANCELLED
  TRIALING ACTIVE PAST_DUE PAUSED CANCELLED
  ACTIVE PAST_DUE PAUSED CANCELLED
  PAST_DUE ACTIVE PAUSED CANCELLED
  PAUSED ACTIVE CANCELLED`

interface Subject {
  name: string
  machine: Machine<string>
  statuses: readonly string[]
  moves: string
}

/** A machine over any text: what is not one of its states is never asked of it here. */
function subject<State extends string>(
  name: string,
  machine: Machine<State>,
  { statuses, moves }: { statuses: readonly State[]; moves: string },
): Subject {
  const stateOf = (text: string) => {
    const state = statuses.find((one) => one === text)
    if (state === undefined) throw new Error(`${text} is no state`)
    return state
  }
  return {
    name,
    statuses,
    moves,
    machine: {
      states: machine.states,
      movesFrom: (state) => machine.movesFrom(stateOf(state)),
      canMove: (from, to) => machine.canMove(stateOf(from), stateOf(to)),
      checkMove: (from, to) => machine.checkMove(stateOf(from), stateOf(to)),
    },
  }
}

const subjects = [
  subject('payment intent', intentMachine, { statuses: intentStatuses, moves: intentMoves }),
  subject('invoice', invoiceMachine, { statuses: invoiceStatuses, moves: invoiceMoves }),
  subject('subscription', subscriptionMachine, {
    statuses: subscriptionStatuses,
    moves: subscriptionMoves,
  }),
]

describe.each(subjects)('$name', ({ machine, statuses, moves }) => {
  const table = new Map(
    moves
      .trim()
      .split('\n')
      .map((line) => line.trim().split(' '))
      .map(([from = '', ...to]) => [from, to]),
  )
  const allowedFrom = (from: string) => table.get(from) ?? []

  test('every pair of states is a move exactly when the table has it', () => {
    for (const from of statuses) {
      expect([from, ...machine.movesFrom(from)]).toEqual([from, ...allowedFrom(from)])
      for (const to of statuses) {
        const isMove = allowedFrom(from).includes(to)
        expect([from, to, machine.canMove(from, to)]).toEqual([from, to, isMove])
        expect([from, to, refusalOf(() => machine.checkMove(from, to)) === null]).toEqual([
          from,
          to,
          isMove,
        ])
      }
    }
    expect([...machine.states].toSorted()).toEqual([...statuses].toSorted())
  })

  test('no sequence of moves leaves the table, and a refusal lists what is allowed', () => {
    const sequences = fc.array(fc.constantFrom(...statuses), { maxLength: 30 })
    fc.assert(
      fc.property(fc.constantFrom(...statuses), sequences, (start, wanted) => {
        let status = start
        for (const next of wanted) {
          const refusal = refusalOf(() => machine.checkMove(status, next))
          const allowed = allowedFrom(status)
          expect(refusal === null).toBe(allowed.includes(next))
          if (refusal === null) status = next
          else {
            expect(refusal.definition.kind).toBe('conflict')
            const list = allowed.length === 0 ? 'nothing' : allowed.join(', ')
            expect(refusal.message).toContain(`it may become: ${list}.`)
          }
        }
      }),
    )
  })
})

test('only a paused subscription is resumed, and only one that is not is activated', () => {
  for (const status of subscriptionStatuses) {
    const ways = (['activate', 'resume'] as const).map((by) => {
      const refusal = refusalOf(() => checkBecomesActive(status, by))
      return refusal === null ? by : refusal.definition.code
    })
    const no = 'subscription_status_refused'
    const expected = {
      CREATED: ['activate', no],
      TRIALING: ['activate', no],
      PAST_DUE: ['activate', no],
      PAUSED: [no, 'resume'],
      ACTIVE: [no, no],
      CANCELLED: [no, no],
    }
    expect([status, ...ways]).toEqual([status, ...expected[status]])
  }
  const refusal = refusalOf(() => checkBecomesActive('CREATED', 'resume'))
  expect(refusal?.message).toContain('it becomes ACTIVE by activate, not by resume')
  expect(refusal?.message).toContain('it may become: TRIALING, ACTIVE, CANCELLED.')
})

test('an open invoice alone is past due, from the instant on which it is due', () => {
  for (const status of invoiceStatuses) {
    const at = (dueAt: number | null, now: number) => invoiceStatusAt({ status, dueAt }, now)
    const late = status === 'OPEN' ? 'PAST_DUE' : status
    expect([at(null, 1_000), at(1_000, 999), at(1_000, 1_000)]).toEqual([status, status, late])
  }
})

function refusalOf(act: () => void): AppError | null {
  try {
    act()
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
