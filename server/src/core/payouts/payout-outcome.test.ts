// Owns the rules of outcomes that an operator records, and the model that payouts are held against.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { type PayoutStatus, payoutErrors } from './payout.ts'
import { cancelPayout, createPayout, getPayout } from './payout-service.ts'
import { recordPayoutOutcome, transferPayout } from './payout-transfer.ts'
import type { Rail, TransferOutcome } from './rail.ts'

let server: TestServer
let context: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const completed: TransferOutcome = { state: 'completed' }
const failed: TransferOutcome = { state: 'failed', reason: 'The account is closed.' }

const newCustomer = async () =>
  (await createCustomer(context, { kind: 'individual', name: 'Ana' })).id

async function newPayout(customerId: string): Promise<string> {
  const target = { cbu: '0070327530004025541644', name: null, cuit: null }
  const input = { amount: '5000.00', currency: 'ARS', customerId, ...target }
  return (await createPayout(context, input)).id
}

/** A rail with one answer; without one it cannot be reached. */
const railWith = (outcome: TransferOutcome | null): Rail => ({
  async transfer() {
    if (outcome === null) throw new Error('no route')
    return outcome
  },
})

describe('recording an outcome', () => {
  test.each([
    [completed, { status: 'completed', errorMessage: null }, 'customer.payout.completed'],
    [
      failed,
      { status: 'failed', errorMessage: 'The account is closed.' },
      'customer.payout.failed',
    ],
  ] as const)('%j of a pending payout is submission and end in one event', async (...expected) => {
    const [outcome, state, type] = expected
    const customerId = await newCustomer()
    const id = await newPayout(customerId)
    const payout = await recordPayoutOutcome(context, id, outcome)
    expect(payout).toMatchObject({ ...state, attempts: 1, submittedAt: expect.any(Number) })
    expect(payout.completedAt).toBe(outcome === completed ? payout.submittedAt : null)
    expect(await getPayout(context, id)).toEqual(payout)
    const { submittedAt, completedAt } = payout
    const times = outcome === completed ? { submittedAt, completedAt } : { submittedAt }
    expect((await historyOf(context, customerId)).slice(2)).toEqual([
      {
        version: 3,
        type,
        actor: 'operator:test',
        changes: { payout: { id, ...state, attempts: 1, ...times } },
      },
    ])
  })

  test('of a payout that a rail is being asked for keeps when it was submitted', async () => {
    const customerId = await newCustomer()
    const id = await newPayout(customerId)
    await transferPayout(context, id, railWith(failed))
    const { submittedAt } = await getPayout(context, id)
    server.clock.advance(5_000)
    const payout = await recordPayoutOutcome(context, id, completed)
    expect(payout).toMatchObject({ status: 'completed', attempts: 2, submittedAt })
    expect(Number(payout.completedAt)).toBeGreaterThanOrEqual(Number(submittedAt) + 5_000)
  })

  test.each<[PayoutStatus, (id: string) => Promise<unknown>]>([
    ['completed', (id) => recordPayoutOutcome(context, id, completed)],
    ['failed', (id) => recordPayoutOutcome(context, id, failed)],
    ['cancelled', (id) => cancelPayout(context, id)],
  ])('of a payout that is %s is refused', async (status, end) => {
    const customerId = await newCustomer()
    const id = await newPayout(customerId)
    await end(id)
    const before = await getPayout(context, id)
    for (const outcome of [completed, failed]) {
      const refusal = await refused(() => recordPayoutOutcome(context, id, outcome))
      expect(refusal.definition).toBe(payoutErrors.payout_status_refused)
      expect(refusal.message).toContain(`It is ${status} `)
    }
    expect(await getPayout(context, id)).toEqual(before)
    expect(await historyOf(context, customerId)).toHaveLength(3)
  })

  test('of ten at once one is recorded', async () => {
    const customerId = await newCustomer()
    const id = await newPayout(customerId)
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, at) =>
        recordPayoutOutcome(context, id, at % 2 === 0 ? completed : failed),
      ),
    )
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(await historyOf(context, customerId)).toHaveLength(3)
  })
})

