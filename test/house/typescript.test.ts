// Owns the proof of the types that are printed from schemas.
import Type, { type TSchema } from 'typebox'
import { expect, test } from 'vitest'
import { printEventTypes, printSurfaceTypes, printType } from '../../scripts/typescript.ts'
import { toJsonSchema } from '../../server/src/http/json-schema.ts'
import { platformSurface } from '../../server/src/surfaces/platform/surface.ts'

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

test('events are a union, each with its sentence', () => {
  const printed = printEventTypes({ 'customer.made': 'It was made.', 'customer.lost': 'Lost.' })
  expect(printed).toContain(
    [
      'export type EventType =',
      '  /** It was made. */',
      "  | 'customer.made'",
      '  /** Lost. */',
      "  | 'customer.lost'",
      '',
    ].join('\n'),
  )
})

test('a refusal whose code is a free text has the codes of all operations', () => {
  const printed = printSurfaceTypes(platformSurface)
  const [, codes = ''] = printed.split('export type PlatformErrorCode =\n')
  for (const code of ['version_stale', 'app_forbidden', 'operator_name_malformed', 'key_missing']) {
    expect(codes).toContain(`  | '${code}'\n`)
  }
  expect(printed).toContain('export interface Problem {')
})

test("a schema cannot have the name of one of TypeScript's own types", () => {
  const [operation] = platformSurface.operations
  if (!operation) throw new Error('the surface has operations')
  const schema = Type.Object({ id: Type.String() }, { title: 'Record' })
  const named = { ...operation, returns: { ...operation.returns, schema } }
  const surface = { ...platformSurface, operations: [named] }
  expect(() => printSurfaceTypes(surface)).toThrow(/Record would hide/)
})
