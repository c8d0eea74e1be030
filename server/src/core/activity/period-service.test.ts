// Owns the proof that periods follow each other by themselves, as the status and the customer say.
import { describe, expect, test } from 'vitest'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import type { BankingStatus } from '../customer/banking-status.ts'
import { queueRolls, rollSubscription } from './period-service.ts'
import type { Subscription } from './subscription.ts'
import { monthsAfter } from './subscription-period.ts'
import {
  activateSubscription,
  listSubscriptions,
  pauseSubscription,
  resumeSubscription,
} from './subscription-service.ts'
import { passingTime } from './testing/passing-time.ts'

const time = passingTime()
const { activated, cancelling, paused, read, setStatus, passMonths, comeBy, movesOf } = time

const jobsOf = (one: Subscription) =>
  time.server.system.db.selectFrom('jobs').selectAll().where('id', '=', one.id).execute()

describe('an active subscription', () => {
  test('goes on with the next period when the worker comes by, with one event', async () => {
    const before = await activated()
    await comeBy()
    expect(await read(before)).toEqual(before)
    passMonths(before, 1)
    await comeBy()
    const after = await read(before)
    const periodEnd = monthsAfter(before.periodAnchor ?? 0, 2)
    const period = { periodStart: before.periodEnd, periodEnd }
    expect(after).toEqual({ ...before, ...period, updatedAt: after.updatedAt })
    expect((await historyOf(time.context, before.customerId)).at(-1)).toEqual({
      version: 4,
      type: 'customer.subscription.renewed',
      actor: 'job:subscription.roll',
      changes: { subscription: { id: before.id, ...period } },
    })
    expect(await jobsOf(before)).toEqual([])
  })

  test('catches up with every period that has passed, each with its event', async () => {
    const before = await activated()
    passMonths(before, 5)
    await comeBy()
    const at = (months: number) => monthsAfter(before.periodAnchor ?? 0, months)
    const told = (await historyOf(time.context, before.customerId)).slice(3)
    expect(told.map(({ changes }) => changes)).toEqual(
      [1, 2, 3, 4, 5].map((months) => ({
        subscription: { id: before.id, periodStart: at(months), periodEnd: at(months + 1) },
      })),
    )
    const period = { status: 'ACTIVE', periodStart: at(5), periodEnd: at(6) }
    expect(await read(before)).toMatchObject(period)
  })

  test('that is many years behind is brought up to date a transaction at a time', async () => {
    const before = await activated()
    const until = monthsAfter(before.periodAnchor ?? 0, 130)
    expect(await rollSubscription(time.context, before.id, until)).toBe('again')
    expect(await movesOf(before)).toHaveLength(120)
    expect(await rollSubscription(time.context, before.id, until)).toBe('done')
    expect(await movesOf(before)).toEqual(Array(130).fill('renewed'))
    expect(await rollSubscription(time.context, before.id, until)).toBe('done')
    expect(await movesOf(before)).toHaveLength(130)
  })
})

describe('one that was to be cancelled with its period', () => {
  test.each<[string, () => Promise<Subscription>]>([
    ['ACTIVE', cancelling],
    ['PAUSED', async () => paused(await cancelling())],
  ])('ends with it: %s', async (_, make) => {
    const before = await make()
    passMonths(before, 3)
    await comeBy()
    const after = await read(before)
    const ended = { status: 'CANCELLED', cancelledAt: before.periodEnd }
    expect(after).toEqual({ ...before, ...ended, updatedAt: after.updatedAt })
    expect((await historyOf(time.context, before.customerId)).at(-1)).toMatchObject({
      type: 'customer.subscription.cancelled',
      changes: { subscription: { id: before.id, ...ended } },
    })
    await comeBy()
    expect(await read(before)).toEqual(after)
  })

  test.each<BankingStatus>(['PENDING', 'FROZEN', 'CLOSED'])(
    'ends with it where the bank has made its customer %s',
    async (status) => {
      const before = await cancelling()
      await setStatus(before, status)
      passMonths(before, 1)
      await comeBy()
      expect(await read(before)).toMatchObject({ status: 'CANCELLED' })
    },
  )

  test('stands under the status that is shown, before and after', async () => {
    const before = await cancelling()
    const isListed = async (status: 'ACTIVE' | 'CANCELLED') => {
      const page = await listSubscriptions(time.context, { status }, { limit: 100, offset: 0 })
      return page.subscriptions.some(({ id }) => id === before.id)
    }
    passMonths(before, 1)
    expect([await isListed('ACTIVE'), await isListed('CANCELLED')]).toEqual([true, false])
    await comeBy()
    expect([await isListed('ACTIVE'), await isListed('CANCELLED')]).toEqual([false, true])
  })
})

