// Owns the tests of reading a body of application/x-www-form-urlencoded.
import { expect, test } from 'vitest'
import { refused } from '../../../test/refused.ts'
import { parseFormBody } from './form.ts'

const parse = (text: string) => parseFormBody(Buffer.from(text))

test.each<[string, unknown]>([
  ['', undefined],
  ['a=1', { a: '1' }],
  ['a=1&b=2', { a: '1', b: '2' }],
  ['scope=customers%3Aread+customers:write', { scope: 'customers:read customers:write' }],
  ['a=%C3%A9', { a: 'é' }],
  ['a', { a: '' }],
  ['a=1&&', { a: '1' }],
  ['a=b=c', { a: 'b=c' }],
])('%s', (text, value) => {
  expect(parse(text)).toEqual(value)
})

test('a member named __proto__ is a member, and no prototype', () => {
  const value = parse('__proto__=x')
  expect(Object.entries(Object(value))).toEqual([['__proto__', 'x']])
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
})

test.each([
  ['a=1&a=1', 'a'],
  ['a=%00', 'a'],
  [`${Array.from({ length: 101 }, (_, at) => `k${at}=1`).join('&')}`, 'body'],
])('%s is refused', async (text, param) => {
  expect(await refused(() => parse(text))).toMatchObject({
    definition: { code: 'field_invalid' },
    param,
  })
})

test('what is not UTF-8 is refused', async () => {
  const error = await refused(() => parseFormBody(Buffer.from([0x61, 0x3d, 0xff])))
  expect(error.param).toBe('body')
})

test('a long name is cut in the refusal', async () => {
  const name = 'k'.repeat(10_000)
  const error = await refused(() => parse(`${name}=1&${name}=2`))
  expect(error.message.length).toBeLessThan(500)
})
