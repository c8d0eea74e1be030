// Owns the proof that the door to randomness gives what it says.
import { expect, test } from 'vitest'
import { systemRandom } from './random.ts'

test.each([0, 1, 16, 32, 4_096])('bytes(%i) gives as many bytes', (count) => {
  expect(systemRandom.bytes(count)).toHaveLength(count)
})

test('a thousand draws of 16 bytes are all different', () => {
  const drawn = new Set(Array.from({ length: 1_000 }, () => systemRandom.bytes(16).toString('hex')))
  expect(drawn.size).toBe(1_000)
})

test('a fraction lies in [0, 1) and reaches every tenth of it', () => {
  const tenths = new Set<number>()
  for (let draw = 0; draw < 2_000; draw += 1) {
    const fraction = systemRandom.fraction()
    expect(fraction).toBeGreaterThanOrEqual(0)
    expect(fraction).toBeLessThan(1)
    tenths.add(Math.floor(fraction * 10))
  }
  expect([...tenths].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})
