// Owns the tests of reading a JSON body.
import { expect, test } from 'vitest'
import { AppError } from '../core/errors.ts'
import { parseJsonBody, refuseContentEncoding } from './json.ts'
import { limits } from './limits.ts'

const read = (text: string) => parseJsonBody(Buffer.from(text))

function refusalOf(work: () => unknown): { code: string; param: string | undefined } {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return { code: error.definition.code, param: error.param }
    throw error
  }
  throw new Error('it was not refused')
}

test('an empty body is no value', () => {
  expect(read('')).toBeUndefined()
})

test.each([
  ['{"a":[1,true,null,"\\u00e9 é 😀"]}', { a: [1, true, null, 'é é 😀'] }],
  [' \n\t"x"\r ', 'x'],
  ['null', null],
  ['{"constructor":{"prototype":1}}', { constructor: { prototype: 1 } }],
  ['{"a":1,"a":2}', { a: 2 }],
])('%s is read', (text, value) => {
  expect(read(text)).toEqual(value)
})

test.each(['{', '{]', "{'a':1}", '{"a":1,}', 'NaN', '01', '"\t"', '\ufeff{}', ' ', '{}{}', '\0'])(
  '%j is broken JSON',
  (text) => {
    expect(refusalOf(() => read(text))).toEqual({ code: 'body_not_json', param: 'body' })
  },
)

test.each(['22ff22', '22c0af22', '22eda08022', '22f490808022', '22c3'])(
  'the bytes %s are not UTF-8',
  (hex) => {
    const bytes = Buffer.from(hex, 'hex')
    expect(refusalOf(() => parseJsonBody(bytes))).toEqual({ code: 'body_not_json', param: 'body' })
  },
)

test.each([
  ['{"a":{"b":["x","\\ud800"]}}', 'a.b.1'],
  ['"\\udc00"', 'body'],
  ['{"a":"\\u0000"}', 'a'],
  ['{"__proto__":1}', '__proto__'],
  ['{"a":[{"__proto__":{}}]}', 'a.0.__proto__'],
])('%s is no text, or poisons: refused by its place', (text, param) => {
  expect(refusalOf(() => read(text))).toEqual({ code: 'field_invalid', param })
})

test('a whole pair of surrogates is text', () => {
  expect(read('"\\ud83d\\ude00"')).toBe('😀')
})

test('depth and length end at their bounds', () => {
  const list = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(read(list(limits.jsonDepthMax))).toBeDefined()
  const deep = refusalOf(() => read(list(limits.jsonDepthMax + 1)))
  expect(deep).toEqual({ code: 'body_too_deep', param: Array(32).fill('0').join('.') })
  const wide = (length: number) => `{"a":[${Array(length).fill('1').join(',')}]}`
  expect(read(wide(limits.jsonArrayLengthMax))).toBeDefined()
  const refusal = refusalOf(() => read(wide(limits.jsonArrayLengthMax + 1)))
  expect(refusal).toEqual({ code: 'body_too_deep', param: 'a' })
  expect(refusalOf(() => read('['.repeat(100_000)))).toMatchObject({ code: 'body_not_json' })
})

test('a long place is cut where it is named', () => {
  const { param } = refusalOf(() => read(`{"${'k'.repeat(10_000)}":"\\u0000"}`))
  expect(param).toBe('k'.repeat(200))
})

test.each([
  [undefined, true],
  ['identity', true],
  ['Identity', true],
  ['gzip', false],
  ['br', false],
  ['gzip, identity', false],
])('the content encoding %s is taken: %s', (encoding, isTaken) => {
  const take = () => refuseContentEncoding(encoding)
  if (isTaken) expect(take).not.toThrow()
  else
    expect(refusalOf(take)).toEqual({ code: 'media_type_unsupported', param: 'Content-Encoding' })
})
