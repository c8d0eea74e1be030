// Owns the proof of the types that are printed from schemas.
import Type, { type TSchema } from 'typebox'
import { expect, test } from 'vitest'
import { printType } from '../../scripts/typescript.ts'
import { toJsonSchema } from '../../server/src/http/json-schema.ts'

test.each<[TSchema, string]>([
  [Type.String(), 'string'],
  [Type.Integer(), 'number'],
  [Type.Boolean(), 'boolean'],
  [Type.Union([Type.String(), Type.Null()]), 'string | null'],
  [Type.Enum(['a', "it's"]), "'a' | 'it\\'s'"],
  [Type.Literal(3), '3'],
  [Type.Array(Type.Union([Type.String(), Type.Null()])), 'Array<string | null>'],
  [Type.Record(Type.String(), Type.Integer()), 'Record<string, number>'],
  [Type.Object({ id: Type.String() }, { title: 'Customer' }), 'Customer'],
  [
    Type.Object({ 'a-b': Type.String(), c: Type.Optional(Type.Null()) }),
    "{ 'a-b': string; c?: null }",
  ],
  [Type.Object({}), 'Record<string, never>'],
  [Type.Unknown(), 'unknown'],
])('%j is printed as %s', (schema, printed) => {
  expect(printType(toJsonSchema(schema))).toBe(printed)
})
