// Owns the proof that periods touch, keep their day, and that their end changes what it should.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bankingStatuses, permits } from '../customer/banking-status.ts'
import {
  type Subscription,
  type SubscriptionStatus,
  subscriptionMachine,
  subscriptionStatuses,
} from './subscription.ts'
import { firstPeriod, monthsAfter, rollOf } from './subscription-period.ts'

const anyone = { bankingStatus: null }

/** One in its first period. */
function begun(at: number, fields: Partial<Subscription> = {}): Subscription {
  return {
    id: 'subscription',
    customerId: 'customer',
    status: 'ACTIVE',
    planId: 'plan',
    priceId: 'price',
    walletId: null,
    metadata: {},
    ...firstPeriod(at),
    cancelsAtPeriodEnd: false,
    cancelAt: null,
    cancelledAt: null,
    pausedAt: null,
    createdAt: at,
    updatedAt: at,
    ...fields,
  }
}

/** As it stands after each step, with how it began before them. */
function rolled(subscription: Subscription, until: number): Subscription[] {
  const states = [subscription]
  for (;;) {
    const last = states.at(-1) ?? subscription
    const move = rollOf(last, { until, payer: anyone })
    if (move === null) return states
    states.push({ ...last, ...move.set })
  }
}

const time = (text: string) => Date.parse(text)
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

test.each([
  ['2026-01-15T10:20:30.456Z', 1, '2026-02-15T10:20:30.456Z'],
  ['2026-01-31T00:00:00.000Z', 1, '2026-02-28T00:00:00.000Z'],
  ['2026-01-31T00:00:00.000Z', 2, '2026-03-31T00:00:00.000Z'],
  ['2028-01-30T23:59:59.999Z', 1, '2028-02-29T23:59:59.999Z'],
  ['2028-01-30T23:59:59.999Z', 13, '2029-02-28T23:59:59.999Z'],
  ['2026-02-28T00:00:00.000Z', 1, '2026-03-28T00:00:00.000Z'],
  ['2026-08-31T12:00:00.000Z', 1, '2026-09-30T12:00:00.000Z'],
  ['2026-12-31T12:00:00.000Z', 1, '2027-01-31T12:00:00.000Z'],
  ['2026-12-31T12:00:00.000Z', 14, '2028-02-29T12:00:00.000Z'],
])('from %s, %d months later it is %s', (from, months, to) => {
  expect(iso(monthsAfter(time(from), months))).toBe(to)
})

describe('periods', () => {
  test('of one that began on 31 January end on the last day of each month, and on the 31st', () => {
    const states = rolled(begun(time('2026-01-31T09:00:00Z')), time('2026-06-10T00:00:00Z'))
    expect(states.map(({ periodEnd }) => iso(periodEnd)?.slice(0, 10))).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
      '2026-06-30',
    ])
  })

  const start = fc.integer({ min: time('1999-12-01'), max: time('2101-03-01') })
  const fiveYearsMs = 5 * 366 * 86_400_000

  test('touch and never overlap, keep day and time, and end in the one that holds now', () => {
    fc.assert(
      fc.property(start, fc.integer({ min: 0, max: fiveYearsMs }), (at, passed) => {
        const now = at + passed
        const states = rolled(begun(at), now)
        const last = states.at(-1)
        expect(last?.periodStart).toBeLessThanOrEqual(now)
        expect(last?.periodEnd).toBeGreaterThan(now)
        for (const [index, { periodStart, periodEnd }] of states.entries()) {
          expect(periodStart).toBe(index === 0 ? at : states[index - 1]?.periodEnd)
          expect(periodEnd).toBe(onSameDay(at, index + 1))
        }
      }),
    )
  })

  test('come the same, whether looked at once or again and again', () => {
    const looks = fc.array(fc.integer({ min: 0, max: fiveYearsMs }), { maxLength: 20 })
    fc.assert(
      fc.property(start, looks, (at, after) => {
        const times = after.map((passed) => at + passed).sort((left, right) => left - right)
        let often = begun(at)
        for (const now of times) often = rolled(often, now).at(-1) ?? often
        expect(often).toEqual(rolled(begun(at), times.at(-1) ?? at).at(-1))
      }),
    )
  })

  /** Told another way: that day of the month, or the last one there is. */
  function onSameDay(at: number, months: number): number {
    const date = new Date(at)
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
    const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
    return Date.UTC(year, month, Math.min(date.getUTCDate(), days)) + (at % 86_400_000)
  }
})

describe('when its period has ended', () => {
  const at = time('2026-01-15T00:00:00Z')
  const end = time('2026-02-15T00:00:00Z')
  const move = (fields: Partial<Subscription>, payer: Parameters<typeof rollOf>[1]['payer']) =>
    rollOf(begun(at, fields), { until: end, payer })

  test('and not an instant before, one that is ACTIVE goes on', () => {
    expect(rollOf(begun(at), { until: end - 1, payer: anyone })).toBeNull()
    expect(move({}, anyone)).toEqual({
      type: 'customer.subscription.renewed',
      set: { periodStart: end, periodEnd: time('2026-03-15T00:00:00Z') },
    })
  })

  test.each(subscriptionStatuses.filter((status) => status !== 'ACTIVE'))(
    'one that is %s stays as it is',
    (status) => {
      expect(move({ status }, anyone)).toBeNull()
    },
  )

  test('one without a period stays as it is, in every state', () => {
    for (const status of subscriptionStatuses) {
      const none = { periodStart: null, periodEnd: null, periodAnchor: null }
      expect(move({ status, ...none, cancelsAtPeriodEnd: true }, anyone)).toBeNull()
    }
  })

  test.each([null, ...bankingStatuses])('of a customer who is %s', (bankingStatus) => {
    const type = permits(bankingStatus, 'transact') ? 'renewed' : 'lapsed'
    expect(move({}, { bankingStatus })?.type).toBe(`customer.subscription.${type}`)
    const lapsed = { type: 'customer.subscription.lapsed', set: { status: 'PAST_DUE' } }
    if (type === 'lapsed') expect(move({}, { bankingStatus })).toEqual(lapsed)
  })

  test('one that was to end ends then, in every state but the last, whoever its customer is', () => {
    const scheduled = { cancelsAtPeriodEnd: true, cancelAt: end }
    for (const status of subscriptionStatuses) {
      for (const bankingStatus of [null, ...bankingStatuses]) {
        const ended = {
          type: 'customer.subscription.cancelled',
          set: { status: 'CANCELLED', cancelledAt: end },
        }
        const expected = status === 'CANCELLED' ? null : ended
        expect(move({ status, ...scheduled }, { bankingStatus })).toEqual(expected)
      }
    }
  })

  test('every step is a move of the published machine', () => {
    for (const status of subscriptionStatuses) {
      for (const cancelsAtPeriodEnd of [true, false]) {
        for (const bankingStatus of [null, ...bankingStatuses]) {
          const to: SubscriptionStatus | undefined = move(
            { status, cancelsAtPeriodEnd },
            { bankingStatus },
          )?.set.status
          if (to !== undefined) expect(subscriptionMachine.canMove(status, to)).toBe(true)
        }
      }
    }
  })
})
