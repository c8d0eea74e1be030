// Owns the proof that nothing depends on when the worker comes by: neither state nor history.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { runs, runsMsMax } from '../../../../test/runs.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { rollSubscription } from './period-service.ts'
import type { Subscription } from './subscription.ts'
import {
  activateSubscription,
  cancelSubscription,
  createSubscription,
  getSubscription,
  pauseSubscription,
  resumeSubscription,
} from './subscription-service.ts'

let server: TestServer
let now = 0
let context: Context
beforeAll(async () => {
  server = await startTestServer()
  const own = server.contextOf(server.testApp)
  context = { ...own, clock: { ...own.clock, now: () => now } }
})
afterAll(() => server.close())

type Act = (id: string) => Promise<unknown>
const acts: Record<string, Act> = {
  activate: (id) => activateSubscription(context, id, { walletId: null }),
  pause: (id) => pauseSubscription(context, id),
  resume: (id) => resumeSubscription(context, id),
  cancel: (id) => cancelSubscription(context, id, { cancelAtPeriodEnd: false }),
  'cancel with its period': (id) => cancelSubscription(context, id, { cancelAtPeriodEnd: true }),
}

/** Acts that keep it alive are tried the more often. */
const names = fc.constantFrom(
  ...['activate', 'activate', 'pause', 'pause', 'resume', 'resume'],
  ...['cancel', 'cancel with its period', 'none', 'none'],
)
const dayMs = 86_400_000
const step = fc.record({ act: names, passed: fc.integer({ min: 0, max: 75 * dayMs }) })
const beginning = fc.integer({ min: Date.parse('2027-01-01'), max: Date.parse('2029-01-01') })

async function made(): Promise<Subscription> {
  const { id: customerId } = await createCustomer(context, { kind: 'individual', name: 'Ada' })
  const plan = { planId: 'plan', priceId: 'price', metadata: {} }
  return createSubscription(context, { customerId, ...plan })
}

async function tried(act: Act | undefined, id: string): Promise<string> {
  try {
    await act?.(id)
    return 'done'
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}

interface Told {
  type: string
  actor: string
  set: Partial<Subscription>
}

/** What it says of itself, without the ids and when it was written. */
async function told({ id, customerId }: Subscription): Promise<{ state: object; moves: Told[] }> {
  const after = await getSubscription(context, id)
  const state = { ...after, id: null, customerId: null, updatedAt: null }
  const history = (await historyOf(context, customerId)).slice(2)
  const moves = history.map(({ type, actor, changes }) => {
    const { subscription } = changes as { subscription: Partial<Subscription> }
    const { id: _, ...set } = subscription
    return { type, actor, set }
  })
  return { state, moves }
}

test(
  'a worker that comes at each instant and one that comes at the end leave the same',
  async () => {
    await fc.assert(
      fc.asyncProperty(beginning, fc.array(step, { maxLength: 10 }), async (start, steps) => {
        now = start
        const [prompt, late] = [await made(), await made()]
        for (const { act, passed } of steps) {
          now += passed
          await rollSubscription(context, prompt.id)
          const { status, periodStart, periodEnd } = await getSubscription(context, prompt.id)
          if (status === 'ACTIVE') {
            expect(periodStart).toBeLessThanOrEqual(now)
            expect(periodEnd).toBeGreaterThan(now)
          }
          const outcome = await tried(acts[act], prompt.id)
          expect(await tried(acts[act], late.id)).toBe(outcome)
        }
        for (const { id } of [prompt, late]) await rollSubscription(context, id)
        const expected = await told(prompt)
        expect(await told(late)).toEqual(expected)
        expectPeriodsApart(expected.moves)
      }),
      { numRuns: runs({ few: 25, full: 1_000 }) },
    )
  },
  runsMsMax,
)

/** What begins by itself touches what was before it; what is begun anew never overlaps it. */
function expectPeriodsApart(moves: Told[]): void {
  let end = 0
  for (const { type, set } of moves) {
    const { periodStart, periodEnd } = set
    if (typeof periodStart !== 'number' || typeof periodEnd !== 'number') continue
    if (type === 'customer.subscription.renewed') expect(periodStart).toBe(end)
    else expect(periodStart).toBeGreaterThanOrEqual(end)
    expect(periodEnd).toBeGreaterThan(periodStart)
    end = periodEnd
  }
}
