// Owns the proof that a payout is carried to its rail once, whatever happens on the way.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import { sandboxRail } from '../../rails/sandbox.ts'
import type { Database } from '../../storage/database.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { payoutErrors } from './payout.ts'
import { cancelPayout, createPayout, getPayout } from './payout-service.ts'
import { recordPayoutOutcome, transferPayout } from './payout-transfer.ts'
import type { Rail, Transfer, TransferOutcome } from './rail.ts'

let server: TestServer
let context: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const seedNumber = '0070327530004025541644'
const completed: TransferOutcome = { state: 'completed' }
const failed: TransferOutcome = { state: 'failed', reason: 'The account is closed.' }

async function newPayout(amount = '5000.00'): Promise<{ id: string; customerId: string }> {
  const { id: customerId } = await createCustomer(context, { kind: 'individual', name: 'Ana' })
  const target = { cbu: seedNumber, name: 'Ana Paz', cuit: null }
  const { id } = await createPayout(context, { amount, currency: 'ARS', customerId, ...target })
  return { id, customerId }
}

/** A rail that answers as told, and remembers what it was asked. */
function railAnswering(answer: (transfer: Transfer) => Promise<TransferOutcome>) {
  const asked: Transfer[] = []
  const rail: Rail = {
    transfer(_context, transfer) {
      asked.push(transfer)
      return answer(transfer)
    },
  }
  return { rail, asked }
}

/** The types of the payout's events, without `customer.payout.` before them. */
async function movesOf(customerId: string): Promise<string[]> {
  const history = await historyOf(context, customerId)
  return history.slice(1).map((fact) => fact.type.replace('customer.payout.', ''))
}

describe('a transfer', () => {
  test('asks the rail with the number that is really paid, and records what it says', async () => {
    const { id, customerId } = await newPayout()
    const { rail, asked } = railAnswering(async () => completed)
    expect(await transferPayout(context, id, rail)).toBe('done')
    expect(asked).toEqual([
      {
        payoutId: id,
        attempt: 1,
        amountMinor: 500_000,
        currency: 'ARS',
        accountNumber: seedNumber,
        holderName: 'Ana Paz',
      },
    ])
    const payout = await getPayout(context, id)
    expect(payout).toMatchObject({ status: 'completed', attempts: 1, errorMessage: null })
    const [, , submitted, done] = await historyOf(context, customerId)
    const { submittedAt, completedAt } = payout
    expect(submitted).toMatchObject({
      version: 3,
      type: 'customer.payout.submitted',
      changes: { payout: { id, status: 'processing', submittedAt } },
    })
    expect(done).toMatchObject({
      version: 4,
      type: 'customer.payout.completed',
      changes: {
        payout: { id, status: 'completed', attempts: 1, errorMessage: null, completedAt },
      },
    })
  })

  test('that is over is not done again', async () => {
    const { id } = await newPayout()
    const { rail, asked } = railAnswering(async () => completed)
    for (let call = 0; call < 3; call += 1) await transferPayout(context, id, rail)
    expect(asked).toHaveLength(1)
  })

  test('that fails three times has failed, with the reason', async () => {
    const { id, customerId } = await newPayout()
    const { rail, asked } = railAnswering(async () => failed)
    const progress = []
    for (let call = 0; call < 4; call += 1) progress.push(await transferPayout(context, id, rail))
    expect(progress).toEqual(['again', 'again', 'done', 'done'])
    expect(asked.map((transfer) => transfer.attempt)).toEqual([1, 2, 3])
    expect(await getPayout(context, id)).toMatchObject({
      status: 'failed',
      attempts: 3,
      errorMessage: 'The account is closed.',
      completedAt: null,
    })
    const moves = ['accepted', 'submitted', 'retried', 'retried', 'failed']
    expect(await movesOf(customerId)).toEqual(moves)
  })

  test('to a rail that cannot be reached counts no attempt: the same one is asked again', async () => {
    const { id } = await newPayout()
    let isDown = true
    const { rail, asked } = railAnswering(async () => {
      if (isDown) throw new Error('no route')
      return completed
    })
    await expect(transferPayout(context, id, rail)).rejects.toThrow('no route')
    expect(await getPayout(context, id)).toMatchObject({ status: 'processing', attempts: 0 })
    isDown = false
    expect(await transferPayout(context, id, rail)).toBe('done')
    expect(asked.map((transfer) => transfer.attempt)).toEqual([1, 1])
    expect(await getPayout(context, id)).toMatchObject({ status: 'completed', attempts: 1 })
  })

  test("of another app's payout finds none", async () => {
    const { id } = await newPayout()
    const otherApp = server.contextOf(server.liveApp)
    const { rail, asked } = railAnswering(async () => completed)
    const missing = { definition: payoutErrors.payout_not_found }
    expect(await refused(() => transferPayout(otherApp, id, rail))).toMatchObject(missing)
    expect(await refused(() => recordPayoutOutcome(otherApp, id, completed))).toMatchObject(missing)
    expect(asked).toEqual([])
    expect((await getPayout(context, id)).status).toBe('pending')
  })
})

type Crash = 'before' | 'inside' | 'after'