describe('a paused one', () => {
  test('begins no period, and no job is made for it', async () => {
    const before = await paused(await activated())
    passMonths(before, 2)
    await queueRolls(time.context)
    expect(await jobsOf(before)).toEqual([])
    expect(await rollSubscription(time.context, before.id)).toBe('done')
    expect(await read(before)).toEqual(before)
  })

  test('that is resumed in its period goes on with it, and then with the next', async () => {
    const before = await activated()
    await paused(before)
    const resumed = await resumeSubscription(time.context, before.id)
    expect(resumed).toEqual({ ...before, updatedAt: resumed.updatedAt })
    passMonths(before, 1)
    await comeBy()
    expect(await movesOf(before)).toEqual(['paused', 'resumed', 'renewed'])
  })

  test('that is resumed after its period begins a new one then, of its own days', async () => {
    const before = await activated()
    await paused(before)
    passMonths(before, 2)
    time.server.clock.advance(5 * 86_400_000)
    const resumed = await resumeSubscription(time.context, before.id)
    const { periodStart, periodEnd, periodAnchor } = resumed
    expect(periodStart).toBe(resumed.updatedAt)
    expect(periodEnd).toBe(monthsAfter(periodStart ?? 0, 1))
    expect((await historyOf(time.context, before.customerId)).at(-1)).toMatchObject({
      type: 'customer.subscription.resumed',
      changes: { subscription: { status: 'ACTIVE', periodStart, periodEnd, periodAnchor } },
    })
    passMonths(resumed, 1)
    await comeBy()
    expect(await read(before)).toMatchObject({ periodStart: periodEnd })
    expect(await movesOf(before)).toEqual(['paused', 'resumed', 'renewed'])
  })
})

describe('of a customer whom the bank does not let transact', () => {
  test.each<BankingStatus>(['PENDING', 'FROZEN', 'CLOSED'])(
    '%s: it is PAST_DUE in the period that ended',
    async (status) => {
      const before = await activated()
      await setStatus(before, status)
      await comeBy()
      expect(await read(before)).toEqual(before)
      passMonths(before, 3)
      await comeBy()
      const after = await read(before)
      expect(after).toEqual({ ...before, status: 'PAST_DUE', updatedAt: after.updatedAt })
      expect((await historyOf(time.context, before.customerId)).at(-1)).toMatchObject({
        type: 'customer.subscription.lapsed',
        changes: { subscription: { id: before.id, status: 'PAST_DUE' } },
      })
      await comeBy()
      expect(await read(before)).toEqual(after)
    },
  )

  test.each<BankingStatus>(['ACTIVE', 'EDD', 'DORMANT'])('%s does: it goes on', async (status) => {
    const before = await activated()
    await setStatus(before, status)
    passMonths(before, 1)
    await comeBy()
    expect((await movesOf(before)).at(-1)).toBe('renewed')
  })

  test('a thaw alone charges nobody: activated anew it begins a period then', async () => {
    const before = await activated()
    await setStatus(before, 'FROZEN')
    passMonths(before, 2)
    await comeBy()
    await setStatus(before, 'ACTIVE')
    await comeBy()
    expect((await read(before)).status).toBe('PAST_DUE')
    const again = await activateSubscription(time.context, before.id, { walletId: null })
    expect(again).toMatchObject({ status: 'ACTIVE', periodStart: again.updatedAt })
  })
})

describe('before the worker has come by', () => {
  test('an act finds the period that time has brought, and both are in the history', async () => {
    const before = await activated()
    passMonths(before, 2)
    const after = await pauseSubscription(time.context, before.id)
    const periodStart = monthsAfter(before.periodAnchor ?? 0, 2)
    expect(after).toMatchObject({ status: 'PAUSED', periodStart })
    const history = (await historyOf(time.context, before.customerId)).slice(3)
    expect(history.map(({ type, actor }) => [type, actor])).toEqual([
      ['customer.subscription.renewed', 'job:subscription.roll'],
      ['customer.subscription.renewed', 'job:subscription.roll'],
      ['customer.subscription.paused', 'operator:test'],
    ])
  })

  test('what is cancelled is not resumed; the refusal leaves it to the worker', async () => {
    const before = await paused(await cancelling())
    passMonths(before, 1)
    const { definition } = await refused(() => resumeSubscription(time.context, before.id))
    expect(definition.code).toBe('subscription_status_refused')
    expect(await read(before)).toEqual(before)
    await comeBy()
    expect((await read(before)).status).toBe('CANCELLED')
  })
})
