// Owns the proof that equal JSON values have one spelling, and unequal ones never share it.
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, type Json } from './canonical.ts'

const anyJson = fc.jsonValue({ maxDepth: 4, noUnicodeString: false }) as fc.Arbitrary<Json>

test.each<[Json, string]>([
  [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
  [{ a: { d: 1, c: [3, { f: 1, e: 2 }] } }, '{"a":{"c":[3,{"e":2,"f":1}],"d":1}}'],
  [{ b: 1, B: 2, é: 3, '': 4 }, '{"":4,"B":2,"b":1,"é":3}'],
  [[2, 1], '[2,1]'],
  [null, 'null'],
  ['a"b', '"a\\"b"'],
  [{}, '{}'],
  [[], '[]'],
])('%j is spelled %s', (value, spelling) => {
  expect(canonicalJson(value)).toBe(spelling)
})

test('the order in which members were written does not show', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value))
    }),
  )
})

test('the spelling is JSON of the same value', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('two values share a spelling only when they are equal', () => {
  fc.assert(
    fc.property(anyJson, anyJson, (left, right) => {
      const areEqual = isDeepStrictEqual(plain(left), plain(right))
      expect(canonicalJson(left) === canonicalJson(right)).toBe(areEqual)
    }),
  )
})

/** As it comes out of a JSON text: no −0, no members without a value. */
function plain(value: Json): unknown {
  return JSON.parse(JSON.stringify(value))
}

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  const members = Object.entries(value).reverse()
  return Object.fromEntries(members.map(([name, inner]) => [name, reversed(inner)]))
}