/** The context of a process that crashes once: around its `at`th transaction from here on. */
function crashing(at: number, crash: Crash): Context {
  let count = 0
  const transaction: Database['transaction'] = async (work) => {
    count += 1
    if (count !== at) return context.database.transaction(work)
    if (crash === 'before') throw new Error('crash')
    if (crash === 'after') await context.database.transaction(work)
    else {
      await context.database.transaction(async (db) => {
        await work(db)
        throw new Error('crash')
      })
    }
    throw new Error('crash')
  }
  return { ...context, database: { ...context.database, transaction } }
}

describe('a crash', () => {
  const transactions = [
    [1, 'submitting'],
    [2, 'the rail’s own record'],
    [3, 'recording the outcome'],
  ] as const
  const points = transactions.flatMap(([at, what]) =>
    (['before', 'inside', 'after'] as const).map((crash) => [crash, what, at] as const),
  )

  test.each(points)('%s %s: done again, it has happened once', async (crash, _what, at) => {
    const { id, customerId } = await newPayout('7.14')
    await expect(transferPayout(crashing(at, crash), id, sandboxRail)).rejects.toThrow('crash')
    const progress = []
    while (progress.at(-1) !== 'done' && progress.length < 5) {
      progress.push(await transferPayout(context, id, sandboxRail))
    }
    expect(progress.at(-1)).toBe('done')
    expect(await getPayout(context, id)).toMatchObject({ status: 'completed', attempts: 3 })
    const moves = ['accepted', 'submitted', 'retried', 'retried', 'completed']
    expect(await movesOf(customerId)).toEqual(moves)
    const attempts = await context.db
      .selectFrom('sandbox_transfers')
      .select('attempt')
      .where('app_id', '=', context.app.id)
      .where('payout_id', '=', id)
      .orderBy('attempt')
      .execute()
    expect(attempts).toEqual([{ attempt: 1 }, { attempt: 2 }, { attempt: 3 }])
  })
})

/** A rail that answers when it is let, so that two calls can be interleaved. */
function railOnHold() {
  const waiting: ((outcome: TransferOutcome) => void)[] = []
  const { rail, asked } = railAnswering(() => new Promise((resolve) => waiting.push(resolve)))
  const isAsked = async (times: number) => {
    for (let turn = 0; asked.length < times; turn += 1) {
      if (turn > 500) throw new Error(`the rail was not asked ${times} times`)
      await context.clock.wait(10)
    }
  }
  return { rail, asked, isAsked, answer: (outcome: TransferOutcome) => waiting.shift()?.(outcome) }
}

describe('two transfers of one payout at once', () => {
  test.each([
    [completed, { status: 'completed', attempts: 1 }, ['done', 'done'], 'completed'],
    [failed, { status: 'processing', attempts: 1 }, ['again', 'again'], 'retried'],
  ] as const)('ask for the same attempt and count it once: %j', async (...expected) => {
    const [outcome, state, progress, lastMove] = expected
    const { id, customerId } = await newPayout()
    const hold = railOnHold()
    const calls = [1, 2].map(() => transferPayout(context, id, hold.rail))
    await hold.isAsked(2)
    hold.answer(outcome)
    hold.answer(outcome)
    expect(await Promise.all(calls)).toEqual(progress)
    expect(hold.asked.map((transfer) => transfer.attempt)).toEqual([1, 1])
    expect(await getPayout(context, id)).toMatchObject(state)
    expect(await movesOf(customerId)).toEqual(['accepted', 'submitted', lastMove])
  })

  test('an answer that comes late changes nothing any more', async () => {
    const { id, customerId } = await newPayout()
    const hold = railOnHold()
    const late = transferPayout(context, id, hold.rail)
    await hold.isAsked(1)
    await transferPayout(context, id, railAnswering(async () => failed).rail)
    await transferPayout(context, id, railAnswering(async () => completed).rail)
    hold.answer(failed)
    expect(await late).toBe('done')
    expect(await getPayout(context, id)).toMatchObject({ status: 'completed', attempts: 2 })
    const moves = ['accepted', 'submitted', 'retried', 'completed']
    expect(await movesOf(customerId)).toEqual(moves)
  })
})

test('cancelling races with transferring: exactly one wins, and what is cancelled is never paid', async () => {
  const raced = await Promise.all(Array.from({ length: 20 }, () => newPayout()))
  const winners = await Promise.all(
    raced.map(async ({ id, customerId }, at) => {
      const { rail, asked } = railAnswering(async () => completed)
      const cancel = () => cancelPayout(context, id)
      const transfer = () => transferPayout(context, id, rail)
      const order = at % 2 === 0 ? [cancel, transfer] : [transfer, cancel]
      const [first, second] = await Promise.allSettled(order.map((act) => act()))
      const cancelling = at % 2 === 0 ? first : second
      const { status } = await getPayout(context, id)
      const isCancelled = cancelling?.status === 'fulfilled'
      expect(status).toBe(isCancelled ? 'cancelled' : 'completed')
      expect(asked).toHaveLength(isCancelled ? 0 : 1)
      const moves = isCancelled ? ['cancelled'] : ['submitted', 'completed']
      expect(await movesOf(customerId)).toEqual(['accepted', ...moves])
      if (cancelling?.status === 'rejected') {
        expect(cancelling.reason).toMatchObject({ definition: payoutErrors.payout_status_refused })
      }
      return status
    }),
  )
  expect(winners).toHaveLength(20)
})
