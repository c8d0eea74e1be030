// Owns the proof of how a schema reads in the reference.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { surfaces } from '../surfaces/surfaces.ts'
import { toJsonSchema } from './json-schema.ts'
import { exampleOf, fieldsOf } from './outline-fields.ts'

const closed = { additionalProperties: false }

test('each field has its type, its rule in words, and whether it is required', () => {
  const schema = Type.Object({
    name: Type.String({ minLength: 1, maxLength: 200, description: 'A name' }),
    code: Type.String({ minLength: 2, maxLength: 2 }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 9, default: 5 })),
    email: Type.Optional(Type.Union([Type.String({ description: 'Mail' }), Type.Null()])),
    tags: Type.Record(Type.String(), Type.String({ maxLength: 5 }), { maxProperties: 3 }),
    parts: Type.Array(Type.Object({}, { title: 'Part' })),
    state: Type.Enum(['on', 'off']),
    told: Type.Enum(['on', 'off'], { description: '`on` or `off`' }),
  })
  const rows = fieldsOf(toJsonSchema(schema)).map((field) => Object.values(field))
  expect(rows).toEqual([
    ['name', 'string', true, '1 to 200 characters', 'A name'],
    ['code', 'string', true, 'exactly 2 characters', ''],
    ['limit', 'integer', false, '1 to 9; default `5`', ''],
    ['email', 'string or null', false, '', 'Mail'],
    ['tags', 'map of string', true, 'at most 3 keys; values: at most 5 characters', ''],
    ['parts', 'array of Part', true, '', ''],
    ['state', 'string', true, '`on`, `off`', ''],
    ['told', 'string', true, '', '`on` or `off`'],
  ])
})

test('an object inside is followed by its members, unless it has a name of its own', () => {
  const inside = Type.Object({ code: Type.String() })
  const schema = Type.Object({ error: inside, owner: Type.Object({ id: Type.String() }, named) })
  expect(fieldsOf(toJsonSchema(schema)).map(({ name, type }) => `${name}: ${type}`)).toEqual([
    'error: object',
    'error.code: string',
    'owner: Owner',
  ])
})
const named = { title: 'Owner' }

test('an example leaves out what is optional and has none, and is null where it may be', () => {
  const schema = Type.Object({
    given: Type.Optional(Type.String({ examples: ['a'] })),
    left: Type.Optional(Type.String()),
    nullable: Type.Union([Type.String(), Type.Null()]),
    state: Type.Enum(['on', 'off']),
    list: Type.Array(Type.Integer({ examples: [7] })),
  })
  const example = { given: 'a', nullable: null, state: 'on', list: [7] }
  expect(exampleOf(toJsonSchema(schema))).toEqual(example)
})

describe.each(surfaces)('the examples of $name', ({ operations }) => {
  test.each(operations)('$id: its schemas take them', ({ body, returns }) => {
    for (const schema of [...(body ? [body] : []), returns.schema]) {
      const example = exampleOf(toJsonSchema(schema))
      expect(Compile(schema).Errors(example)).toEqual([])
    }
  })
})

test('a schema that refuses its example is noticed', () => {
  const schema = Type.Object({ code: Type.String({ maxLength: 1, examples: ['ab'] }) }, closed)
  expect(Compile(schema).Check(exampleOf(toJsonSchema(schema)))).toBe(false)
})
