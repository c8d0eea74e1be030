// Owns the proof that a gate lets so many in, in their order, and lets go of what failed.
import { expect, test } from 'vitest'
import { createGate } from './gate.ts'

test('no more than so many are inside at once, and all come in, in their order', async () => {
  const gate = createGate(3)
  let inside = 0
  let most = 0
  const entered: number[] = []
  const work = (number: number) => async () => {
    entered.push(number)
    inside += 1
    most = Math.max(most, inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside -= 1
    return number
  }
  const numbers = Array.from({ length: 20 }, (_, at) => at)
  expect(await Promise.all(numbers.map((number) => gate.pass(work(number))))).toEqual(numbers)
  expect([most, inside]).toEqual([3, 0])
  expect(entered).toEqual(numbers)
})

test('work that fails leaves its place to the next one', async () => {
  const gate = createGate(1)
  await expect(gate.pass(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await gate.pass(async () => 'yes')).toBe('yes')
})
