// Owns the proof that waits between tries grow, stay bounded, and are spread.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { retryDelayMs } from './retry.ts'

const schedule = { firstDelayMs: 200, delayMsMax: 60_000 }

/** A generator that always draws the same fraction. */
const drawing = (fraction: number) => ({ bytes: Buffer.alloc, fraction: () => fraction })

describe('without jitter', () => {
  test.each([
    [1, 200],
    [2, 400],
    [3, 800],
    [9, 51_200],
    [10, 60_000],
    [50, 60_000],
    [5_000, 60_000],
  ])('the wait after try %i is %i ms', (attempt, delayMs) => {
    expect(retryDelayMs(schedule, attempt, drawing(0.5))).toBe(delayMs)
  })
})

test.each([
  [0, 150],
  [0.5, 200],
  [0.999_999, 250],
])('a draw of %d spreads 200 ms to %i ms: a quarter either way', (fraction, delayMs) => {
  expect(retryDelayMs(schedule, 1, drawing(fraction))).toBe(delayMs)
})

test('every wait is whole, above zero, and within a quarter of the cap', () => {
  const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  const attempt = fc.integer({ min: 1, max: 10_000 })
  const delays = fc.record({
    firstDelayMs: fc.integer({ min: 1, max: 10_000 }),
    delayMsMax: fc.integer({ min: 1, max: 3_600_000 }),
  })
  fc.assert(
    fc.property(delays, attempt, fraction, (chosen, tries, drawn) => {
      const delayMs = retryDelayMs(chosen, tries, drawing(drawn))
      expect(Number.isSafeInteger(delayMs)).toBe(true)
      expect(delayMs).toBeGreaterThan(0)
      expect(delayMs).toBeLessThanOrEqual(Math.ceil(chosen.delayMsMax * 1.25))
    }),
  )
})

test('a later try never waits less than an earlier one with the same draw', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (attempt) => {
      const [earlier, later] = [attempt, attempt + 1].map((tries) =>
        retryDelayMs(schedule, tries, drawing(0.25)),
      )
      expect(later).toBeGreaterThanOrEqual(Number(earlier))
    }),
  )
})
