// Owns the tests of checking a request against its schema.
import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { AppError } from '../core/errors.ts'
import { compileParser, compileQueryParser, refuseBody } from './parse.ts'

const closed = { additionalProperties: false }

const parse = compileParser(
  Type.Object(
    {
      kind: Type.Enum(['one', 'two']),
      name: Type.String({ minLength: 1, maxLength: 5 }),
      note: Type.Optional(Type.Union([Type.String({ maxLength: 3 }), Type.Null()])),
      inner: Type.Optional(Type.Object({ deep: Type.Integer({ minimum: 1, maximum: 9 }) }, closed)),
      map: Type.Optional(
        Type.Record(Type.String(), Type.String({ maxLength: 3 }), { maxProperties: 2 }),
      ),
    },
    closed,
  ),
)

function refusalOf(work: () => unknown): AppError {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it was not refused')
}

const good = { kind: 'one', name: 'Ana' }

test('a good value comes back as it is', () => {
  const value = { ...good, note: null, inner: { deep: 9 }, map: { a: 'b' } }
  expect(parse(value)).toBe(value)
})

test.each([
  [{ name: 'Ana' }, 'kind', 'is missing'],
  [{ ...good, kind: 'three' }, 'kind', 'must be one of one, two'],
  [{ ...good, name: 5 }, 'name', 'must be string'],
  [{ ...good, name: '' }, 'name', 'is empty'],
  [{ ...good, name: 'Anabel' }, 'name', 'is longer than 5 characters'],
  [{ ...good, note: 5 }, 'note', 'must be string or null'],
  [{ ...good, note: 'long' }, 'note', 'is longer than 3 characters'],
  [{ ...good, inner: {} }, 'inner.deep', 'is missing'],
  [{ ...good, inner: { deep: 0 } }, 'inner.deep', 'is below 1'],
  [{ ...good, inner: { deep: 10 } }, 'inner.deep', 'is above 9'],
  [{ ...good, inner: { deep: 1, x: 1 } }, 'inner.x', 'is not known here; known: deep'],
  [{ ...good, map: { a: 5 } }, 'map.a', 'must be string'],
  [{ ...good, map: { 'a/b~c': 5 } }, 'map.a/b~c', 'must be string'],
  [{ ...good, map: { a: '', b: '', c: '' } }, 'map', 'has more than 2 keys'],
  [{ ...good, nmae: 1 }, 'nmae', 'is not known here; known: kind, name, note, inner, map'],
  [[], 'body', 'must be object'],
  [null, 'body', 'must be object'],
])('%j is refused: %s %s', (value, param, message) => {
  const error = refusalOf(() => parse(value))
  expect(error.definition.code).toBe('field_invalid')
  expect(error.issues).toContainEqual({ param, message })
  expect(error.param).toBe(error.issues[0]?.param)
  expect(error.message).toContain(`${param}: ${message}`)
})

test('every field that breaks a rule is named, up to a bound', () => {
  const error = refusalOf(() => parse({ kind: 1, name: 2, more: 3 }))
  expect(error.issues.map(({ param }) => param).sort()).toEqual(['kind', 'more', 'name'])
  for (const length of [1, 7, 8, 9, 500]) {
    const strangers = Object.fromEntries(Array.from({ length }, (_, at) => [`x${at}`, 1]))
    const { issues, param } = refusalOf(() => parse({ ...good, ...strangers }))
    expect(param).toBe('x0')
    expect(issues.length).toBe(Math.min(length, 8))
  }
})

test('a long name is cut where it is named', () => {
  const error = refusalOf(() => parse({ ...good, ['k'.repeat(10_000)]: 1 }))
  expect(error.param).toBe('k'.repeat(200))
  expect(error.message.length).toBeLessThan(500)
})

test('a body that is left out is missing, not of a wrong type', () => {
  const error = refusalOf(() => parse(undefined))
  expect([error.definition.code, error.param]).toEqual(['body_missing', 'body'])
})

const parseQuery = compileQueryParser(
  Type.Object(
    {
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      after: Type.Optional(Type.String({ maxLength: 5 })),
    },
    closed,
  ),
)

test('text becomes a whole number only where one is wanted', () => {
  expect(parseQuery({ limit: '20', after: '20' })).toEqual({ limit: 20, after: '20' })
  expect(parseQuery({ limit: '007' })).toEqual({ limit: 7 })
  expect(parseQuery({})).toEqual({})
})

test.each([
  [{ limit: '1.0' }, 'limit'],
  [{ limit: '+1' }, 'limit'],
  [{ limit: ' 1' }, 'limit'],
  [{ limit: '1e2' }, 'limit'],
  [{ limit: '' }, 'limit'],
  [{ limit: '0' }, 'limit'],
  [{ limit: '9'.repeat(30) }, 'limit'],
  [{ limit: ['1', '2'] }, 'limit'],
  [{ after: ['a', 'b'] }, 'after'],
  [{ after: 'abcdef' }, 'after'],
  [{ other: '1' }, 'other'],
  [{ constructor: '1' }, 'constructor'],
  [JSON.parse('{"__proto__":"1"}'), '__proto__'],
])('the query %j is refused by name', (query, param) => {
  const error = refusalOf(() => parseQuery(query))
  expect([error.definition.code, error.param]).toEqual(['query_invalid', param])
})

describe('an object in a query', () => {
  const parseMembers = compileQueryParser(
    Type.Object(
      {
        plan: Type.Optional(Type.String()),
        metadata: Type.Optional(
          Type.Record(Type.String(), Type.String({ maxLength: 3 }), { maxProperties: 2 }),
        ),
      },
      closed,
    ),
  )

  test('comes member by member, whatever they are called', () => {
    const query = { 'metadata[a]': '1', 'metadata[b]c[d]]': '2', plan: '3' }
    expect(parseMembers(query)).toEqual({ metadata: { a: '1', 'b]c[d]': '2' }, plan: '3' })
    const own = parseMembers({ 'metadata[__proto__]': 'x' })['metadata']
    expect(Object.entries(Object(own))).toEqual([['__proto__', 'x']])
  })

  test.each([
    [{ metadata: 'a' }, 'metadata'],
    [{ metadata: 'a', 'metadata[a]': '1' }, 'metadata'],
    [{ 'metadata[a]': ['1', '2'] }, 'metadata.a'],
    [{ 'metadata[a]': 'long' }, 'metadata.a'],
    [{ 'metadata[a]': '1', 'metadata[b]': '2', 'metadata[c]': '3' }, 'metadata'],
    [{ 'plan[a]': '1' }, 'plan[a]'],
    [{ '__proto__[a]': '1' }, '__proto__[a]'],
  ])('%j is refused: %s', (query, param) => {
    const error = refusalOf(() => parseMembers(query))
    expect([error.definition.code, error.issues[0]?.param]).toEqual(['query_invalid', param])
  })
})

test('an operation without parameters takes none', () => {
  const parseNone = compileQueryParser()
  expect(parseNone({})).toEqual({})
  expect(refusalOf(() => parseNone({ a: '1' })).param).toBe('a')
})

test('an operation without a body takes nothing or an empty object', () => {
  expect(refuseBody(undefined)).toBeUndefined()
  expect(refuseBody({})).toBeUndefined()
  for (const value of [{ a: 1 }, [1], 'x', 0, null, false]) {
    expect(refusalOf(() => refuseBody(value)).definition.code).toBe('body_unexpected')
  }
})