/** The whole truth about a payout, in a few lines. */
interface ModelPayout {
  status: PayoutStatus
  attempts: number
  errorMessage: string | null
}

interface Step {
  act: 'create' | 'cancel' | 'transfer' | 'record'
  /** Which payout, counted round. */
  pick: number
  outcome: TransferOutcome | null
}

/** What the step answers, and what it leaves, by the contract's rules alone. */
function predict(payout: ModelPayout, { act, outcome }: Step): { answer: string; moves: string[] } {
  const { status } = payout
  const isOpen = status === 'pending' || status === 'processing'
  if (act === 'cancel') {
    if (status !== 'pending') return { answer: 'payout_status_refused', moves: [] }
    payout.status = 'cancelled'
    return { answer: 'cancelled', moves: ['cancelled'] }
  }
  if (act === 'transfer' && !isOpen) return { answer: 'done', moves: [] }
  if (!isOpen) return { answer: 'payout_status_refused', moves: [] }
  const moves = act === 'transfer' && status === 'pending' ? ['submitted'] : []
  payout.status = 'processing'
  if (outcome === null) return { answer: 'no route', moves }
  payout.attempts += 1
  payout.errorMessage = outcome.state === 'failed' ? outcome.reason : null
  if (outcome.state === 'failed' && act === 'transfer' && payout.attempts < 3) {
    return { answer: 'again', moves: [...moves, 'retried'] }
  }
  payout.status = outcome.state
  return { answer: act === 'transfer' ? 'done' : outcome.state, moves: [...moves, outcome.state] }
}

async function perform(id: string, step: Step): Promise<string> {
  try {
    if (step.act === 'cancel') return (await cancelPayout(context, id)).status
    if (step.act === 'transfer') return await transferPayout(context, id, railWith(step.outcome))
    return (await recordPayoutOutcome(context, id, step.outcome ?? failed)).status
  } catch (error) {
    if (error instanceof AppError) return error.definition.code
    return error instanceof Error ? error.message : 'unknown'
  }
}

const anyOutcome = fc.constantFrom(completed, failed, failed, null)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: stepOf('create', fc.constant(null)) },
  { weight: 2, arbitrary: stepOf('cancel', fc.constant(null)) },
  { weight: 6, arbitrary: stepOf('transfer', anyOutcome) },
  { weight: 1, arbitrary: stepOf('record', fc.constantFrom(completed, failed)) },
)

function stepOf(act: Step['act'], outcome: fc.Arbitrary<TransferOutcome | null>) {
  return fc.record({ act: fc.constant(act), pick: fc.nat({ max: 100 }), outcome })
}

test('any sequence of steps leaves what the model says, in payouts and in the history', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 25 }), async (steps) => {
      const customerId = await newCustomer()
      const ids = [await newPayout(customerId)]
      const model: ModelPayout[] = [{ status: 'pending', attempts: 0, errorMessage: null }]
      const moves = ['accepted']
      for (const step of steps) {
        const at = step.pick % ids.length
        const [id, payout] = [ids[at], model[at]]
        if (step.act === 'create') {
          ids.push(await newPayout(customerId))
          model.push({ status: 'pending', attempts: 0, errorMessage: null })
          moves.push('accepted')
        } else if (id && payout) {
          const predicted = predict(payout, step)
          expect(await perform(id, step)).toBe(predicted.answer)
          moves.push(...predicted.moves)
        }
      }
      const after = await Promise.all(ids.map((id) => getPayout(context, id)))
      expect(
        after.map(({ status, attempts, errorMessage }) => ({ status, attempts, errorMessage })),
      ).toEqual(model)
      const history = await historyOf(context, customerId)
      const types = history.slice(1).map((fact) => fact.type.replace('customer.payout.', ''))
      expect(types).toEqual(moves)
    }),
    { numRuns: 60 },
  )
})
