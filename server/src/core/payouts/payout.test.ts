// Owns the proof that a payout moves only as its table says, alone and through the service.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import type { Context } from '../context.ts'
import { createCustomer, requireCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { listEvents } from '../events/event-service.ts'
import {
  type Payout,
  type PayoutStatus,
  payoutAttemptsMax,
  payoutMachine,
  payoutStatuses,
} from './payout.ts'
import { cancelPayout, createPayout, getPayout } from './payout-service.ts'
import { recordPayoutOutcome, transferPayout } from './payout-transfer.ts'
import type { Rail, TransferOutcome } from './rail.ts'

/** The contract's table, written down a second time. */
const moves: [from: PayoutStatus, to: PayoutStatus][] = [
  ['pending', 'processing'],
  ['pending', 'cancelled'],
  ['processing', 'completed'],
  ['processing', 'failed'],
]
const isMove = (from: PayoutStatus, to: PayoutStatus) =>
  moves.some(([before, after]) => before === from && after === to)

describe('the machine', () => {
  const pairs = payoutStatuses.flatMap((from) => payoutStatuses.map((to) => [from, to] as const))

  test.each(pairs)('%s → %s is a move exactly when the table has it', (from, to) => {
    expect(payoutMachine.canMove(from, to)).toBe(isMove(from, to))
    expect(payoutMachine.movesFrom(from).includes(to)).toBe(isMove(from, to))
  })

  test('knows the five states and no other', () => {
    expect([...payoutMachine.states].toSorted()).toEqual([...payoutStatuses].toSorted())
  })

  test('no sequence of moves leaves the table, and a refusal lists what is allowed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...payoutStatuses), { maxLength: 20 }), (wanted) => {
        let status: PayoutStatus = 'pending'
        for (const next of wanted) {
          const refusal = refusalOf(() => payoutMachine.checkMove(status, next))
          expect(refusal === null).toBe(isMove(status, next))
          if (refusal === null) status = next
          else expect(refusal).toContain(`it may become: ${allowedFrom(status)}.`)
        }
        expect(wanted.length === 0 || payoutStatuses.includes(status)).toBe(true)
      }),
    )
  })

  test('completed, failed and cancelled are final', () => {
    const ends = payoutStatuses.filter((status) => payoutMachine.movesFrom(status).length === 0)
    expect(ends).toEqual(['completed', 'failed', 'cancelled'])
  })
})

describe('through the service', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.close())

  const steps = [
    'cancel',
    'tryAndComplete',
    'tryAndFail',
    'recordCompleted',
    'recordFailed',
  ] as const
  type Step = (typeof steps)[number]

  const failure: TransferOutcome = { state: 'failed', reason: 'Refused by the test.' }
  const completion: TransferOutcome = { state: 'completed' }
  const railThat = (outcome: TransferOutcome): Rail => ({ transfer: async () => outcome })

  function take(context: Context, id: string, step: Step): Promise<unknown> {
    switch (step) {
      case 'cancel':
        return cancelPayout(context, id)
      case 'tryAndComplete':
        return transferPayout(context, id, railThat(completion))
      case 'tryAndFail':
        return transferPayout(context, id, railThat(failure))
      case 'recordCompleted':
        return recordPayoutOutcome(context, id, completion)
      case 'recordFailed':
        return recordPayoutOutcome(context, id, failure)
    }
  }

  async function acceptedPayout() {
    const context = server.contextOf(server.testApp)
    const { id: customerId } = await createCustomer(context, { kind: 'individual', name: 'Ana' })
    const target = { cbu: '0070327530004025541644', name: null, cuit: null }
    const payout = await createPayout(context, {
      amount: '1.00',
      currency: 'ARS',
      customerId,
      ...target,
    })
    const typesOf = async () => {
      const dataKey = await requireCustomer(context, customerId)
      const events = await listEvents(context, { customerId, dataKey, afterVersion: 2 })
      return events.map((event) => event.type.replace('customer.payout.', ''))
    }
    return { context, payout, typesOf }
  }

  test('whatever is asked in whatever order, each change is one of the table', async () => {
    const sequence = fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(sequence, async (wanted) => {
        const { context, payout, typesOf } = await acceptedPayout()
        let before = payout
        for (const step of wanted) {
          const isRefused = await take(context, payout.id, step).then(
            () => false,
            (error: unknown) => isStatusRefusal(error),
          )
          const after = await getPayout(context, payout.id)
          if (isRefused) expect(after).toEqual(before)
          expectReachable(before, after)
          before = after
        }
        expectHistory(await typesOf(), before)
      }),
      { numRuns: 40 },
    )
  })

  test('it fails at the third refusal of the rail, and not before', async () => {
    const { context, payout, typesOf } = await acceptedPayout()
    const progress: string[] = []
    for (let attempt = 1; attempt <= payoutAttemptsMax + 1; attempt += 1) {
      progress.push(await transferPayout(context, payout.id, railThat(failure)))
    }
    expect(progress).toEqual(['again', 'again', 'done', 'done'])
    expect(await getPayout(context, payout.id)).toMatchObject({ status: 'failed', attempts: 3 })
    expect(await typesOf()).toEqual(['submitted', 'retried', 'retried', 'failed'])
  })

  test('a rail that cannot be reached counts no attempt', async () => {
    const { context, payout, typesOf } = await acceptedPayout()
    const rail: Rail = { transfer: () => Promise.reject(new Error('no line')) }
    await expect(transferPayout(context, payout.id, rail)).rejects.toThrow('no line')
    const after = await getPayout(context, payout.id)
    expect(after).toMatchObject({ status: 'processing', attempts: 0, errorMessage: null })
    expect(await typesOf()).toEqual(['submitted'])
  })
})

/** One step reaches the same status, the next one, or a final one by way of processing. */
function expectReachable(before: Payout, after: Payout): void {
  const isStep =
    before.status === after.status ||
    isMove(before.status, after.status) ||
    (isMove(before.status, 'processing') && isMove('processing', after.status))
  expect(isStep, `${before.status} → ${after.status}`).toBe(true)
  expect(after.attempts - before.attempts).toBeOneOf([0, 1])
  expect(after.attempts).toBeLessThanOrEqual(payoutAttemptsMax)
  expect(after.completedAt === null).toBe(after.status !== 'completed')
  expect(after.errorMessage === null || after.status !== 'completed').toBe(true)
}

/** The history tells the same story as the payout, and ends once. */
function expectHistory(types: string[], payout: Payout): void {
  const ends = types.filter((type) => ['completed', 'failed', 'cancelled'].includes(type))
  const isFinal = payoutMachine.movesFrom(payout.status).length === 0
  expect(ends).toEqual(isFinal ? [payout.status] : [])
  if (isFinal) expect(types.at(-1)).toBe(payout.status)
  expect(types.filter((type) => type === 'submitted').length).toBeLessThanOrEqual(1)
}

function allowedFrom(status: PayoutStatus): string {
  const allowed = moves.filter(([from]) => from === status).map(([, to]) => to)
  return allowed.length === 0 ? 'nothing' : allowed.join(', ')
}

function refusalOf(work: () => void): string | null {
  try {
    work()
    return null
  } catch (error) {
    if (!isStatusRefusal(error)) throw error
    return error.message
  }
}

function isStatusRefusal(error: unknown): error is AppError {
  if (error instanceof AppError && error.definition.code === 'payout_status_refused') return true
  throw error
}
