// Owns what tests of periods start from: a server whose time passes, and subscriptions in it.
import { afterAll, beforeAll } from 'vitest'
import { setBankingStatus } from '../../../../../test/banking-customers.ts'
import { startTestServer, type TestServer } from '../../../../../test/harness.ts'
import { historyOf } from '../../../../../test/history.ts'
import type { Context } from '../../context.ts'
import type { BankingStatus } from '../../customer/banking-status.ts'
import { createCustomer } from '../../customer/customer-service.ts'
import { queueRolls } from '../period-service.ts'
import type { Subscription } from '../subscription.ts'
import { monthsAfter } from '../subscription-period.ts'
import {
  activateSubscription,
  cancelSubscription,
  createSubscription,
  getSubscription,
  pauseSubscription,
} from '../subscription-service.ts'

export interface PassingTime {
  readonly server: TestServer
  readonly context: Context
  /** Active, of a customer of its own. */
  activated(): Promise<Subscription>
  /** To be cancelled with its period. */
  cancelling(): Promise<Subscription>
  paused(one: Subscription): Promise<Subscription>
  read(one: Subscription): Promise<Subscription>
  setStatus(one: Subscription, status: BankingStatus): Promise<void>
  /** Until the period that begins as many months after the first one. */
  passMonths(one: Subscription, months: number): void
  /** What the worker of a process does when it comes by. */
  comeBy(): Promise<void>
  /** What happened to it after it was activated, without what every type begins with. */
  movesOf(one: Subscription): Promise<string[]>
}

/** Call it once at the top of a test file: it starts the server and closes it. */
export function passingTime(): PassingTime {
  let server: TestServer
  let context: Context
  beforeAll(async () => {
    server = await startTestServer()
    context = server.contextOf(server.testApp)
  })
  afterAll(() => server.close())
  const activated = async () => {
    const { id: customerId } = await createCustomer(context, { kind: 'individual', name: 'Ada' })
    const plan = { planId: 'plan', priceId: 'price', metadata: { seats: '3' } }
    const { id } = await createSubscription(context, { customerId, ...plan })
    return activateSubscription(context, id, { walletId: null })
  }
  return {
    get server() {
      return server
    },
    get context() {
      return context
    },
    activated,
    cancelling: async () =>
      cancelSubscription(context, (await activated()).id, { cancelAtPeriodEnd: true }),
    paused: ({ id }) => pauseSubscription(context, id),
    read: ({ id }) => getSubscription(context, id),
    setStatus: ({ customerId }, status) => setBankingStatus(context, customerId, status),
    passMonths({ periodAnchor }, months) {
      const to = monthsAfter(periodAnchor ?? 0, months)
      server.clock.advance(Math.max(0, to - server.clock.now()))
    },
    async comeBy() {
      await queueRolls(context)
      await server.drainJobs()
    },
    async movesOf({ customerId }) {
      const history = await historyOf(context, customerId)
      return history.slice(3).map(({ type }) => type.replace('customer.subscription.', ''))
    },
  }
}
