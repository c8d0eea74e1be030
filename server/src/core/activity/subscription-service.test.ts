// Owns the proof of subscriptions through the service: moves, and a wallet that goes.
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { explain, recordQueries } from '../../../../test/recorded-queries.ts'
import type { Context } from '../context.ts'
import { createCustomer, holdCustomer, recordChange } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { addWallet } from '../wallets/wallet-service.ts'
import {
  type SubscriptionStatus,
  subscriptionMachine,
  subscriptionStatuses,
} from './subscription.ts'
import {
  activateSubscription,
  cancelSubscription,
  createSubscription,
  detachWallet,
  getSubscription,
  listSubscriptions,
  pauseSubscription,
  resumeSubscription,
} from './subscription-service.ts'

let server: TestServer
let context: Context
let customerId: string
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  customerId = (await createCustomer(context, { kind: 'individual', name: 'Ada' })).id
})
afterAll(() => server.close())
afterEach(() => vi.restoreAllMocks())

const create = (of = customerId) =>
  createSubscription(context, { customerId: of, planId: 'plan', priceId: 'price', metadata: {} })

interface Move {
  to: SubscriptionStatus
  /** States that the table lets go there, and this move does not. */
  except?: SubscriptionStatus[]
  make(id: string): Promise<unknown>
}

const moves: Record<string, Move> = {
  activate: {
    to: 'ACTIVE',
    except: ['PAUSED'],
    make: (id) => activateSubscription(context, id, { walletId: null }),
  },
  pause: { to: 'PAUSED', make: (id) => pauseSubscription(context, id) },
  resume: {
    to: 'ACTIVE',
    except: ['CREATED', 'TRIALING', 'PAST_DUE'],
    make: (id) => resumeSubscription(context, id),
  },
  cancel: {
    to: 'CANCELLED',
    make: (id) => cancelSubscription(context, id, { cancelAtPeriodEnd: false }),
  },
}

const canMake = (move: Move, from: SubscriptionStatus) =>
  subscriptionMachine.canMove(from, move.to) && !move.except?.includes(from)

/** The code of a refusal, or `done`. */
async function outcomeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act
    return 'done'
  } catch (error) {
    if (error instanceof AppError) return `${error.definition.kind} ${error.definition.code}`
    throw error
  }
}

const refused = 'conflict subscription_status_refused'

describe('moves', () => {
  test.each(Object.entries(moves))('%s from every state, as the table says', async (_, move) => {
    for (const from of subscriptionStatuses) {
      const { id } = await create()
      await server.system.database.transaction((db) =>
        db.updateTable('subscriptions').set({ status: from }).where('id', '=', id).execute(),
      )
      const isMove = canMake(move, from)
      expect([from, await outcomeOf(move.make(id))]).toEqual([from, isMove ? 'done' : refused])
      expect((await getSubscription(context, id)).status).toBe(isMove ? move.to : from)
    }
  })

  test('whatever is tried in whatever order, the state follows', async () => {
    const names = fc.constantFrom(...Object.values(moves))
    await fc.assert(
      fc.asyncProperty(fc.array(names, { maxLength: 8 }), async (tried) => {
        const { id } = await create()
        let status: SubscriptionStatus = 'CREATED'
        for (const move of tried) {
          const isMove = canMake(move, status)
          expect(await outcomeOf(move.make(id))).toBe(isMove ? 'done' : refused)
          if (isMove) status = move.to
        }
        const after = await getSubscription(context, id)
        expect(after.status).toBe(status)
        expect(after.pausedAt === null || status === 'PAUSED' || status === 'CANCELLED').toBe(true)
        expect(after.cancelledAt !== null).toBe(status === 'CANCELLED')
      }),
      { numRuns: 25 },
    )
  })
})

describe('a wallet that goes', () => {
  const wallet = { chainId: 8453, address: `0x${'ab'.repeat(20)}` }

  test('is taken off every subscription that names it, and off no other', async () => {
    const { id: owner } = await createCustomer(context, { kind: 'individual', name: 'Ada' })
    const gone = await addWallet(context, owner, wallet)
    const kept = await addWallet(context, owner, { ...wallet, chainId: 1 })
    const ids: string[] = []
    for (const walletId of [gone.id, gone.id, kept.id, null]) {
      const { id } = await create(owner)
      await activateSubscription(context, id, { walletId })
      ids.push(id)
    }
    await server.system.database.transaction(async (db) => {
      const tx = { ...context, db }
      const held = await holdCustomer(tx, owner)
      const change = { type: 'customer.wallet.removed', changes: {} }
      await recordChange(tx, held, change, detachWallet(tx, gone.id))
    })
    const after = await Promise.all(ids.map((id) => getSubscription(context, id)))
    expect(after.map(({ walletId }) => walletId)).toEqual([null, null, kept.id, null])
    expect(after.map(({ status }) => status)).toEqual(Array(4).fill('ACTIVE'))
  })

  test('is found by an index, however many subscriptions there are', async () => {
    const { id: owner } = await createCustomer(context, { kind: 'individual', name: 'Ada' })
    const { id: walletId } = await addWallet(context, owner, wallet)
    const recorded = await server.system.database.transaction(async (db) => {
      const statements = recordQueries({ ...server, system: { ...server.system, db } })
      for (const write of detachWallet(context, walletId)(db)) await write.execute()
      return statements
    })
    vi.restoreAllMocks()
    const plans = await Promise.all(recorded.map((statement) => explain(server, statement)))
    expect(plans).toHaveLength(1)
    expect(plans[0]).toContain('subscriptions_wallet')
  })
})

test('a page takes as many queries for 40 customers as for one', async () => {
  const queriesOf = async (limit: number) => {
    const recorded = recordQueries(server)
    const page = await listSubscriptions(context, { status: null }, { limit, offset: 0 })
    vi.restoreAllMocks()
    return [page.subscriptions.length, recorded.length]
  }
  for (let index = 0; index < 40; index += 1) {
    const { id } = await createCustomer(context, { kind: 'individual', name: 'Ada' })
    await create(id)
  }
  expect(await queriesOf(1)).toEqual([1, 4])
  expect(await queriesOf(40)).toEqual([40, 4])
})
