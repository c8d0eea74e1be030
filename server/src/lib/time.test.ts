// Owns the proof that moments are printed as the standard library prints them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printTime, printTimeToSeconds } from './time.ts'

const date = fc.date({ noInvalidDate: true })

test('any moment is printed as Date prints it', () => {
  fc.assert(
    fc.property(date, (moment) => {
      expect(printTime(moment.getTime())).toBe(moment.toISOString())
    }),
    { numRuns: 2_000 },
  )
})

test('to seconds, the milliseconds are cut off, not rounded', () => {
  expect(printTimeToSeconds(Date.UTC(2026, 0, 15, 10, 30, 0, 999))).toBe('2026-01-15T10:30:00Z')
  fc.assert(
    fc.property(date, (moment) => {
      const expected = moment.toISOString().replace(/\.\d{3}Z$/, 'Z')
      expect(printTimeToSeconds(moment.getTime())).toBe(expected)
    }),
  )
})
