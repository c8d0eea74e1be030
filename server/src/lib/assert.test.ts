// Owns the proof that a broken assumption is never passed over in silence.
import { describe, expect, test } from 'vitest'
import { assert, present } from './assert.ts'

describe('assert', () => {
  test.each([true, 1, 'text', {}, []])('lets %j pass', (condition) => {
    expect(() => assert(condition, 'unused')).not.toThrow()
  })

  test.each([false, 0, '', null, undefined, Number.NaN])('throws on %j', (condition) => {
    expect(() => assert(condition, 'the row is there')).toThrow(
      new Error('assertion failed: the row is there'),
    )
  })
})

describe('present', () => {
  test.each([0, '', false, 'text'])('%j is present, although it may be falsy', (value) => {
    expect(present(value, 'unused')).toBe(value)
  })

  test.each([null, undefined])('%j is not', (value) => {
    expect(() => present(value, 'one row')).toThrow(new Error('assertion failed: one row'))
  })
})
