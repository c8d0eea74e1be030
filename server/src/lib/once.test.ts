// Owns the proof that what is made at its first use is made once.
import { expect, test } from 'vitest'
import { once } from './once.ts'

test('nothing is made before the first use, and once after it', () => {
  let made = 0
  const value = once(() => {
    made += 1
    return undefined
  })
  expect(made).toBe(0)
  expect([value(), value(), made]).toEqual([undefined, undefined, 1])
})

test('what could not be made is tried again', () => {
  let tries = 0
  const value = once(() => {
    tries += 1
    if (tries === 1) throw new Error('not yet')
    return tries
  })
  expect(value).toThrow('not yet')
  expect([value(), value()]).toEqual([2, 2])
})
